"""Whole dialogs: mentions, requests, and the reason where there is no request."""

from __future__ import annotations

from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.link_dialogs import link_dialogs
from builder.sources import Reject
from tests.support.linking import RULES, dialog_of


def test_a_dialog_gives_mentions_and_requests_or_a_reason(
    lexicon: Lexicon, reject: Reject, rejected: list[tuple[str, str, str]]
) -> None:
    asked = "Something tense for tonight?"
    talks = [(asked, "Heat (1995)"), ("hello", "Heat (1995)"), (asked, "no idea")]
    dialogs = [
        dialog_of([("seeker", request), ("recommender", reply)], "moviesuggestions")
        for request, reply in talks
    ]
    mentions, requests = link_dialogs(
        dialogs, lexicon, RULES, {}, request_min_words=2, reject=reject
    )
    assert [mention.surface for mention in mentions] == ["Heat (1995)"] * 2
    [heat] = {mention.item_id for mention in mentions}
    assert [request.recommended for request in requests] == [(heat,)]
    assert [(reason, detail) for _, reason, detail in rejected] == [
        ("seeker has said too little", "hello"),
        ("no recommendation of a known item", "0 mentions, 0 linked"),
    ]
