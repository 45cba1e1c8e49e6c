"""Dialogs to mentions and requests; what gives no request is rejected with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.mentions.linker import LinkRules, link_dialog
from builder.linking.requests.requests import reason_to_skip, requests_of
from builder.records import Dialog, Mention, Request
from builder.sources import Reject


def link_dialogs(
    dialogs: Iterable[Dialog],
    lexicon: Lexicon,
    rules: LinkRules,
    decided: Mapping[str, str | None],
    *,
    request_min_words: int,
    reject: Reject,
) -> tuple[list[Mention], list[Request]]:
    """Return the mentions in the dialogs and the requests that follow from them.

    Args:
        dialogs: The threads.
        lexicon: The catalogue's titles.
        rules: Settings of linking.
        decided: Item by words that people decided on, None for no title.
        request_min_words: Words that a seeker must have said before a reply.
        reject: Called for each dialog without a request, and each request that expresses no wish.
    """
    mentions: list[Mention] = []
    requests: list[Request] = []
    for dialog in dialogs:
        linked = link_dialog(dialog, lexicon, rules, decided)
        mentions += linked
        asked = list(requests_of(dialog, linked, lexicon.domain_by_id))
        if not asked:
            detail = f"{len(linked)} mentions, {sum(m.item_id is not None for m in linked)} linked"
            reject(dialog.dialog_id, "no recommendation of a known item", detail)
        for request in asked:
            reason = reason_to_skip(request, request_min_words)
            if reason is None:
                requests.append(request)
            else:
                words = " / ".join(m.content for m in request.messages if m.role == "user")
                reject(request.request_id, reason, words)
    return mentions, requests
