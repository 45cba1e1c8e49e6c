from __future__ import annotations

from pathlib import Path

import pytest

from builder.catalog.readers.esrb import read_esrb
from builder.sources import Reject
from builder.taxonomy.official import Vocabulary
from tests.factories import make_catalog_source

Rejected = list[tuple[str, str, str]]
VOCABULARY = Vocabulary.load(Path("data/taxonomy"))
HEADER = "title,console,blood,mild_blood,strong_janguage,esrb_rating\n"


def test_flags_become_descriptors_and_severities(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    path = tmp_path / "games.csv"
    path.write_text(HEADER + "Dark Game,1,1,1,1,M\nKind Game,0,0,0,0,ET\n")
    dark, kind = read_esrb(path, make_catalog_source(), VOCABULARY, reject)
    assert (dark.title, dark.domain, dark.rating, dark.ids) == ("Dark Game", "game", "M", ())
    assert dark.texts[0].text == "Blood, Mild Blood, Strong Language"
    assert {(e.kind, e.subject, e.value, e.span) for e in dark.evidence} == {
        ("severity", "violence_gore", 2.0, "Blood"),
        ("severity", "profanity", 3.0, "Strong Language"),
        ("statement", "is-there-blood-gore", 1.0, "Blood"),
    }
    assert kind.rating == "E10+"
    assert {(e.kind, e.value) for e in kind.evidence} == {("ceiling", 1.0)}
    assert rejected == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Odd Game,1,0,0,0,X", "unknown rating"),
        ("Odd Game,1,yes,0,0,T", "bad flag"),
        ("Odd Game,1,-1,0,0,T", "bad flag"),
        ("Odd Game,1,0,0,0", "wrong number of cells"),
    ],
    ids=str,
)
def test_a_bad_game_is_rejected(
    tmp_path: Path, reject: Reject, rejected: Rejected, row: str, reason: str
) -> None:
    path = tmp_path / "games.csv"
    path.write_text(f"{HEADER}{row}\n")
    assert list(read_esrb(path, make_catalog_source(), VOCABULARY, reject)) == []
    assert [(place, why) for place, why, _ in rejected] == [(f"{path}:2", reason)]


def test_a_column_without_a_descriptor_is_rejected_once(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    path = tmp_path / "games.csv"
    path.write_text("title,clowns,esrb_rating\nOne,1,T\nTwo,1,T\n")
    assert len(list(read_esrb(path, make_catalog_source(), VOCABULARY, reject))) == 2
    assert rejected == [(f"{path}:1", "unknown descriptor", "column 'clowns' is not in esrb.yaml")]
