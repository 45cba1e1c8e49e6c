import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product
from typing import cast

import pytest

from builder.records import Domain, Message
from builder.synthesis.constraints.constraint_task import explicit_words
from builder.synthesis.offline.company import company_of
from builder.synthesis.offline.constraint_grammar import traits_with_stories, write_constraint
from builder.synthesis.offline.phrases import (
    VOICES,
    Phrase,
    Place,
    read_frames,
    read_phrases,
    read_stories,
    read_style_frames,
)
from builder.synthesis.seeker.speaker import Speaker
from builder.synthesis.styles import IMPLICIT, STYLES, TWO_PARTS, Style
from builder.taxonomy import Taxonomy
from tests.support.spellings import pattern_of

TRAITS = sorted(read_phrases())
PLACES: tuple[Place, ...] = ("start", "middle", "end", "first", "aside")
PLAIN = "Films like Arrival, please."


def write(
    trait_id: str,
    style: Style,
    draw: int,
    place: Place = "start",
    said: str = PLAIN,
    domain: Domain = "film",
    also: bool = False,
) -> str:
    inputs = {
        "trait_id": trait_id,
        "style": style,
        "place": place,
        "also": also,
        "wording": draw,
        "short": "heights",
        "descriptions": ["Somebody stands on a ledge."],
        "domain": domain,
        "conversation": [{"role": "user", "content": said}],
    }
    rng = random.Random(f"{trait_id} {style} {place} {draw}")
    written = write_constraint(inputs, rng)
    assert bool(written["earlier"]) == (style in TWO_PARTS)
    return f"{written['earlier']} {written['text']}".strip()


def entries_of(trait_id: str, style: str) -> Sequence[Phrase]:
    by_trait = read_stories() if style == "life_story" else {}
    return by_trait.get(trait_id) or read_phrases()[trait_id].reasons


@pytest.fixture(scope="module")
def texts() -> Mapping[tuple[str, Style], Sequence[str]]:
    """Hold 20 draws of every trait and style."""
    found: dict[tuple[str, Style], list[str]] = defaultdict(list)
    for trait_id, style, place, draw in product(TRAITS, STYLES, PLACES, range(4)):
        found[trait_id, style].append(write(trait_id, style, draw, place))
    return found


def test_phrasings_are_many(texts: Mapping[tuple[str, Style], Sequence[str]]) -> None:
    distinct = {key: len(set(drawn)) for key, drawn in texts.items()}
    assert sum(distinct.values()) >= 3200
    assert min(distinct.values()) >= 15


def test_openers_alone_do_not_make_the_variety(
    texts: Mapping[tuple[str, Style], Sequence[str]],
) -> None:
    openers = {
        o for by_place in read_frames().openers.values() for w in by_place.values() for o in w
    }
    patterns = [pattern_of(o) for o in openers]
    bodies = set()
    for text in (text for drawn in texts.values() for text in drawn):
        end = max(found.end() for p in patterns if (found := p.match(text)))
        bodies.add(text[end:].lower())
    assert len(bodies) >= 2000  # what the writer is asked to have


def test_every_text_is_whole(texts: Mapping[tuple[str, Style], Sequence[str]]) -> None:
    for text in (text for drawn in texts.values() for text in drawn):
        assert re.fullmatch(r"[A-Z].*[.?!]", text), text
        assert not re.search(
            r"[{}]|  |\.\.|,,|: :| ,|\bno any|\bwithout any|\ba [aeio]",
            text,
        ), text
        assert len(text) <= 500, text


def test_life_stories_do_not_name_the_thing() -> None:
    frames, said = read_frames(), []
    for trait_id, stories in read_stories().items():
        for story in stories:
            closers = [c for by_voice in frames.life_story[story.kind].values() for c in by_voice]
            said += [(trait_id, text) for text in (story.text, *closers)]
        for leads in (*frames.wide.values(), *read_style_frames().completing.values()):
            said += [(trait_id, text) for text in leads]
    named = {
        (trait, text)
        for trait, text in said
        if explicit_words(text, read_phrases()[trait].explicit)
    }
    assert named == set()
    assert explicit_words("It Crawls, a spider", ["spider*", "crawl*"]) == ["Crawls", "spider"]


def test_what_is_avoided_fits_after_no() -> None:
    starts = re.compile(
        r"\[?(an?|the|any|some|no)\b|\[?(any|some)(body|one|thing)\b", re.IGNORECASE
    )
    for phrases in read_phrases().values():
        assert not [phrase for phrase in phrases.avoid if starts.match(phrase)]


def test_what_is_said_outright_does_name_it(
    texts: Mapping[tuple[str, Style], Sequence[str]],
) -> None:
    outright = [style for style in STYLES if style not in IMPLICIT]
    for trait_id, style in product(TRAITS, outright):
        avoided = read_phrases()[trait_id].avoid
        for text in texts[trait_id, style]:
            assert any(pattern_of(phrase).search(text) for phrase in avoided), text


def test_every_trait_is_said_tersely_and_at_length(
    texts: Mapping[tuple[str, Style], Sequence[str]],
) -> None:
    for trait_id in TRAITS:
        lengths = sorted(len(text) for text in texts[trait_id, "stated"])
        assert lengths[0] <= 90
        assert lengths[-1] >= 110


def test_who_writes_without_capitals_gets_none() -> None:
    said = "films like arrival. anything slow"
    drawn = [write(t, s, n, said=said) for t in TRAITS for s in STYLES for n in range(3)]
    assert all(text == text.lower() for text in drawn)
    assert not any("grateful for titles" in text for text in drawn)


@pytest.mark.parametrize("style", ["stated", "reasoned", "household", "weakened", "negated"])
def test_a_second_wish_is_opened_as_one(style: Style) -> None:
    for trait_id, draw in product(TRAITS, range(20)):
        text = write(trait_id, style, draw, place="end", also=True)
        assert any(pattern_of(opener).match(text) for opener in read_frames().also), text
        assert text.count(":") <= 1, text


def test_a_life_story_inside_a_message_is_led_in() -> None:
    by_place = read_frames().openers["life_story"]
    inside: tuple[Place, ...] = ("middle", "end")
    for place, draw in product(inside, range(40)):
        text = write("gore", "life_story", draw, place=place)
        assert any(pattern_of(opener).match(text) for opener in by_place[place]), text
    assert all(all(by_place[place]) for place in inside)


def test_named_company_does_not_arrive() -> None:
    said = "My boyfriend and I are apart until June. Films to watch with my boyfriend?"
    drawn = [write("gore", "household", n, place="end", said=said) for n in range(60)]
    assert all("my boyfriend" in text.lower() for text in drawn)
    assert not [text for text in drawn if re.search(r"joining|coming over|on the sofa", text)]


def test_a_household_holds_two_wishes() -> None:
    frames = read_frames()
    own = re.compile(
        r"\b(I'd|I would|I could|I can|I like|For me|I wouldn't|I don't care|my own|to suit myself"
        r"|fine with most|I chose|an old hand|no difference to me|too tired to mind|trouble me)\b",
        re.IGNORECASE,
    )
    for frame in (f for v in VOICES for f in (*frames.household[v], *frames.named[v])):
        assert "other}" in frame.lower() or own.search(frame), frame


def test_who_has_a_wife_at_home_is_given_no_life_of_a_woman() -> None:
    said = "I'm 40, the wife's out with the kids. Films?"
    texts = [write("hate-speech", "life_story", n, said=said) for n in range(60)]
    assert not [text for text in texts if "headscarf" in text]
    assert [n for n in range(60) if "headscarf" in write("hate-speech", "life_story", n)]


def test_a_game_is_played() -> None:
    drawn = " ".join(
        write(t, "household", n, said="Games like Portal, please.", domain="game")
        for t in TRAITS
        for n in range(20)
    )
    assert "playing" in drawn
    assert "watch" not in drawn.lower()


def test_nothing_contradicts_what_the_seeker_said() -> None:
    said = "I'm 16 and at school, my mum, my brother, my friends and our dog say hi"
    speaker = Speaker.of([Message("user", said)])
    for trait_id, style in product(TRAITS, ("reasoned", "life_story")):
        entries = entries_of(trait_id, style)
        fitting = [e for e in entries if speaker.may_say(e.text, e.needs)]
        for draw in range(12 if fitting else 0):
            text = write(trait_id, cast(Style, style), draw, said=said)
            assert any(pattern_of(e.text).search(text) for e in fitting), text


@pytest.mark.parametrize("trait_id", TRAITS)
@pytest.mark.parametrize("style", ["reasoned", "life_story"])
def test_every_trait_has_something_for_a_plain_adult(trait_id: str, style: str) -> None:
    speaker = Speaker.of([Message("user", "Two small kids, night shifts. Films like Moon?")])
    entries = entries_of(trait_id, style)
    assert sum(speaker.may_say(entry.text, entry.needs) for entry in entries) >= 2


@pytest.mark.parametrize(
    ("said", "persons"),
    [
        ("Couch co-op with my wife", {"my wife"}),
        ("My brother hates musicals", set()),
    ],
)
def test_company_is_whom_the_seeker_names(said: str, persons: set[str]) -> None:
    assert {p.who for p in company_of(Speaker.of([Message("user", said)]))} == persons


@pytest.mark.parametrize(
    ("trait_id", "told"), [("sad-ending", "dad in spring"), ("disaster-accident", "in a war")]
)
def test_kin_have_no_past_that_is_not_the_seekers_too(trait_id: str, told: str) -> None:
    for draw in range(200):
        text = write(trait_id, "household", draw)
        if told in text:
            assert re.search(r"friend|flatmate|my partner", text), text


@pytest.mark.parametrize("style", sorted(set(STYLES) - IMPLICIT))
def test_a_trait_of_ones_own_is_said_by_its_name(style: Style) -> None:
    for draw in range(30):
        text = write("heights", style, draw)
        assert "heights" in text.lower()
        assert re.fullmatch(r"[A-Z].*[.?!]", text), text
        assert not re.search(r"[{}\[\]|]|  |\.\.", text), text


def test_every_trait_of_the_taxonomy_has_phrases(taxonomy: Taxonomy) -> None:
    assert set(TRAITS) == {trait.id for trait in taxonomy.traits.values()} == traits_with_stories()


def test_every_trait_has_two_dozen_life_stories_of_its_own() -> None:
    by_trait = {t: [story.text for story in stories] for t, stories in read_stories().items()}
    assert min(len(set(told)) for told in by_trait.values()) >= 24
    assert len({text for told in by_trait.values() for text in told}) == sum(
        map(len, by_trait.values())
    )


@pytest.mark.parametrize(
    ("said", "never"),
    [
        ("My wife and I are 41, after a shift. Films?", "older|teen"),
        ("I'm 15 and school is a lot. Films?", "older|parent"),
        ("Retired at last, my grandkids come on Sundays. Films?", "teen|parent"),
    ],
    ids=["a couple at work", "at school", "retired"],
)
def test_no_voice_claims_an_age_that_is_not_the_seekers(said: str, never: str) -> None:
    frames = read_frames().stated
    barred = [re.escape(f.split("{x}")[0]) for voice in never.split("|") for f in frames[voice]]
    pattern = re.compile("|".join(start for start in barred if len(start) > 12), re.I)
    drawn = [write("gore", "stated", n, said=said) for n in range(150)]
    assert not [text for text in drawn if pattern.search(text)]


def test_every_voice_is_heard() -> None:
    drawn = [write("gore", "negated", n) for n in range(400)]
    for voice in VOICES:
        told = [pattern_of(frame) for frame in read_style_frames().negated[voice]]
        heard = any(pattern.search(text) for text in drawn for pattern in told)
        assert heard is (voice != "simple"), voice


def test_simple_english_is_answered_in_kind() -> None:
    said = "A sad film, please. Sorry for my English."
    frames, style_frames = read_frames(), read_style_frames()
    for style, of_style in [("stated", frames.stated), ("weakened", style_frames.weakened)]:
        told = [pattern_of(frame) for frame in of_style["simple"]]
        for n in range(20):
            text = write("gore", cast(Style, style), n, said=said)
            assert any(pattern.fullmatch(text) for pattern in told), text


@pytest.mark.parametrize("place", ["end", "own"])
def test_what_is_over_is_not_opened_as_a_wish(place: Place) -> None:
    for also, draw in product((False, True), range(200)):
        text = write("gore", "negated", draw, place=place, also=also)
        opened = "One more wish|One condition|More seriously|Yes|Actually, yes|Just one|There is"
        assert not re.match(opened, text), text


def test_a_narrow_story_is_widened() -> None:
    wide = [pattern_of(w) for by_voice in read_frames().wide.values() for w in by_voice]
    told = [write("sad-ending", "life_story", draw) for draw in range(300)]
    narrow = [text for text in told if "Mum's flat" in text]
    assert narrow
    assert all(any(w.search(text) for w in wide) for text in narrow)
