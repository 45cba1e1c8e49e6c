"""Joining titles with years to a catalogue: our rules, equal strings, and the first id of a title.

`python benchmarks/title_joins.py --data FOLDER`. Prints one JSON line. FOLDER holds
movielens-latest-small/ (the catalogue) and reddit/title_to_imdb.json (titles that people named,
with IMDb ids; the rules were chosen on these). A title whose film is not in the catalogue must join
nothing.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from builder.catalog.draft import Draft
from builder.catalog.merging.title_book import TitleBook
from builder.catalog.readers.movielens import read_movielens
from builder.sources import SourceSpec
from builder.statistics.bootstrap import GroupBootstrap
from builder.statistics.intervals import Interval
from builder.titles import parse_title

SPEC = SourceSpec(name="data", reader="", path="", licence="none", retrieved="2026-11-21")
DRAWS, SEED = 2000, 2026
Wanted = tuple[Draft, str | None]
"""A row without ids, and the IMDb id it means, None where the catalogue does not have it."""
Join = Callable[[Draft], tuple[str, str | None]]
"""Returns how a row was decided, and the id it was joined to."""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    films = list(read_movielens(data / "movielens-latest-small", SPEC, _ignore))
    rows = list(named(data, films))
    joins = {
        "ours": by_rules(films),
        "equal_strings": by_strings(films),
        "first_id": first_id(films),
    }
    found = {how: figures(rows, join) for how, join in joins.items()}
    sizes = {"films": len(films), "titles": len(rows)}
    print(json.dumps({**sizes, **found, "draws": DRAWS, "seed": SEED}))


def named(data: Path, films: list[Draft]) -> Iterator[Wanted]:
    """Yield titles that people named."""
    known = {film.ids[0] for film in films}
    titles = json.loads((data / "reddit/title_to_imdb.json").read_text(encoding="utf-8"))
    for text, imdb in titles.items():
        parsed = parse_title(text)
        yield (
            row(parsed.title, parsed.year),
            f"imdb:{imdb}" if f"imdb:{imdb}" in known else None,
        )


def row(title: str, year: int | None) -> Draft:
    """Return a row that says nothing but its title and year."""
    return Draft(SPEC, "", adds_item=False, domain="film", ids=(), title=title, year=year)


def by_rules(films: list[Draft]) -> Join:
    """Return the join of the pipeline."""
    book = TitleBook()
    for number, film in enumerate(films):
        book.add(number, film)

    def join(wanted: Draft) -> tuple[str, str | None]:
        rule, groups = book.find(wanted, lambda _: True)
        if len(groups) == 1:
            return f"rule {rule + 1}", films[groups[0]].ids[0]
        return ("several" if groups else "none"), None

    return join


def by_strings(films: list[Draft]) -> Join:
    """Return the join of equal titles, case aside, and equal years."""
    ids: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for film in films:
        ids[(film.title or "").casefold(), film.year].append(film.ids[0])

    def join(wanted: Draft) -> tuple[str, str | None]:
        found = ids.get(((wanted.title or "").casefold(), wanted.year), [])
        return ("joined", found[0]) if len(found) == 1 else ("none", None)

    return join


def first_id(films: list[Draft]) -> Join:
    """Return the join of equal titles and years, else the first film of that title."""
    exact = by_strings(films)
    first: dict[str, str] = {}
    for film in films:
        first.setdefault((film.title or "").casefold(), film.ids[0])

    def join(wanted: Draft) -> tuple[str, str | None]:
        found = exact(wanted)[1] or first.get((wanted.title or "").casefold())
        return ("joined", found) if found else ("none", None)

    return join


def figures(rows: list[Wanted], join: Join) -> dict[str, Any]:
    """Return precision and recall with 95% intervals over rows, and right and wrong by rule."""
    decided = [(*join(wanted), meant) for wanted, meant in rows]
    right = np.array([got is not None and got == meant for _, got, meant in decided])
    joined = np.array([got is not None for _, got, _ in decided])
    known = np.array([meant is not None for _, _, meant in decided])
    by_rule: dict[str, Counter[str]] = defaultdict(Counter)
    for (how, _, _), is_right, is_joined in zip(decided, right, joined, strict=True):
        by_rule[how]["right" if is_right else "wrong" if is_joined else "rows"] += 1
    draws = GroupBootstrap(range(len(rows)), n_resamples=DRAWS, level=0.95, seed=SEED)
    return {
        "in_catalogue": int(known.sum()),
        "precision": share(draws.ratio(right, joined)),
        "recall": share(draws.ratio(right, known)),
        "by_rule": {how: dict(by_rule[how]) for how in sorted(by_rule)},
    }


def share(ratio: Interval | None) -> list[float]:
    """Return a share with its limits, nothing of nothing."""
    return [round(v, 4) for v in (ratio.value, ratio.low, ratio.high)] if ratio else []


def _ignore(place: str, reason: str, detail: str) -> None: ...


if __name__ == "__main__":
    main()
