"""Words that two speakers of a thread use as a title: "i saw midway" – "like Midway?".

Each place alone leaves a doubt; together they show that the thread speaks of the title.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from builder.linking.review.decisions import without_year
from builder.records import Mention
from builder.titles import without_article

_NAMED_OPEN = frozenset({"lower case", "low score"})
_OPEN = _NAMED_OPEN | {"common word"}


def repeated_titles(mentions: Sequence[Mention], author_by_turn: Mapping[str, str]) -> set[str]:
    """Return the keys of open mentions that another author names as well.

    One of the mentions must be in a place for titles: linked, or left open only for its spelling.

    Args:
        mentions: Those of a thread.
        author_by_turn: Author of each turn, by turn id.
    """
    authors: dict[str, set[str]] = defaultdict(set)
    named: set[str] = set()
    is_open: set[str] = set()
    for mention in mentions:
        key = without_article(without_year(mention.surface))
        if mention.item_id is not None or mention.abstained in _OPEN:
            authors[key].add(author_by_turn[mention.turn_id])
        if mention.item_id is not None or mention.abstained in _NAMED_OPEN:
            named.add(key)
        if mention.abstained in _OPEN:
            is_open.add(key)
    return {key for key in named & is_open if len(authors[key]) > 1}
