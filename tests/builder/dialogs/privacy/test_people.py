"""The test set of people.yaml: what is masked of each kind, and what must stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from builder.dialogs.privacy.known_titles import KnownTitles
from builder.dialogs.privacy.people import find_people

SNIPPETS = yaml.safe_load(Path(__file__).with_name("people.yaml").read_text(encoding="utf-8"))
CATALOG = [
    json.loads(line)
    for file in ("films", "games")
    for line in Path(f"data/sample/catalog/{file}.jsonl").read_text(encoding="utf-8").splitlines()
]
TITLES = KnownTitles(name for row in CATALOG for name in (row["title"], *row.get("aliases", ())))
MIN_RECALL = {"USER": 0.98, "EMAIL": 0.98, "PHONE": 0.98, "ADDRESS": 0.98, "NAME": 0.95}
"""Of names the set holds some that no rule finds."""
MAX_TITLES_MASKED = 0.01


def masked(text: str) -> set[int]:
    return {at for f in find_people(text, TITLES) for at in range(f.start, f.end)}


def missed(kind: str) -> list[str]:
    found = []
    for text, people in SNIPPETS[kind]:
        for who in people:
            start = text.index(who)
            if not set(range(start, start + len(who))) <= masked(text):
                found.append(f"{who!r} in {text!r}")
    return found


def test_the_test_set_is_large_and_says_where_people_stand() -> None:
    assert sum(map(len, SNIPPETS.values())) >= 200
    assert all(who in text for rows in SNIPPETS.values() for text, people in rows for who in people)


@pytest.mark.parametrize("kind", list(MIN_RECALL))
def test_people_are_found(kind: str) -> None:
    n_people = sum(len(people) for _, people in SNIPPETS[kind])
    lost = missed(kind)
    assert len(lost) <= (1 - MIN_RECALL[kind]) * n_people, lost


def test_what_names_nobody_stays() -> None:
    lost = [text for text, _ in SNIPPETS["none"] if masked(text)]
    assert lost == []


def test_titles_of_the_catalogue_stay() -> None:
    sentences = ("Anything like {}?", "{} ({})", "I liked {} a lot")
    said = [s.format(row["title"], row["year"]) for row in CATALOG for s in sentences]
    lost = [text for text in said if masked(text)]
    assert len(lost) <= MAX_TITLES_MASKED * len(said), lost


def test_a_title_of_the_catalogue_is_no_address_and_no_name() -> None:
    titles = KnownTitles(["10 Cloverfield Lane", "John Carter", "Erin"])
    said = "10 Cloverfield Lane! I'm John Carter. My name is Erin."
    assert [said[f.start : f.end] for f in find_people(said, titles)] == ["Erin"]
    found = [said[f.start : f.end] for f in find_people(said, KnownTitles())]
    assert found == ["10 Cloverfield Lane", "John Carter", "Erin"]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("I loved 10 Cloverfield Lane.", []),
        ("Watch 21 Jump Street. It is fun.", []),
        ("21 Jump Street, 22 Jump Street.", []),
        ("10 Cloverfield Lane, Room 237 and Heat", []),
        ("10 Cloverfield Lane, No Country for Old Men, Heat", []),
        ("I live at 12 Baker Street.", ["12 Baker Street."]),
        ("I live at 10 Cloverfield Lane, Apt 4.", ["10 Cloverfield Lane, Apt 4"]),
        ("I live at 110 Cloverfield Lane.", ["110 Cloverfield Lane."]),
    ],
)
def test_title_before_full_stop(text: str, spans: list[str]) -> None:
    names = ("10 Cloverfield Lane", "21 Jump Street", "22 Jump Street", "Room 237", "Heat")
    titles = KnownTitles([*names, "No Country for Old Men"])
    assert [text[span.start : span.end] for span in find_people(text, titles)] == spans
