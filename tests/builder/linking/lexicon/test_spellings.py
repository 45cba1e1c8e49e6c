from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.linking.lexicon.fuzzy import FuzzyMatch, FuzzyTitles
from builder.linking.lexicon.lexicon import Lexicon, duplicates
from builder.linking.lexicon.spellings import numbered, spellings
from builder.linking.mentions.linker import link_dialog
from builder.records import Mention
from tests.factories import make_item
from tests.support.linking import RULES, dialog_of, listed

TITLES = [
    ("Interstellar", 2014), ("Reservoir Dogs", 1992), ("Avengers: Endgame", 2019),
    ("It Chapter Two", 2019), ("Ford v Ferrari", 2019), ("Toy Story", 1995), ("Toy Story 2", 1999),
    ("Alien", 1979), ("The Dark Knight", 2008), ("Portal", 2007), ("Rocky", 1976),
    ("Rocky II", 1979),
    ("The Lord of the Rings: The Two Towers", 2002),
    ("The Lord of the Rings: The Return of the King", 2003), ("Saw II", 2005), ("Saw III", 2006),
]  # fmt: skip
MORE = [listed(title, year, "film") for title, year in TITLES]
LEXICON = Lexicon(MORE)


def link(text: str, lexicon: Lexicon = LEXICON) -> list[Mention]:
    return link_dialog(dialog_of([("recommender", text)], "movies"), lexicon, RULES)


@pytest.mark.parametrize(
    ("text", "surface", "title"),
    [
        ("Try Interstelar tonight", "Interstelar", "Interstellar:2014"),
        ('I like "resevoir dogs" a lot', "resevoir dogs", "Reservoir Dogs:1992"),
        ("I liked Avengers End Game", "Avengers End Game", "Avengers: Endgame:2019"),
        ("I'd say It Chapter 2 then", "It Chapter 2", "It Chapter Two:2019"),
        ("How about Ford vs Ferrari?", "Ford vs Ferrari", "Ford v Ferrari:2019"),
        ("I'd watch TDK again", "TDK", "The Dark Knight:2008"),
        ("TDK (2008) is long", "TDK (2008)", "The Dark Knight:2008"),
        ("Resevoir Dogs (1992) is loud", "Resevoir Dogs (1992)", "Reservoir Dogs:1992"),
        ("the first Alien is best", "Alien", "Alien:1979"),
        ("the second Toy Story, please", "Toy Story", "Toy Story 2:1999"),
        ("I mean the second Rocky", "Rocky", "Rocky II:1979"),
    ],
)  # fmt: skip
def test_other_spellings_are_linked(text: str, surface: str, title: str) -> None:
    assert [(m.surface, m.item_id) for m in link(text)] == [(surface, f"film:{title}")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Anything like LOTR?", "LOTR: series"),
        ("I mean the third Rocky", "Rocky: another version"),
        ("the second Alien was loud", "Alien: another version"),
    ],
)
def test_what_means_no_one_item_is_an_abstention(text: str, reason: str) -> None:
    assert [f"{m.surface}: {m.abstained}" for m in link(text)] == [reason]


def test_a_series_names_its_parts() -> None:
    [mention] = link("Anything like LOTR?")
    assert [c.rpartition(":")[2] for c in mention.candidates] == ["2003", "2002"]


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("interstelar", FuzzyMatch("interstellar", 22 / 23)),
        ("the dark night", FuzzyMatch("the dark knight", 20 / 21)),
        ("toystory", FuzzyMatch("toy story", 0.99)),
        ("portals", None),
        ("toy story 3", None),
        ("alein", None),
        ("nothing like it", None),
    ],
    ids=["letter", "article", "space", "plural", "number", "short", "far"],
)
def test_the_title_nearest_to_a_misspelled_one(words: str, near: FuzzyMatch | None) -> None:
    found = FuzzyTitles(["interstellar", "the dark knight", "toy story", "portal", "alien"]).near(
        words
    )
    assert (found and found.key) == (near and near.key)
    assert found is None or near is None or found.similarity == pytest.approx(near.similarity)


def test_numbers_and_versus_have_other_spellings() -> None:
    assert list(spellings("rocky ii")) == ["rocky 2", "rocky two"]
    assert list(spellings("ford v ferrari")) == ["ford vs ferrari", "ford versus ferrari"]
    assert list(spellings("three kings")) == []
    assert list(numbered("rocky", 1)) == ["rocky"]
    assert "rocky part 2" in numbered("rocky", 2)


def test_doubles_are_told_and_change_no_link() -> None:
    twice = [*MORE, MORE[0], replace(MORE[1], item_id="film:other")]
    assert list(duplicates(twice)) == [
        ("film:Interstellar:2014", "stands in the catalogue twice"),
        ("film:other", "Reservoir Dogs (1992) is film:Reservoir Dogs:1992 as well"),
    ]
    assert link("Try Interstellar", Lexicon(twice)) == link("Try Interstellar")
    [mention] = link("Try Reservoir Dogs (1992)", Lexicon(twice))
    assert (mention.item_id, mention.abstained) == (None, "ambiguous year")


TEXTS = st.lists(
    st.sampled_from(
        [*(t for t, _ in TITLES), "Interstelar", "LOTR", "and", ",", "second", "(1995)"]
    ),
    max_size=8,
).map(" ".join)


@given(TEXTS, st.sampled_from(["Zyzzyx Quorl", "Vlkodlak", "Mnemosyne Brux 9"]))
def test_an_unrelated_title_changes_no_other_link(text: str, unrelated: str) -> None:
    wider = Lexicon([*MORE, listed(unrelated, 2001, "film")])
    assert link(text, wider) == link(text)


@given(TEXTS)
def test_surfaces_are_slices_of_the_text(text: str) -> None:
    dialog = dialog_of([("recommender", text)], "movies")
    for mention in link_dialog(dialog, LEXICON, RULES):
        assert dialog.turns[0].text[mention.start : mention.end] == mention.surface


def test_items_without_titles_to_match_are_no_trouble() -> None:
    assert link("Anything?", Lexicon([make_item("x", "!!!", 1999)])) == []
