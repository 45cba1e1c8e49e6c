from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.evaluation.answers import parse_answer, render_answer
from builder.titles import TitleYear, parse_title, title_key

HEAT, SAW, UP = TitleYear("Heat", 1995), TitleYear("Saw", 2004), TitleYear("Up", 2009)

WORDS = st.text(st.sampled_from("abcdeXYZ0189 :&'!éß-"), min_size=1, max_size=20).map(str.strip)
TITLES = (
    st.builds(lambda words, year: f"{words} ({year})", WORDS, st.integers(1900, 2030))
    .filter(lambda text: title_key(parse_title(text).title) != "")
    .map(parse_title)
    .filter(lambda title: parse_title(str(title)) == title and title.title[0] not in "-0189")
)


@given(
    st.lists(TITLES, unique_by=lambda t: (title_key(t.title), t.year), max_size=12),
    st.sampled_from(["", "Saw (2004) shows torture."]),
)
def test_parsing_undoes_rendering(titles: list[TitleYear], reasoning: str) -> None:
    answer = parse_answer(render_answer(titles, reasoning))
    assert answer.titles == tuple(titles)
    assert (answer.repeated, answer.parsed) == ((), True)


@pytest.mark.parametrize(
    ("text", "titles", "parsed"),
    [
        pytest.param(
            "<solution>\nHeat (1995)\nUp (2009)\n</solution>", (HEAT, UP), True, id="tags"
        ),
        pytest.param(
            "<reasoning>\nSaw (2004) is out.\n</reasoning>\n<solution>\nHeat (1995)\n</solution>",
            (HEAT,),
            True,
            id="reasoning is not the list",
        ),
        pytest.param("<solution> \n Heat (1995) \n Up (2009)", (HEAT, UP), True, id="cut off"),
        pytest.param("<reasoning>\nHeat (1995) is too", (), False, id="only reasoning, cut off"),
        pytest.param("Sure, here you go:\nHeat (1995)\nEnjoy!", (HEAT,), True, id="bare lines"),
        pytest.param(
            "1. Heat (1995)\n2) Saw (2004)\n- Up (2009)", (HEAT, SAW, UP), True, id="marks"
        ),
        pytest.param('"Heat" (1995)\n**Saw** (2004)', (HEAT, SAW), True, id="quotes and stars"),
        pytest.param(
            "12 Monkeys (1995)", (TitleYear("12 Monkeys", 1995),), True, id="number title"
        ),
        pytest.param(
            "<solution>\nShining, The (1980)\n</solution>",
            (TitleYear("The Shining", 1980),),
            True,
            id="trailing article",
        ),
        pytest.param(
            "<SOLUTION>\nHeat\n</SOLUTION>", (TitleYear("Heat", None),), True, id="no year in tags"
        ),
        pytest.param("<solution>\n</solution>", (), True, id="an empty list is a list"),
        pytest.param("I cannot help with that.", (), False, id="prose"),
        pytest.param("", (), False, id="nothing"),
    ],
)
def test_what_an_answer_lists(text: str, titles: tuple[TitleYear, ...], parsed: bool) -> None:
    answer = parse_answer(text)
    assert (answer.titles, answer.parsed) == (titles, parsed)


def test_a_repeated_title_counts_once_and_is_remembered() -> None:
    answer = parse_answer("<solution>\nHeat (1995)\nUp (2009)\nheat (1995)\n</solution>")
    assert answer.titles == (HEAT, UP)
    assert answer.repeated == (TitleYear("heat", 1995),)


def test_remakes_are_not_repetitions() -> None:
    remakes = (TitleYear("The Lion King", 1994), TitleYear("The Lion King", 2019))
    assert parse_answer(render_answer(remakes)).titles == remakes
