from __future__ import annotations

import pytest

from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.mentions.linker import link_dialog
from tests.factories import make_item
from tests.support.linking import RULES, Say, dialog_of


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("It's a thriller called Heat and it is long", ["Heat"]),
        ("Carrie is a really great film", ["Carrie"]),
        ("My neighbour Carrie is a film buff", []),
        ("Brave is one of the best animated movies", ["Brave"]),
        ("It was a good movie", []),
        ("I saw her yesterday", []),
        ("I wanted something similar to Zodiac or Moon", ["Zodiac", "Moon"]),
    ],
)
def test_what_is_said_around_ordinary_words_makes_them_titles(
    say: Say, text: str, titles: list[str]
) -> None:
    assert [m.surface for m in say(text) if m.item_id] == titles


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("We saw Toy Story The Musical", "longer title"),
        ("Inception of Evil is older", "longer title"),
        ("Dwayne 'The Rock' Johnson is fun", "longer title"),
        ('The new version of "Carrie" is out', "another version"),
    ],
)
def test_a_part_of_another_title_stays_open(say: Say, text: str, reason: str) -> None:
    assert [m.abstained for m in say(text)] == [reason]


def test_everyday_phrases_are_no_titles() -> None:
    films = [make_item(t, t, 1990) for t in ("Good Morning", "Kill", "Ok")]
    lexicon = Lexicon(films)
    for text in ("Good Morning", "good morning", "Have you seen Kill Bill yet?"):
        found = link_dialog(dialog_of([("seeker", text)], ""), lexicon, RULES)
        assert [m.item_id for m in found if m.item_id] == []


def test_a_title_that_the_thread_has_named_needs_no_capitals(lexicon: Lexicon) -> None:
    turns = [("recommender", "Pulp Fiction (1994)"), ("seeker", "well, my dad has pulp fiction")]
    found = link_dialog(dialog_of(turns, ""), lexicon, RULES)  # type: ignore[arg-type]
    assert [m.surface for m in found if m.item_id] == ["Pulp Fiction (1994)", "pulp fiction"]


@pytest.mark.parametrize(
    "text",
    ["the Emperors New Groove", "I accept the Emperors New Grove", "“The Emperor's New Groove”"],
)
def test_one_title_is_one_mention(text: str) -> None:
    lexicon = Lexicon([make_item("e", "The Emperor's New Groove")])
    found = link_dialog(dialog_of([("seeker", text)], ""), lexicon, RULES)
    assert [m.item_id for m in found] == ["e"]


def test_a_misspelled_title_beats_its_own_beginning() -> None:
    title = "Eternal Sunshine of the Spotless Mind"
    aliases = ("Eternal Sunshine",)
    lexicon = Lexicon([make_item("e", title, 2004, aliases=aliases)])
    text = "Eternal Sunshine of the Spotles Mind, please"
    [found] = link_dialog(dialog_of([("recommender", text)], ""), lexicon, RULES)
    assert (found.surface, found.item_id) == ("Eternal Sunshine of the Spotles Mind", "e")
