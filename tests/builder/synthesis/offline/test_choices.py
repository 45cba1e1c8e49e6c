import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.synthesis.offline.choices import spell
from tests.support.spellings import pattern_of

WORDS = st.text("abc ,.", min_size=1, max_size=6)


def test_each_choice_is_drawn_by_itself() -> None:
    drawn = {spell("[No|Not] {x}[, please|].", random.Random(n)) for n in range(60)}
    assert drawn == {"No {x}.", "Not {x}.", "No {x}, please.", "Not {x}, please."}


def test_a_list_stands_for_all_its_words() -> None:
    drawn = {spell("in [season]", random.Random(n)) for n in range(60)}
    assert drawn == {"in spring", "in summer", "in autumn", "in winter"}
    assert spell("[month] [day]", random.Random(1)).split()[1].endswith("day")


def test_a_text_without_choices_stays() -> None:
    assert spell("No {x} (at all).", random.Random(1)) == "No {x} (at all)."


@pytest.mark.parametrize(
    ("text", "found", "missed"),
    [
        ("no [blood|gore] here", "so NO gore here, ok", "no bile here"),
        ("born in [season]", "born in winter", "born in June"),
        ("no {x}[ or {y}|].", "no cats or dogs.", "no cats"),
        ("a.b", "a.b", "acb"),
    ],
)
def test_a_pattern_finds_every_spelling(text: str, found: str, missed: str) -> None:
    assert pattern_of(text).search(found)
    assert not pattern_of(text).search(missed)


@given(st.lists(st.one_of(WORDS, st.lists(WORDS, min_size=2).map(lambda w: f"[{'|'.join(w)}]"))))
def test_what_is_spelt_is_found(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert pattern_of(text).fullmatch(spell(text, random.Random(3)))
