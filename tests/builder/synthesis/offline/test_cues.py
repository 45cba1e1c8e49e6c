from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from builder.records import Message
from builder.synthesis.offline.cues import PATH, Cue, asks_for, find_cues
from builder.taxonomy import Taxonomy

SHORTS = {trait.id: trait.short for trait in Taxonomy.load(Path("data/taxonomy")).traits.values()}


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
    assert find_cues(said(text), SHORTS)[0].trait_id == trait_id


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
    assert find_cues(said(text), SHORTS) == ()


def test_the_surest_cue_comes_first_with_its_whole_sentence() -> None:
    cues = find_cues(said("Bad week. My dad died in March. Please nothing with hospitals!"), SHORTS)
    assert cues == (
        Cue("medical-trauma", "Please nothing with hospitals!", 0.9),
        Cue("sad-ending", "My dad died in March.", 0.7),
    )


def test_only_the_seeker_is_read() -> None:
    assert find_cues([Message("assistant", "I am eight months sober")], SHORTS) == ()


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
    asked = asks_for(said(text), SHORTS)
    assert wanted in asked
    assert unwanted not in asked


@pytest.mark.parametrize(
    ("text", "trait_id", "quote"),
    [
        (
            "Eight months sober, want a film with no bar in it",
            "substance-use",
            "Eight months sober, want a film with no bar in it",
        ),
        (
            "Cosy film please, no needles or hospital rooms since chemo",
            "needles-procedures",
            "no needles or hospital rooms since chemo",
        ),
        (
            "I lost my sister to suicide three years ago and I'm ready for honest films about being"
            " unwell, but I can't have an attempt or a death on screen.",
            "self-harm-suicide",
            "I can't have an attempt or a death on screen.",
        ),
        (
            "Gritty crime without sexual violence?\n\nI love noir, cops, all of it, but as a"
            " survivor I can't have assault scenes, not even told as backstory if possible. Bye",
            "sexual-violence",
            "as a survivor I can't have assault scenes, not even told as backstory if possible.",
        ),
        (
            "Mine has seen the whole set, some of the others nothing, one family is strict about"
            " blood.",
            "gore",
            "one family is strict about blood.",
        ),
        (
            "The 5yo hides if a parent dies or disappears, she's adopted and it lands differently.",
            "sad-ending",
            "The 5yo hides if a parent dies or disappears",
        ),
        (
            "My cousin had an accident in July, so no crashes, screeching brakes, all that.",
            "disaster-accident",
            "no crashes, screeching brakes, all that.",
        ),
        (
            "crime with no strobes (epileptic viewer)",
            "photosensitivity-motion",
            "crime with no strobes (epileptic viewer)",
        ),
        (
            'She said "nothing with hospitals, I see enough".',
            "medical-trauma",
            "nothing with hospitals",
        ),
    ],
)
def test_a_cue_is_the_clause_that_states_the_need(text: str, trait_id: str, quote: str) -> None:
    [found] = [cue for cue in find_cues(said(text), SHORTS) if cue.trait_id == trait_id]
    assert found.quote == quote
    assert quote in text


def test_a_parents_death_is_no_harm_to_a_child() -> None:
    cues = find_cues(said("She hides if a parent dies or disappears"), SHORTS)
    assert [cue.trait_id for cue in cues] == ["sad-ending"]


def test_a_trait_of_ones_own_is_found_by_the_words_of_its_short() -> None:
    shorts = {"heights": "heights and people falling"}
    assert find_cues(said("Slow films. No heights, please."), shorts) == (
        Cue("heights", "No heights", 0.9),
    )
    assert asks_for(said("Films about falling, no people"), shorts) == {"heights"}
    assert find_cues(said("No people"), shorts) == ()


@given(st.text('ab,.;()" -but', min_size=1, max_size=60))
@example("(a )")
def test_a_quote_is_a_stretch_of_the_message(text: str) -> None:
    for cue in find_cues(said(f"{text} no gore {text}, no blood {text}"), SHORTS):
        assert cue.quote in f"{text} no gore {text}, no blood {text}"
        assert cue.quote


def test_every_trait_of_the_taxonomy_has_rules(taxonomy: Taxonomy) -> None:
    rules = yaml.safe_load(PATH.read_text())
    assert set(rules["traits"]) == {trait.id for trait in taxonomy.traits.values()}
