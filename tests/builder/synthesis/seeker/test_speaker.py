import pytest

from builder.records import Message
from builder.synthesis.seeker.speaker import Speaker


def speaker(text: str) -> Speaker:
    return Speaker.of([Message("user", text)])


def test_a_phrase_about_somebody_already_spoken_of_does_not_fit() -> None:
    one = speaker("My mum (66) is joining")
    assert not one.may_say("my mother asks me who I am")
    assert not one.may_say("We cleared out Mum's flat")
    assert one.may_say("my dad had a stroke")


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("I'm 16 and bored", {"adult"}),
        ("im 17, end of school", {"adult", "job", "company"}),
        ("My wife and I", {"alone", "woman"}),
        ("night shifts as a nurse", {"job"}),
        ("Watching alone tonight", {"company"}),
        ("I'm 61", set()),
    ],
)
def test_what_is_said_rules_needs_out(text: str, needs: set[str]) -> None:
    assert speaker(text).ruled_out == needs


@pytest.mark.parametrize(
    ("text", "beside", "names_others"),
    [
        ("Couch co-op with my wife", ("my wife",), True),
        ("my mum and I can play", ("my mum",), True),
        ("War movies for my father in law", ("my father in law",), True),
        ("my brother hates musicals", (), True),
        ("We walked out of it", (), True),
        ("Loved Arrival", (), False),
    ],
)
def test_company_is_seen(text: str, beside: tuple[str, ...], names_others: bool) -> None:
    assert (speaker(text).beside, speaker(text).names_others) == (beside, names_others)


def test_the_recommender_says_nothing_of_the_seeker() -> None:
    assert Speaker.of([Message("assistant", "my wife is 16")]) == speaker("")
