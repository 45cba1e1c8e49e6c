"""Requests in dialogs: one for each reply that recommends something not yet named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from builder.linking.requests.small_talk import only_greets
from builder.records import Dialog, Domain, Mention, Message, Request, Turn


def requests_of(
    dialog: Dialog, mentions: Iterable[Mention], domain_by_id: Mapping[str, Domain]
) -> Iterator[Request]:
    """Yield a dialog's requests in the order of the replies.

    The messages of a request are the talk that leads to the reply: the turns above it, from the
    seeker's first to the seeker's last; consecutive turns of one speaker are one message. `seen` is
    what the seeker named there, `recommended` what the reply recommends and nobody named there.
    """
    turn_by_id = {turn.turn_id: turn for turn in dialog.turns}
    mentions_by_turn: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.item_id is not None:
            mentions_by_turn[mention.turn_id].append(mention)
    for number, reply in enumerate(dialog.turns):
        if reply.role != "recommender":
            continue
        talk = talk_before(reply, turn_by_id)
        named = _items(m for turn in talk for m in mentions_by_turn[turn.turn_id])
        wanted = _items(m for m in mentions_by_turn[reply.turn_id] if m.role == "recommended")
        recommended = tuple(item_id for item_id in wanted if item_id not in named)
        if not talk or not recommended:
            continue
        asked = (turn for turn in talk if turn.role == "seeker")
        yield Request(
            request_id=f"{dialog.dialog_id}#{number}",
            dialog_id=dialog.dialog_id,
            source=dialog.source,
            licence=dialog.licence,
            domain=domain_by_id[recommended[0]],
            created_utc=dialog.created_utc,
            turn_ids=(*(turn.turn_id for turn in talk), reply.turn_id),
            messages=as_messages(talk),
            seen=_items(m for turn in asked for m in mentions_by_turn[turn.turn_id]),
            recommended=recommended,
        )


def reason_to_skip(request: Request, min_words: int) -> str | None:
    """Return why a request expresses no wish; None if it does.

    Args:
        request: The request.
        min_words: Words that the seeker must have said before the reply.
    """
    n_words = sum(len(m.content.split()) for m in request.messages if m.role == "user")
    if n_words < min_words:
        return "seeker has said too little"
    return "seeker has only greeted" if only_greets(request) else None


def talk_before(reply: Turn, turn_by_id: Mapping[str, Turn]) -> list[Turn]:
    """Return the turns above a reply, from the seeker's first to the seeker's last."""
    above: list[Turn] = []
    parent = reply.reply_to
    while parent is not None:
        above.append(turn_by_id[parent])
        parent = turn_by_id[parent].reply_to
    places = [place for place, turn in enumerate(above) if turn.role == "seeker"]
    return above[places[0] : places[-1] + 1][::-1] if places else []


def as_messages(talk: Sequence[Turn]) -> tuple[Message, ...]:
    """Return turns as chat messages: the seeker is the user, recommenders are the assistant."""
    messages: list[Message] = []
    for turn in talk:
        role: Literal["user", "assistant"] = "user" if turn.role == "seeker" else "assistant"
        if messages and messages[-1].role == role:
            messages[-1] = Message(role, f"{messages[-1].content}\n\n{turn.text}")
        else:
            messages.append(Message(role, turn.text))
    return tuple(messages)


def _items(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """Return the items in order of first mention."""
    return tuple(dict.fromkeys(m.item_id for m in mentions if m.item_id is not None))
