from __future__ import annotations

import pytest

from builder.export.wording import completion_text, prompt_text
from builder.records import Message

TALK = (
    Message("user", "Anything like {Heat}?\n"),
    Message("assistant", "How dark?"),
    Message("user", "Not bloody."),
)


def test_a_prompt_asks_and_then_shows_the_talk_in_order() -> None:
    text = prompt_text(TALK, domain="film", wanted=7)
    assert "at most 7 films" in text
    assert "<solution>" in text.splitlines()[0]
    talk = "USER: Anything like {Heat}?\nRECOMMENDER: How dark?\nUSER: Not bloody."
    assert text.endswith("\n\n" + talk)


def test_a_prompt_about_games_names_games() -> None:
    text = prompt_text(TALK, domain="game", wanted=7)
    assert "at most 7 games" in text
    assert "film" not in text


@pytest.mark.parametrize(
    ("reasoning", "expected"),
    [
        ("", "<solution>\nHeat (1995)\nUp (2009)\n</solution>"),
        (
            " Saw is left out.\n",
            "<reasoning>\nSaw is left out.\n</reasoning>\n"
            "<solution>\nHeat (1995)\nUp (2009)\n</solution>",
        ),
    ],
    ids=["nothing filtered", "something filtered"],
)
def test_a_completion_lists_one_title_a_line(reasoning: str, expected: str) -> None:
    assert completion_text(reasoning, ["Heat (1995)", "Up (2009)"]) == expected
