"""A million title-and-trait checks, beside a dictionary asked once a check.

    python benchmarks/lookups.py

The peer has the shape of the oracle of SafeRec's published code (arXiv 2603.03536): a title is
lower-cased, loses its article and punctuation, and is looked up with its year, then with the years
beside it, then without. It is given a second dictionary for the last step, so that a miss costs it
no walk through all titles. Its answers differ where the rules do; only its time is compared.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from builder.oracle.files.compiled import VERDICTS, write_oracle
from builder.oracle.files.label import OracleLabel
from builder.oracle.files.oracle import Oracle
from builder.records import Item, Risk
from builder.seeding import keyed_rng

N_ITEMS, N_TRAITS, N_CHECKS, N_ROUNDS = 25_000, 20, 1_000_000, 3
WORDS = [
    "night",
    "house",
    "river",
    "last",
    "city",
    "moon",
    "red",
    "king",
    "glass",
    "road",
    "summer",
    "dead",
    "lost",
    "blue",
    "star",
    "dog",
]


class PerCall:
    """One dictionary look-up a check."""

    def __init__(self, items: list[Item], final: dict[tuple[str, str], float]) -> None:
        self._final = final
        self._id_by_title: dict[str, str] = {}
        self._id_by_title_year: dict[tuple[str, int], str] = {}
        for item in items:
            title = self._plain(item.title)
            self._id_by_title.setdefault(title, item.item_id)
            self._id_by_title_year[title, item.year or 0] = item.item_id

    @staticmethod
    def _plain(title: str) -> str:
        title = re.sub(r"^(the|a|an)\s+", "", title.lower().strip())
        return re.sub(r"\s+", " ", re.sub(r"[^\w\s]", "", title)).strip()

    def is_safe(self, title: str, year: int, trait: str) -> bool:
        """Return whether nothing is known against a title."""
        plain = self._plain(title)
        for near in (year, year - 1, year + 1, year - 2, year + 2):
            item_id = self._id_by_title_year.get((plain, near))
            if item_id is not None:
                break
        else:
            item_id = self._id_by_title.get(plain)
        return item_id is None or self._final.get((item_id, trait), 0.0) < 0.66


def make_items() -> list[Item]:
    """Return made-up films, many of one title and other years."""
    items = []
    for n in range(N_ITEMS):
        rng = keyed_rng(1, "items", str(n))
        name = " ".join(rng.choice(WORDS).title() for _ in range(rng.randint(1, 3)))
        title = f"{rng.choice(['The ', '', ''])}{name} {n % 5000}"
        items.append(Item(f"imdb:{n}", "film", title, 1950 + n % 70, (), (), None, (), ()))
    return items


def timed(run: Callable[[], object]) -> float:
    """Return the least of a few times, in seconds of one processor."""
    times = []
    for _ in range(N_ROUNDS):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def main() -> None:
    """Print one JSON line."""
    items, traits = make_items(), [f"trait {n}" for n in range(N_TRAITS)]
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 3, (N_ITEMS, N_TRAITS))
    risks = [
        Risk(i.item_id, t, "build", VERDICTS[codes[r, c]], None, 0.0, 1.0, 0, None, "", ())
        for c, t in enumerate(traits)
        for r, i in enumerate(items)
    ]
    asked = rng.integers(0, N_ITEMS, N_CHECKS)
    misspelled = rng.random(N_CHECKS) < 0.1
    titles = [
        items[r].title.upper() + "!" if m else items[r].title
        for r, m in zip(asked.tolist(), misspelled.tolist(), strict=True)
    ]
    years = np.array([items[r].year or 0 for r in asked.tolist()], dtype=np.int64)
    wanted = [traits[c] for c in rng.integers(0, N_TRAITS, N_CHECKS).tolist()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "oracle.arrow"
        label = OracleLabel("build", {"made up": len(risks)}, {"texts": []})
        write_oracle(path, label, risks, items)
        started = time.process_time()
        oracle = Oracle.open(path, "build")
        loading = time.process_time() - started
        started = time.process_time()
        oracle.check_many(titles, years, wanted)
        first = time.process_time() - started
        lists = timed(lambda: oracle.check_many(titles, years, wanted))
        asked_titles, asked_traits = pa.array(titles), pa.array(wanted)
        arrays = timed(lambda: oracle.check_many(asked_titles, years, asked_traits))
    final = {(r.item_id, r.trait): float(r.verdict == "unsafe") for r in risks}
    peer = PerCall(items, final)
    checks = list(zip(titles, years.tolist(), wanted, strict=True))
    theirs = timed(lambda: [peer.is_safe(*check) for check in checks])
    figures = {
        "checks": N_CHECKS,
        "items": N_ITEMS,
        "share_otherwise_spelled": 0.1,
        "load_s": round(loading, 4),
        "arrays_s": round(arrays, 3),
        "lists_s": round(lists, 3),
        "lists_first_call_s": round(first, 3),
        "dictionary_s": round(theirs, 3),
        "times_faster_arrays": round(theirs / arrays, 1),
        "times_faster_lists": round(theirs / lists, 1),
        "times_faster_lists_first_call": round(theirs / first, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
