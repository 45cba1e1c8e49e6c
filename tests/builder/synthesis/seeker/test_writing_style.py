import pytest

from builder.records import Message
from builder.synthesis.seeker.writing_style import WritingStyle


def hand(text: str) -> WritingStyle:
    return WritingStyle.of([Message("user", text), Message("assistant", "Sorry for my english.")])


@pytest.mark.parametrize(
    ("text", "lower"),
    [
        ("need action. only action. no talking", True),
        ("Need action. Only action.", False),
        ("iil cast away\n\nno zombies. just a body", True),
        ("IIL Cast Away\n\nno zombies. Just a body. Please", False),
    ],
)
def test_writing_without_capitals_is_seen(text: str, lower: bool) -> None:
    assert hand(text).lower is lower


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Loved Up. I cried.", "I said so. I'm done, am I?"),
        ("loved up. i cried. more", "i said so. i'm done, am i?"),
        ("loved up. I cried. more", "I said so. I'm done, am I?"),
        ("Loved Up. Then i cried.", "I said so. I'm done, am i?"),
    ],
    ids=["capitals", "none", "only I", "all but I"],
)
def test_what_is_added_has_the_seekers_capitals(said: str, written: str) -> None:
    assert hand(said).write("I said so. I'm done, am I?") == written


def test_only_the_pronoun_is_a_capital_i() -> None:
    assert hand("loved up. I cried. more").write("In Rome, i.e. here, I it.") == (
        "in rome, i.e. here, I it."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Something slow. Sorry for my English",
        "English is not our language so not too quick talking.",
        "I am not a native speaker. Films?",
        "My boyfriend say cartoons are for kids.",
        "She want a love story.",
    ],
)
def test_english_that_is_not_their_own_is_seen(text: str) -> None:
    assert hand(text).simple


@pytest.mark.parametrize(
    "text",
    ["My boyfriend says no. Did she like it?", "We have English subtitles.", "Have you seen Up?"],
)
def test_english_of_ones_own_is_not_simple(text: str) -> None:
    assert not hand(text).simple
