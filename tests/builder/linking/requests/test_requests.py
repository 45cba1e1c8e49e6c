from __future__ import annotations

from dataclasses import replace

import pytest

from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.mentions.linker import link_dialog
from builder.linking.requests.requests import as_messages, requests_of, talk_before
from builder.linking.review.link_counts import linking_figures
from builder.records import Dialog, Message, Request, Turn, TurnRole
from tests.factories import make_dialog, make_turn
from tests.support.linking import RULES, dialog_of


def asked(lexicon: Lexicon, dialog: Dialog) -> list[Request]:
    mentions = link_dialog(dialog, lexicon, RULES)
    return list(requests_of(dialog, mentions, lexicon.domain_by_id))


def turn(number: int, role: TurnRole, text: str, above: int | None) -> Turn:
    return make_turn(
        text,
        turn_id=f"t{number}",
        author=role,
        role=role,
        created_utc=5,
        reply_to=None if above is None else f"t{above}",
    )


def test_every_recommending_reply_to_a_post_is_a_sample_of_its_own(lexicon: Lexicon) -> None:
    turns = (
        turn(0, "seeker", "Loved Heat (1995). What next?", None),
        turn(1, "recommender", "Ronin (1998), Heat (1995), Zodiac (2007)", 0),
        turn(2, "recommender", "What do you mean by next?", 0),
        turn(3, "seeker", "Seen Ronin (1998), anything slower?", 1),
        turn(4, "recommender", "Zodiac (2007) still. And Moon (2009)", 3),
        turn(5, "recommender", "Agree, and Arrival (2016)", 1),
    )
    dialog = make_dialog(*turns, dialog_id="ours:a", created_utc=77)
    first, second, third = asked(lexicon, dialog)
    assert first == Request(
        request_id="ours:a#1",
        dialog_id="ours:a",
        source="ours",
        licence="CC0-1.0",
        domain="film",
        created_utc=77,
        turn_ids=("t0", "t1"),
        messages=(Message("user", "Loved Heat (1995). What next?"),),
        seen=("film:Heat:1995",),
        recommended=("film:Ronin:1998", "film:Zodiac:2007"),
    )
    assert second.request_id == "ours:a#4"
    assert [message.role for message in second.messages] == ["user", "assistant", "user"]
    assert second.seen == ("film:Heat:1995", "film:Ronin:1998")
    assert second.recommended == ("film:Moon:2009",)  # Zodiac was named in the talk before
    assert (third.request_id, len(third.messages)) == (
        "ours:a#5",
        1,
    )  # up to the seeker's last word
    assert third.recommended == ("film:Arrival:2016",)


def test_a_chat_gives_a_sample_for_each_turn_with_something_new(lexicon: Lexicon) -> None:
    dialog = dialog_of(
        [
            ("recommender", "Hi, seen Up (2009)?"),
            ("seeker", "No. I like Portal (2007)"),
            ("recommender", "Then Portal 2 (2011)"),
            ("recommender", "and Journey (2012)"),
            ("seeker", "ok"),
            ("recommender", "Portal 2 (2011) it is"),
        ],
        "",
    )
    samples = asked(lexicon, dialog)
    assert [(s.request_id, s.domain, s.recommended) for s in samples] == [
        ("ours:a#2", "game", ("game:Portal 2:2011",)),
        ("ours:a#3", "game", ("game:Journey:2012",)),
    ]
    assert samples[0].messages == (Message("user", "No. I like Portal (2007)"),)


def test_a_dialog_that_only_warns_has_no_sample(lexicon: Lexicon) -> None:
    turns = dialog_of([("seeker", "Is Heat ok?"), ("recommender", "Avoid Heat (1995)")], "")
    assert asked(lexicon, turns) == []


def test_turns_of_one_speaker_in_a_row_are_one_message() -> None:
    talk = [
        turn(0, "seeker", "a", None),
        turn(1, "recommender", "b", 0),
        turn(2, "recommender", "c", 1),
    ]
    assert as_messages(talk) == (Message("user", "a"), Message("assistant", "b\n\nc"))


def test_the_talk_begins_and_ends_with_the_seeker() -> None:
    chain = [
        turn(n, role, str(n), n - 1 if n else None)
        for n, role in enumerate(("recommender", "seeker", "recommender", "seeker", "recommender"))
    ]
    by_id = {t.turn_id: t for t in chain}
    reply = turn(9, "recommender", "x", 4)
    assert [t.text for t in talk_before(reply, by_id)] == ["1", "2", "3"]
    assert talk_before(replace(reply, reply_to="t0"), by_id) == []


def test_figures_count_links_abstentions_and_roles(lexicon: Lexicon) -> None:
    text = "Heat (1995), The Thing, Dune (1999), Heat (1995). Skip Ronin"
    mentions = link_dialog(dialog_of([("recommender", text)], ""), lexicon, RULES)
    assert linking_figures(mentions) == {
        "linked": 3,
        "linked_share": pytest.approx(0.6),
        "linked_items": 2,
        "abstained": {"ambiguous year": 1, "no such year": 1},
        "roles": {"mentioned": 1, "recommended": 2},
    }
    assert linking_figures([])["linked_share"] is None
