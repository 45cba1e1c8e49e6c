from __future__ import annotations

from pathlib import Path

import pytest

from annotation.screen import GUIDELINES, REVIEW_SCREEN, Screen

YES_PARTLY_NO = frozenset({"yes", "partly", "no"})


def test_the_review_screen_asks_what_the_merge_reads() -> None:
    fits = frozenset({"fits", "breaks"})
    assert Screen.load() == Screen(
        questions={
            "skip": frozenset({"distressing", "cannot_judge"}),
            "comes_through": YES_PARTLY_NO,
            "request_intact": YES_PARTLY_NO,
            "reads_human": YES_PARTLY_NO,
        },
        required=("comes_through", "request_intact", "reads_human"),
        items={"kept": fits, "left_out": fits, "unknown": fits},
        comments=frozenset({"comment"}),
    )


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("kept_0", ("kept", 0)),
        ("left_out_12", ("left_out", 12)),
        ("kept", None),
        ("kept_x", None),
        ("seen_0", None),
    ],
)
def test_a_numbered_question_is_of_an_item(name: str, question: tuple[str, int] | None) -> None:
    assert Screen.load().item_question(name) == question


def test_an_alias_is_what_a_choice_is_called_in_labels(tmp_path: Path) -> None:
    screen = tmp_path / "screen.xml"
    screen.write_text(
        '<View><Choices name="mood" toName="t"><Choice value="Fine"/>'
        '<Choice value="Not so fine" alias="bad"/></Choices></View>'
    )
    assert Screen.load(screen).questions == {"mood": frozenset({"Fine", "bad"})}


def test_hotkeys_of_the_screen_are_those_of_the_guidelines() -> None:
    text, guidelines = REVIEW_SCREEN.read_text(), GUIDELINES.read_text()
    for key in "123456789xc":
        assert text.count(f'hotkey="{key}"') == 1
        assert f"`{key}`" in guidelines
