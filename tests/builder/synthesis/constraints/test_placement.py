import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import Message
from builder.synthesis.constraints.placement import place_text, places_in
from builder.synthesis.offline.phrases import Place

POST = Message(
    "user", "IIL Arrival\n\nWant slow and clever. Seen Moon twice this year. It was great"
)
TEXT = "Nothing with spiders, please."
ASKED = "Anything else?"


@pytest.mark.parametrize(
    ("place", "content"),
    [
        (
            "start",
            "IIL Arrival\n\nNothing with spiders, please. Want slow and clever. "
            "Seen Moon twice this year. It was great",
        ),
        (
            "middle",
            "IIL Arrival\n\nWant slow and clever. Nothing with spiders, please. "
            "Seen Moon twice this year. It was great",
        ),
        (
            "end",
            "IIL Arrival\n\nWant slow and clever. Seen Moon twice this year. "
            "It was great. Nothing with spiders, please.",
        ),
    ],
)
def test_a_text_stands_in_the_message(place: Place, content: str) -> None:
    placed, at = place_text([POST], TEXT, place, ASKED, random.Random(1))
    assert placed == (Message("user", content),)
    assert at == 0


def test_a_message_of_its_own_answers_a_question() -> None:
    placed, at = place_text([POST], TEXT, "own", ASKED, random.Random(1))
    assert placed == (POST, Message("assistant", ASKED), Message("user", TEXT))
    assert at == 2


def test_an_aside_stands_in_brackets() -> None:
    placed, at = place_text([POST], TEXT, "aside", ASKED, random.Random(1))
    assert at == 0
    assert placed[0].content == (
        "IIL Arrival\n\nWant slow and clever. (Nothing with spiders, please.) "
        "Seen Moon twice this year. It was great"
    )


def test_the_first_of_several_messages_may_hold_it() -> None:
    messages = [POST, Message("assistant", "Solaris?"), Message("user", "Seen it.")]
    assert "first" in places_in(messages)
    assert "first" not in places_in([POST])
    placed, at = place_text(messages, TEXT, "first", ASKED, random.Random(1))
    assert at == 0
    assert placed[0].content.endswith("It was great. Nothing with spiders, please.")
    assert placed[1:] == tuple(messages[1:])


def test_after_the_recommender_the_text_answers_at_once() -> None:
    messages = [POST, Message("assistant", "Ex Machina?")]
    assert places_in(messages) == ("first", "own")
    placed, at = place_text(messages, TEXT, "own", ASKED, random.Random(1))
    assert placed == (*messages, Message("user", TEXT))
    assert at == 2


@pytest.mark.parametrize(
    "body",
    [
        "I loved Babe so very much. It made me cry for an hour.",
        "Something by the director Mr. Nolan would be quite nice",
        "Eight boys. Mine has seen every single Marvel film",
        "anything like Moon",
        "Captain asked me to pick. Maybe because I think he pities me",
        "We put on Up last week. What other film does that",
        "Seen Up more than once. Seen Babe more than twice",
        "Finished Portal last night at two. Is the second one as good",
    ],
    ids=[
        "leans back",
        "abbreviation",
        "fragment",
        "one sentence",
        "speaks of somebody named before",
        "points back at its end",
        "goes on alike",
        "speaks of the second one",
    ],
)
def test_sentences_that_belong_together_are_not_parted(body: str) -> None:
    assert places_in([Message("user", f"A title\n\n{body}")]) == ("start", "end", "own")


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("She is 81 and loves birds", ("end", "own")),
        ("The nurse from May", ("end", "own")),
        ("Long is fine. Slow as well, thanks!", ("start", "own")),
        ("Slow ones. Write to <EMAIL>", ("start", "own")),
        ("Thanks to you I saw Up", ("start", "end", "own")),
    ],
    ids=["pronoun", "definite", "thanks", "address", "thanks in front"],
)
def test_nothing_comes_between_a_title_and_what_leans_on_it_or_after_goodbye(
    body: str, places: tuple[Place, ...]
) -> None:
    assert places_in([Message("user", f"Ghibli for my gran\n\n{body}")]) == places


@pytest.mark.parametrize(
    ("end", "joined"),
    [("no spiders!!)", "no spiders!!) T"), ("(I think)", "(I think). T"), ("ok", "ok. T")],
)
def test_an_ending_gets_the_stop_it_lacks(end: str, joined: str) -> None:
    placed, _ = place_text([Message("user", end)], "T", "end", ASKED, random.Random(1))
    assert placed[0].content == joined


def test_a_lone_title_takes_the_text_in_front() -> None:
    placed, _ = place_text(
        [Message("user", "films like Moon")], TEXT, "start", ASKED, random.Random(1)
    )
    assert placed[0].content == f"{TEXT} films like Moon"


@given(
    st.lists(
        st.sampled_from(["We like slow films a lot", "Is Moon any good then", "ok!", "\n\n"]),
        min_size=1,
    ),
    st.integers(),
)
def test_nothing_of_the_conversation_is_lost(parts: list[str], seed: int) -> None:
    message = Message("user", ". ".join(parts))
    for place in places_in([message]):
        placed, at = place_text([message], TEXT, place, ASKED, random.Random(seed))
        assert TEXT in placed[at].content
        kept = "".join(m.content for m in placed if m.role == "user").replace(TEXT, "")
        assert [c for c in kept if c.isalpha()] == [c for c in message.content if c.isalpha()]


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        (["Hello, I want slow and clever films."], False),
        (["Hiking films, slow and clever ones."], True),
        (["Films please, any at all.", "Which ones?", "Slow and clever, I would say."], False),
    ],
    ids=["a greeting", "a wish", "an answer"],
)
def test_nothing_stands_before_a_greeting_or_an_answer(said: list[str], fits: bool) -> None:
    messages = [Message("assistant" if n % 2 else "user", text) for n, text in enumerate(said)]
    assert ("start" in places_in(messages)) is fits


@pytest.mark.parametrize(
    ("first", "fits"),
    [
        ("Hi. I'm great, thanks, and how are you?", False),
        ("Hello there, good evening", False),
        ("Hi! I want slow and clever films.", True),
    ],
    ids=["small talk", "a greeting", "a wish"],
)
def test_a_first_message_holds_it_if_it_asks_for_something(first: str, fits: bool) -> None:
    messages = [Message("user", first), Message("assistant", "Solaris?"), Message("user", "Seen.")]
    assert ("first" in places_in(messages)) is fits
