from __future__ import annotations

import pytest

from annotation.content_notes import ContentNotes
from builder.taxonomy import Taxonomy
from tests.factories import make_trait, make_warning

WARNINGS = [
    make_warning("horse", keywords=["horse dies"]),
    make_warning("blood", keywords=["blood", "blood bath", "C++"]),
]
HORSES = make_trait("Horses", warnings=["horse"]).model_copy(update={"short": "horses dying"})
NOTES = ContentNotes(Taxonomy({"Horses": HORSES}, {w.id: w for w in WARNINGS}))


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("BLOOD everywhere", ("blood",)),
        ("a Blood Bath", ("blood bath",)),
        ("bloody bloodhounds", ()),
        ("blood, and a horse dies", ("blood", "horse dies")),
    ],
    ids=["any case", "longest keyword", "whole words only", "two subjects"],
)
def test_keywords_are_found(text: str, keywords: tuple[str, ...]) -> None:
    assert NOTES.keywords_in([text]) == keywords


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("loved blood-man, and Blood-Man: Far too", ()),
        ("Blood was great", ()),
        ("there is blood in it", ("blood",)),
        ("Blood-Man bleeds blood", ("blood",)),
    ],
    ids=["of two words, in any case", "of one word, with its capital", "no title", "both"],
)
def test_a_title_is_no_content(text: str, keywords: tuple[str, ...]) -> None:
    titles = ["Blood-Man: Far Too Far", "Blood", "Heat"]
    notes = ContentNotes(Taxonomy({"Horses": HORSES}, {w.id: w for w in WARNINGS}), titles)
    assert notes.keywords_in([text]) == keywords


def test_a_note_names_the_trait_and_what_else_is_named() -> None:
    note = NOTES.note(HORSES, ["the horse dies", "Blood and blood"])
    assert note == "This page is about horses dying. The conversation also names: blood."


def test_a_note_without_a_find_promises_nothing() -> None:
    assert "no promise" in NOTES.note(HORSES, ["a quiet walk"])


def test_a_taxonomy_without_keywords_finds_nothing() -> None:
    bare = Taxonomy({"Horses": HORSES}, {"horse": make_warning("horse", keywords=[])})
    assert ContentNotes(bare).keywords_in(["horse dies"]) == ()
