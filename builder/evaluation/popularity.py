"""The baseline that listens to nobody: what train recommends most often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from builder.records import Domain
from builder.titles import TitleYear


def popular_titles(
    truths: Iterable[Sequence[TitleYear]], domain_of: Mapping[TitleYear, Domain], n_titles: int
) -> dict[Domain, tuple[TitleYear, ...]]:
    """Return each domain's most recommended titles, ties in alphabetical order.

    Args:
        truths: The ground truth of the train rows; a title the catalogue lacks is not counted.
        domain_of: Of the catalogue's titles.
        n_titles: How many a list holds.
    """
    counts: dict[Domain, Counter[TitleYear]] = defaultdict(Counter)
    for truth in truths:
        for title in truth:
            if title in domain_of:
                counts[domain_of[title]][title] += 1
    return {
        domain: tuple(sorted(found, key=lambda title: (-found[title], str(title)))[:n_titles])
        for domain, found in counts.items()
    }
