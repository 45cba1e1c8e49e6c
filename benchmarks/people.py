"""What is masked: recall by kind on the test set, and the share of real titles masked by mistake.

`python benchmarks/people.py DATA` prints one JSON line. The test set is
tests/builder/dialogs/privacy/people.yaml; the titles are those of DATA/movielens-latest-small in
three sentences each, looked at with the catalogue known and without it. The peer is what Presidio
finds with its own patterns for e-mails, telephones (its default regions) and links, without a
language model; it is no dependency of the project: `pip install presidio-analyzer` first.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from builder.catalog.readers.movielens import read_movielens
from builder.dialogs.privacy.known_titles import KnownTitles
from builder.dialogs.privacy.people import find_people
from builder.sources import SourceSpec
from builder.statistics.intervals import wilson

SET = Path("tests/builder/dialogs/privacy/people.yaml")
SENTENCES = ("Anything like {}?", "{} ({})", "I liked {} a lot")

Finder = Callable[[str], list[tuple[int, int]]]


def recall(snippets: dict[str, list[Any]], find: Finder) -> dict[str, Any]:
    """Return found, wanted and Wilson's 95% interval by kind, and what was masked for nothing."""
    figures: dict[str, Any] = {}
    for kind, rows in snippets.items():
        hidden = [{at for start, end in find(text) for at in range(start, end)} for text, _ in rows]
        if kind == "none":
            figures["none_masked"] = [sum(map(bool, hidden)), len(rows)]
            continue
        found = [
            set(range(text.index(who), text.index(who) + len(who))) <= masked
            for (text, people), masked in zip(rows, hidden, strict=True)
            for who in people
        ]
        share = wilson(sum(found), len(found))
        limits = [round(share.low, 3), round(share.high, 3)] if share else None
        figures[kind] = {"found": sum(found), "of": len(found), "interval": limits}
    return figures


def masked_titles(titles: list[tuple[str, int | None]], find: Finder) -> dict[str, Any]:
    """Return in how many of the titles something was masked in any sentence."""
    hit = [
        title
        for title, year in titles
        if any(find(sentence.format(title, year)) for sentence in SENTENCES)
    ]
    share = round(len(hit) / len(titles), 5)
    return {"masked": len(hit), "of": len(titles), "share": share, "some": hit[:8]}


def presidio() -> Finder:
    """Return Presidio's recognisers of e-mails, telephones and links as they come."""
    from presidio_analyzer.predefined_recognizers import (
        EmailRecognizer,
        PhoneRecognizer,
        UrlRecognizer,
    )

    asked: list[tuple[Any, str]] = [
        (EmailRecognizer(), "EMAIL_ADDRESS"),
        (PhoneRecognizer(), "PHONE_NUMBER"),
        (UrlRecognizer(), "URL"),
    ]

    def find(text: str) -> list[tuple[int, int]]:
        return [
            (one.start, one.end)
            for recognizer, kind in asked
            for one in recognizer.analyze(text, [kind], None)
        ]

    return find


def ours(titles: KnownTitles) -> Finder:
    """Return our own, which knows these titles."""
    return lambda text: [(one.start, one.end) for one in find_people(text, titles)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    folder = parser.parse_args().data / "movielens-latest-small"
    spec = SourceSpec.model_validate(
        {"name": "b", "reader": "movielens", "path": "-", "licence": "-", "retrieved": "2026-11-21"}
    )
    drafts = list(read_movielens(folder, spec, lambda *told: None))
    titles = [(draft.title or "", draft.year) for draft in drafts]
    known = KnownTitles(n for draft in drafts for n in (draft.title or "", *draft.aliases))
    snippets = yaml.safe_load(SET.read_text(encoding="utf-8"))
    started = time.perf_counter()
    figures = {"titles_known": masked_titles(titles, ours(known))}
    seconds = time.perf_counter() - started
    figures |= {"titles_unknown": masked_titles(titles, ours(KnownTitles()))}
    peer = presidio()
    told = {
        "snippets": sum(map(len, snippets.values())),
        "ours": recall(snippets, ours(known)) | figures,
        "presidio": recall(snippets, peer) | {"titles": masked_titles(titles, peer)},
        "texts_per_second": round(len(SENTENCES) * len(titles) / seconds),
        "machine": platform.machine(),
    }
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
