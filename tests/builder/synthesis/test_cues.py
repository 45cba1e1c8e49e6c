import pytest

from builder.records import Message
from builder.synthesis.cues import Cue, asks_for, find_cues, known_traits
from builder.taxonomy import Taxonomy


def said(*texts: str) -> list[Message]:
    return [Message("user", text) for text in texts]


@pytest.mark.parametrize(
    ("text", "trait_id"),
    [
        ("Sunday film, eight months sober", "substance-use"),
        ("my dad passed on the 4th and I need two hours off", "sad-ending"),
        ("crime with no strobes (epileptic viewer)", "photosensitivity-motion"),
        ("Nothing with hospitals, I see enough of it", "medical-trauma"),
        ("Heist movies, but no torture please", "torture-extreme-violence"),
        ("not a gore person", "gore"),
        ("We lost a pregnancy in May", "pregnancy-infant-loss"),
        ("I can’t do tunnels or coffins since the lift", "claustrophobia-breathing"),
        ("My daughter is scared of dogs getting hurt", "animal-harm"),
        ("as a survivor I can't have assault scenes", "sexual-violence"),
    ],
)
def test_an_explicit_cue_is_found(text: str, trait_id: str) -> None:
    assert find_cues(said(text))[0].trait_id == trait_id


@pytest.mark.parametrize(
    "text",
    [
        "Loved Arrival and Moon, what next?",
        "Best horror with real gore",
        "horror that takes its time, no jumpscare machines please",
        "A good cry, please",
        "I'm okay with violence but hate musicals",
        "Sad animal films. we put our old collie down on tuesday",
        "Cancer is fine, encouraged even",
        "Not the usual fantasy, but lots of gore",
        "the teenager wants 'not baby stuff'",
        "for my son's birthday, no westerns",
        "No, I haven't seen that one. No, I like scary movies",
        "Not seen Oculus yet, I liked Rosemary's Baby a lot",
    ],
)
def test_a_genre_a_mood_or_a_wish_is_no_cue(text: str) -> None:
    assert find_cues(said(text)) == ()


def test_the_surest_cue_comes_first_with_its_whole_sentence() -> None:
    cues = find_cues(said("Bad week. My dad died in March. Please nothing with hospitals!"))
    assert cues == (
        Cue("medical-trauma", "Please nothing with hospitals!", 0.9),
        Cue("sad-ending", "My dad died in March.", 0.7),
    )


def test_only_the_seeker_is_read() -> None:
    assert find_cues([Message("assistant", "I am eight months sober")]) == ()


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("slow horror, ghosts welcome", "horror-supernatural", "gore-x"),
        ("A tearjerker where nobody has cancer", "sad-ending", "medical-trauma"),
        ("gritty crime without sexual violence", "disaster-accident", "sexual-violence"),
    ],
)
def test_what_is_asked_for_is_told_from_what_is_turned_down(
    text: str, wanted: str, unwanted: str
) -> None:
    asked = asks_for(said(text))
    assert wanted in asked
    assert unwanted not in asked


def test_every_trait_of_the_taxonomy_has_rules(taxonomy: Taxonomy) -> None:
    assert known_traits() == {trait.id for trait in taxonomy.traits.values()}
