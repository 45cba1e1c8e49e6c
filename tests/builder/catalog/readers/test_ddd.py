from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from builder.catalog.readers.ddd import read_ddd
from builder.errors import InputError
from builder.sources import Reject
from builder.taxonomy.official import Vocabulary
from tests.factories import make_catalog_source

Rejected = list[tuple[str, str, str]]
VOCABULARY = Vocabulary.load(Path("data/taxonomy"))
ITEM = {
    "id": 15713,
    "name": "John Wick",
    "imdbId": "tt2911666",
    "tmdbId": 245891,
    "releaseYear": "2014",
    "itemType": {"id": 15, "name": "Movie"},
}


def stats(question: str, yes: Any, no: Any) -> dict[str, Any]:
    return {"yesSum": yes, "noSum": no, "topic": {"id": 153, "doesName": question}}


@pytest.mark.parametrize("name", ["one.json", "list.json", "lines.jsonl"])
def test_votes_become_statements(
    tmp_path: Path, reject: Reject, rejected: Rejected, name: str
) -> None:
    answer = {
        "item": ITEM,
        "topicItemStats": [
            stats("Does the dog die", 1336, 118),
            stats("Are there clowns", 2, 40),
            stats("Does a cat die", 3, 3),
        ],
    }
    text = json.dumps([answer] if name == "list.json" else answer)
    (tmp_path / name).write_text(text + "\n")
    [draft] = read_ddd(tmp_path / name, make_catalog_source(), VOCABULARY, reject)
    assert draft.ids == ("imdb:tt2911666", "tmdb:245891")
    assert (draft.title, draft.year, draft.kind) == ("John Wick", 2014, "film")
    assert [(e.subject, e.value, e.votes) for e in draft.evidence] == [
        ("does-the-dog-die", 1.0, (1336, 118)),
        ("are-there-clowns", 0.0, (2, 40)),
        ("does-a-cat-die", 1.0, (3, 3)),
    ]
    assert rejected == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (stats("Does the dog die", -1, 4), "bad votes"),
        (stats("Does the dog die", None, 4), "bad votes"),
        (stats("Does the dog die", "12", 4), "bad votes"),
        ({"topic": {"doesName": "Does the dog die"}}, "bad votes"),
        (stats("Does the dog die", 0, 0), "no votes"),
        (stats("Does the moon explode", 1, 0), "unknown topic"),
        ({"yesSum": 1, "noSum": 2}, "unknown topic"),
        ("text", "unknown topic"),
        (stats("does the CAT die?", 1, 0), "unknown topic"),
    ],
    ids=str,
)
def test_a_bad_topic_is_rejected_and_the_film_stays(
    tmp_path: Path, reject: Reject, rejected: Rejected, row: Any, reason: str
) -> None:
    answer = {"item": ITEM, "topicItemStats": [row, stats("Does a horse die", 1, 9)]}
    (tmp_path / "a.jsonl").write_text(json.dumps(answer) + "\n")
    [draft] = read_ddd(tmp_path / "a.jsonl", make_catalog_source(), VOCABULARY, reject)
    assert [e.subject for e in draft.evidence] == ["does-a-horse-die"]
    assert [(place, why) for place, why, _ in rejected] == [(f"{tmp_path}/a.jsonl:1", reason)]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"imdbId": "2911666"}, ("imdb:tt2911666", "tmdb:245891")),
        ({"imdbId": None}, ("tmdb:245891",)),
        ({"imdbId": "", "tmdbId": 0}, ()),
    ],
    ids=str,
)
def test_ids_with_and_without_tt_are_one(
    tmp_path: Path, reject: Reject, item: dict[str, Any], expected: tuple[str, ...]
) -> None:
    answer = {"item": {**ITEM, **item}, "topicItemStats": []}
    (tmp_path / "a.json").write_text(json.dumps(answer))
    [draft] = read_ddd(tmp_path / "a.json", make_catalog_source(), VOCABULARY, reject)
    assert draft.ids == expected


def test_books_and_what_is_no_answer_are_rejected(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    book = {"item": {**ITEM, "itemType": {"name": "Book"}}, "topicItemStats": []}
    odd = {"item": {**ITEM, "itemType": {"name": ["Movie"]}}, "topicItemStats": []}
    lines = [json.dumps(book), json.dumps(odd), '{"items": []}', '{"cut off']
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    assert list(read_ddd(tmp_path / "a.jsonl", make_catalog_source(), VOCABULARY, reject)) == []
    assert [reason for _, reason, _ in rejected] == [
        "not a film, series or game",
        "not a film, series or game",
        "not an answer",
        "not JSON",
    ]


def test_a_document_of_other_things_ends_the_run(tmp_path: Path, reject: Reject) -> None:
    (tmp_path / "a.json").write_text("[1]")
    with pytest.raises(InputError, match=r"a.json: answer 1 is not an object"):
        list(read_ddd(tmp_path / "a.json", make_catalog_source(), VOCABULARY, reject))


def test_every_topic_of_the_vocabulary_is_a_warning() -> None:
    questions = {warning.question for warning in VOCABULARY.taxonomy.warnings.values()}
    assert len(questions) == 137  # the 136 of the vocabulary and the horse, which a trait names
    assert "Does a horse die" in questions
