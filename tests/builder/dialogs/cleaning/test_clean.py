from __future__ import annotations

from dataclasses import replace

import pytest

from builder.dialogs.cleaning.clean import clean_replies, clean_threads
from builder.dialogs.cleaning.filters import Rules, is_request, reply_reason, thread_reason
from builder.dialogs.cleaning.language import foreign_language
from builder.sources import Reject
from tests.factories import make_post, make_thread

Rejected = list[tuple[str, str, str]]
ASK = "Films like Heat please"


@pytest.mark.parametrize(
    ("text", "changes", "reason"),
    [
        ("[deleted]", {"author": None}, "reply: deleted body"),
        ("[removed]", {}, "reply: removed body"),
        ("I am a bot, and this action was performed automatically.", {}, "reply: bot"),
        ("Please flair your post", {"author": "AutoModerator"}, "reply: bot"),
        ("Reminder set", {"author": "remind_me_bot"}, "reply: bot"),
        ("!!! :)", {}, "reply: no words"),
        ("Heat (1995)", {"score": -1}, "reply: score below minimum"),
        ("J'ai vu ce film avec ma mère et c'est très bien", {}, "reply: other language (French)"),
        ("Смотри этот фильм", {}, "reply: other language (another script)"),
        ("Heat (1995)", {"author": "Abbot"}, None),
        ("La La Land, El Mariachi, Les Misérables, Das Boot", {}, None),
        ("Heat", {"score": None}, None),
    ],
)
def test_replies_are_left_out_for_a_reason(
    rules: Rules, text: str, changes: dict[str, object], reason: str | None
) -> None:
    assert reply_reason(make_post("t1_x", text, **changes), rules) == reason


@pytest.mark.parametrize(
    ("request_text", "changes", "reason"),
    [
        (ASK, {}, None),
        (ASK, {"over_18": True}, "request: over 18"),
        (ASK, {"score": -1}, "request: score below minimum"),
        ("Heat please", {}, "request: too short"),
        ("[removed]", {}, "request: removed body"),
        ("[META] the rules of this place, please read", {}, "request: not a request"),
        ("Busco una película para ver con mi abuela", {}, "request: other language (Spanish)"),
        ("hi", {"is_chat": True}, None),
    ],
)  # fmt: skip
def test_threads_are_left_out_for_a_reason(
    rules: Rules,
    request_text: str,
    changes: dict[str, object],
    reason: str | None,
) -> None:
    assert thread_reason(make_thread(request_text, **changes), rules) == reason


def test_over_18_may_be_allowed(rules: Rules) -> None:
    allowed = rules.model_copy(update={"allow_over_18": True})
    assert thread_reason(make_thread(ASK, over_18=True), allowed) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("winter horror\n\nSnow, wind, nobody coming.", True),
        ("Just watched Heat, what next?\n\nLoved it", True),
        ("Just watched Heat\n\nWhat a film. Ten of ten.", False),
        ("rant: stop with the sequels\n\nplease", False),
        ("please stop recommending Heat\n\nEvery thread.", False),
    ],
)
def test_what_is_a_request(text: str, expected: bool) -> None:
    assert is_request(text) is expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I loved La La Land and Les Misérables with my mum", None),
        ("La La Land, El Mariachi, Les Misérables, Das Boot", None),
        ("amélie and la haine and les intouchables", None),
        ("no i dont", None),
        ("ikr I can't get toilet paper : (", None),
        ("", None),
        ("2001 300 9", None),
        ("Ich suche einen Film, der wie Heat ist, aber nicht so lang", "German"),
        ("Busco una película para ver con mi abuela", "Spanish"),
        ("Ich suche jo@example.org einen Film und das ist auch gut", "German"),
        ("hola amigos que pelicula me recomiendan", "Spanish"),
        ("Cerco un film da vedere con i bambini", "Italian"),
        ("Ik zoek een film voor vanavond", "Dutch"),
        ("Jag letar efter en film", "Swedish"),
        ("szukam filmu na wieczór", "Polish"),
        ("ベストの映画を教えて", "another script"),
    ],
)
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    assert foreign_language(text, min_confidence=0.05, min_words=4) == language


def test_an_answer_to_a_rejected_reply_moves_up(
    rules: Rules, reject: Reject, rejected: Rejected
) -> None:
    asked = make_thread(
        ASK,
        make_post("t1_b", "[deleted]"),
        make_post("t1_c", "[removed]", reply_to="t1_b"),
        make_post("t1_d", "Heat (1995)", reply_to="t1_c"),
        make_post("t1_e", "yes", reply_to="t1_d"),
    )
    cleaned = clean_replies(asked, rules, reject)
    assert [(p.post_id, p.reply_to) for p in cleaned.posts] == [
        ("t3_a", None),
        ("t1_d", "t3_a"),
        ("t1_e", "t1_d"),
    ]
    assert rejected == [
        ("RC:t1_b", "reply: deleted body", "t1_b"),
        ("RC:t1_c", "reply: removed body", "t1_c"),
    ]


def test_a_thread_without_anyone_recommending_goes(
    rules: Rules, reject: Reject, rejected: Rejected
) -> None:
    alone = make_thread(
        ASK, make_post("t1_b", "[deleted]"), make_post("t1_c", "bump", role="seeker")
    )
    assert list(clean_threads([alone], rules, reject)) == []
    assert rejected[-1] == ("RC:t3_a", "request: no reply left", "t3_a with 2 replies")


def test_a_thread_read_twice_is_kept_once(rules: Rules, reject: Reject, rejected: Rejected) -> None:
    first = make_thread(ASK, make_post("t1_x", "Ronin"))
    again = make_thread(ASK, make_post("t1_x", "Ronin"))
    moved = replace(again, posts=(replace(again.posts[0], place="RS_2:9"), *again.posts[1:]))
    assert list(clean_threads([first, moved], rules, reject)) == [
        replace(first, as_read=first.posts)
    ]
    assert rejected == [("RS_2:9", "duplicate id", "t3_a with 1 replies")]
