from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.dialogs.markup import read_markdown
from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.lexicon.words import tokenise
from builder.linking.mentions.dialog_context import domain_of
from builder.linking.mentions.linker import link_dialog
from builder.records import Mention
from builder.titles import title_key
from tests.factories import make_turn
from tests.support.linking import FILMS, GAMES, RULES, Say, dialog_of, listed


def linked(mentions: list[Mention]) -> list[str]:
    return [f"{m.surface} -> {m.item_id}" for m in mentions if m.item_id]


def abstained(mentions: list[Mention]) -> list[str]:
    return [f"{m.surface}: {m.abstained}" for m in mentions if not m.item_id]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Heat (1995), it (2017)", ["Heat (1995) -> film:Heat:1995", "it (2017) -> film:It:2017"]),
        ("**The Thing** (1982, old)!", ["The Thing (1982, old) -> film:The Thing:1982"]),
        ("the thing [2011]", ["the thing [2011] -> film:The Thing:2011"]),
        ("Ronin (1999)", ["Ronin (1999) -> film:Ronin:1998"]),
        ("Dune, 2021, not the old one", ["Dune, 2021 -> film:Dune:2021"]),
        ("The Thing of course, the 1982 one", ["The Thing -> film:The Thing:1982"]),
        ("2011's The Thing is a prequel", ["The Thing -> film:The Thing:2011"]),
        ("the 1984 version of Dune", ["Dune -> film:Dune:1984"]),
        ("I liked Dune from 2021", ["Dune -> film:Dune:2021"]),
        ("Monsters, Inc. (2001) / Girl, Interrupted", [
            "Monsters, Inc. (2001) -> film:Monsters, Inc.:2001",
            "Girl, Interrupted -> film:Girl, Interrupted:1999",
        ]),
        ("AMELIE (2001)", ["AMELIE (2001) -> film:Amélie:2001"]),
        ("Rosemary’s Baby beats Ronin's car chase", [
            "Rosemary’s Baby -> film:Rosemary's Baby:1968", "Ronin -> film:Ronin:1998",
        ]),
        ("I saw E.T. twice", ["E.T. -> film:E.T. the Extra-Terrestrial:1982"]),
        ("1917 (2019)", ["1917 (2019) -> film:1917:2019"]),
        ("12 monkeys is odd", ["12 monkeys -> film:12 Monkeys:1995"]),
    ],
    ids=[
        "year", "words in the brackets", "square", "a year off", "year behind",
        "the one", "of the year", "version of", "from", "commas in titles",
        "case and accents", "possessives", "initials", "digits", "number and word",
    ],
)  # fmt: skip
def test_titles_are_linked(say: Say, text: str, found: list[str]) -> None:
    assert linked(say(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        'have you seen "It"?', "*Up*, that's all", "**Brave** made me cry", "[Her](http://x.org)",
        "* Frozen\n* Ronin", "* Brave - a bear", "Mine:\n\nBrave\n\nRonin", "'Us' is scary",
    ],
    ids=["quotes", "italics", "bold", "link", "list", "head of a line", "own line", "single"],
)  # fmt: skip
def test_a_common_word_set_apart_is_a_title(say: Say, text: str) -> None:
    assert linked(say(text))
    assert abstained(say(text)) == []


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Goodfellas, Heat and It.", ["Goodfellas", "Heat", "It"]),
        ("Loved Arrival and Moon because of the ideas", ["Arrival", "Moon"]),
        ("IIL Stalker, Arrival, Solaris, Moon", ["Arrival", "Moon"]),
        ("goodfellas, heat, zodiac", ["goodfellas", "heat", "zodiac"]),
        ("I rewatched Her on a plane", ["Her"]),
        ("seen Frozen a hundred times", ["Frozen"]),
    ],
)
def test_a_list_or_a_verb_makes_a_common_word_a_title(
    say: Say, text: str, titles: list[str]
) -> None:
    assert [m.surface for m in say(text) if m.item_id] == titles


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Nothing beats the Frozen song", "Frozen: common word"),
        ("My sister is called Carrie, she cried", "Carrie: common word"),
        ("with the Rock in it", "the Rock: common word"),
        ("The Thing is great", "The Thing: ambiguous year"),
        ("Dune (1999)", "Dune (1999): no such year"),
        ("The Thing (1990) and all", "The Thing (1990): no such year"),
        ("Infinity War (2018)", "Infinity War (2018): not in the catalogue"),
        ("Avengers: Infinity War (2018)", "Avengers: Infinity War (2018): not in the catalogue"),
        ("I liked Avengers: Infinity War a lot", "Avengers: longer title"),
        ("Goodfellas Returns was odd", "Goodfellas: longer title"),
        ("Watched Sailor Moon again", "Moon: longer title"),
        ("like Elder Zodiac, the band", "Zodiac: longer title"),
        ("John Wick 3 is best", "John Wick: another version"),
        ("the Toy Story films", "Toy Story: another version"),
        ("the new Inception is bad", "Inception: another version"),
        ("I like outlast they said", "outlast: lower case"),
    ],
)
def test_what_is_uncertain_is_an_abstention(say: Say, text: str, reason: str) -> None:
    assert abstained(say(text)) == [reason]


def test_an_abstention_names_its_candidates_and_has_no_score(say: Say) -> None:
    [mention] = say("The Thing of course")
    assert mention.candidates == ("film:The Thing:1982", "film:The Thing:2011")
    assert (mention.item_id, mention.score) == (None, 0.0)


def test_a_title_with_its_own_year_scores_highest(say: Say) -> None:
    scores = [m.score for m in say("Ronin (1998), Heat (1996), Inception, Moon")]
    assert scores == [0.9966, 0.9569, 0.9131, 0.9582]


@pytest.mark.parametrize(
    "text",
    [
        "it was up to us to get out of there, her idea",
        "It was great. Up next: us. Brave of you!",
        "the heat was on, frozen peas on the moon, what a journey",
        "I LOVE IT SO MUCH. GET OUT of here.",
        "Looking For A Movie Like Something That Is Good For Us And For Her",
        "the others are fine, a goodfellas vibe",
        "saw it (2018) with friends",
        "I saw her. Toy. Story of my life",
    ],
)
def test_ordinary_sentences_name_nothing(say: Say, text: str) -> None:
    assert linked(say(text)) == []


def test_a_title_named_before_is_known_again(lexicon: Lexicon) -> None:
    turns = dialog_of([("recommender", "Her (2013)"), ("seeker", "that one in Her? ok")], "")
    mentions = link_dialog(turns, lexicon, RULES)
    assert [m.item_id for m in mentions] == ["film:Her:2013", "film:Her:2013"]


@pytest.mark.parametrize(
    ("community", "item_id", "role"),
    [
        ("gamingsuggestions", "game:Doom:2016", "recommended"),
        ("moviesuggestions", "film:Doom:2005", "recommended"),
        ("ifyoulikeblank", None, "recommended"),
    ],
)
def test_the_community_says_which_of_a_film_and_a_game(
    say: Say, community: str, item_id: str | None, role: str
) -> None:
    [mention] = say("Try *Doom* then", community=community)
    assert (mention.item_id, mention.role) == (item_id, role)


def test_a_film_named_where_games_are_asked_for_is_no_recommendation(say: Say) -> None:
    roles = {
        m.surface: m.role for m in say("Portal 2, it's Goodfellas", community="ShouldIbuythisgame")
    }
    assert roles == {"Portal 2": "recommended", "Goodfellas": "mentioned"}


@pytest.mark.parametrize(
    ("community", "domain"),
    [
        ("gamingsuggestions", "game"), ("ShouldIbuythisgame", "game"),
        ("MovieRecommendations", "film"), ("ifyoulikeblank", None), ("", None),
    ],
)  # fmt: skip
def test_what_a_community_talks_about(community: str, domain: str | None) -> None:
    assert domain_of(community) == domain


WORDS = [title for title, _ in (*FILMS, *GAMES)]
PIECES = st.sampled_from(
    [
        *WORDS,
        "(1995)",
        "(2009)",
        "and",
        ",",
        ".",
        "*",
        '"',
        "\n* ",
        "loved",
        "the",
        "film",
        "é",
        "’s",
        "🎬",
    ]
)


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_offsets_are_exact_ordered_and_apart(lexicon: Lexicon, text: str) -> None:
    dialog = dialog_of([("recommender", text)], "moviesuggestions")
    end = 0
    for mention in link_dialog(dialog, lexicon, RULES):
        assert dialog.turns[0].text[mention.start : mention.end] == mention.surface
        assert mention.start >= end
        end = mention.end
        assert (mention.item_id is None) == bool(mention.abstained)


@given(
    st.sampled_from(sorted({*FILMS, *GAMES})),
    st.sampled_from(["{}", "Try {} now", "**{}**!", "a\n- {}"]),
)
def test_every_title_with_its_year_is_found(
    lexicon: Lexicon, named: tuple[str, int], frame: str
) -> None:
    title, year = named
    text = frame.format(f"{title} ({year})")
    dialog = dialog_of([("recommender", text)], "")
    [mention] = link_dialog(dialog, lexicon, RULES)
    assert (mention.item_id or "").endswith(f":{title}:{year}")


@given(st.text(alphabet='abcÉéñ0ß19 &-_.,:!()\n"½ﬁ', max_size=40))
def test_tokens_spell_the_title_key(text: str) -> None:
    clean = read_markdown(text).text
    assert " ".join(token.key for token in tokenise(clean)) == title_key(clean)


@given(st.text(max_size=40))
def test_tokens_lie_within_the_text(text: str) -> None:
    for token in tokenise(text):
        assert 0 <= token.start < token.owner_end <= token.end <= len(text)


def test_a_title_in_a_quote_is_no_recommendation(say: Say) -> None:
    roles = {m.surface: m.role for m in say("> Ronin, *Frozen*\n\nBetter: Brave (2012)")}
    assert roles == {"Ronin": "mentioned", "Frozen": "mentioned", "Brave (2012)": "recommended"}


def test_signs_without_width_hide_no_title(lexicon: Lexicon) -> None:
    text = "He\u200bat (1995), \u202eRonin\u202c"
    dialog = dialog_of([("recommender", "")], "")
    dialog = replace(
        dialog, turns=(make_turn(text, turn_id="t", author="a", role="recommender", created_utc=5),)
    )
    assert linked(link_dialog(dialog, lexicon, RULES)) == [
        "He\u200bat (1995) -> film:Heat:1995",
        "Ronin -> film:Ronin:1998",
    ]


@pytest.mark.parametrize(
    ("text", "item_id"),
    [
        ("[Heat] (1995)", "film:Heat:1995"),
        ("the film [Heat], 1995, again", "film:Heat:1995"),
        ("(Ronin) (1998)", "film:Ronin:1998"),
    ],
    ids=["before its year", "before a comma", "round"],
)
def test_title_in_brackets(say: Say, text: str, item_id: str) -> None:
    [mention] = [one for one in say(text) if one.item_id]
    assert mention.item_id == item_id
    assert mention.surface.endswith(item_id[-4:] + ")"[: text.endswith(")")])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("[REC] (2007)", "[REC]"),
        ("the film [REC], 2007, again", "[REC]"),
        ("[REC]² (2009)", "[REC]²"),
        ("(500) Days of Summer (2009)", "(500) Days of Summer"),
    ],
)
def test_a_title_with_brackets_is_linked(text: str, title: str) -> None:
    films = (("[REC]", 2007), ("[REC]²", 2009), ("(500) Days of Summer", 2009))
    titles = Lexicon([listed(name, year, "film") for name, year in films])
    dialog = dialog_of([("recommender", text)], "moviesuggestions")
    ids = [mention.item_id for mention in link_dialog(dialog, titles, RULES)]
    assert ids == [listed(title, dict(films)[title], "film").item_id]
