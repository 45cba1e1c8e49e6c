from __future__ import annotations

import pytest

from builder.linking.requests.requests import reason_to_skip
from builder.linking.requests.small_talk import only_greets
from builder.records import Message, Request
from tests.factories import make_request


def request_of(*messages: str, seen: tuple[str, ...] = ()) -> Request:
    """Return a request whose messages are the seeker's and the other's in turn."""
    roles = ("user", "assistant")
    said = tuple(Message(roles[n % 2], text) for n, text in enumerate(messages))  # type: ignore[arg-type]
    return make_request(messages=said, seen=seen, recommended=("film:Heat:1995",))


@pytest.mark.parametrize(
    "messages",
    [
        ("Good Evening How is everything",),
        ("Hi there, how are you doing today?",),
        ("Hello!", "Hey", "How’s it going tonight"),
        ("Hi there", "How are you?", "I'm awesome, and you?", "I'm great!", "Of course!!"),
        ("...", "Do you like horror?", "hm"),
    ],
)
def test_greetings_are_no_wish(messages: tuple[str, ...]) -> None:
    assert only_greets(request_of(*messages))


@pytest.mark.parametrize(
    "messages",
    [
        ("hi, something like Alien?",),
        ("Hello, how are you? Anything good?",),
        ("Hi! How about a comedy?",),
        ("Good evening", "Do you like horror movies?", "Yes!"),
        ("hi", "What are you in the mood for?", "Okay, yes, of course: blood"),
        ("hola, una película buena",),
    ],
)
def test_whatever_else_is_said_stays(messages: tuple[str, ...]) -> None:
    assert not only_greets(request_of(*messages))


def test_a_title_is_a_wish_though_greetings_have_its_words() -> None:
    assert only_greets(request_of("Good Morning to you!"))
    assert not only_greets(request_of("Good Morning to you!", seen=("film:Good Morning:1959",)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hello you", "seeker has said too little"),
        ("hello how are you today", "seeker has only greeted"),
        ("good evening, a western please", None),
    ],
)
def test_each_reason_is_told(text: str, reason: str | None) -> None:
    assert reason_to_skip(request_of(text), 5) == reason
