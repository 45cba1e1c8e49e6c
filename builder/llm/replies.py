"""Parse an endpoint's response into a validated reply, or into a request that may repair it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Generic

import orjson
from pydantic import ValidationError

from builder.llm.protocol import ChatRequest, Failure, R, Reply
from builder.llm.reply_json import objects_in
from builder.records import Message
from builder.text_files.json_text import JsonError, parse_json

REFUSED = "model refused"
INVALID = "reply does not fit its schema"
_CUT = "the reply was cut off at its length limit"


@dataclass(frozen=True, slots=True)
class Paid:
    """One reply as the endpoint sent it; tokens are None if it did not count them."""

    model: str
    content: str | None
    refusal: str | None
    finish_reason: str
    prompt_tokens: int | None
    completion_tokens: int | None


@dataclass(frozen=True, slots=True)
class InvalidReply(Generic[R]):
    """A reply that does not fit its schema; `repair` is the request that may fix it."""

    content: str
    error: str
    repair: ChatRequest[R]


def read_paid(
    request: ChatRequest[R], paid: Paid, made_by: str
) -> Reply[R] | Failure | InvalidReply[R]:
    """Return a paid reply as a validated object, a refusal or an invalid reply."""
    if paid.refusal or paid.finish_reason == "content_filter":
        return Failure(REFUSED, paid.refusal or "", made_by)
    content = paid.content or ""
    try:
        return Reply(_value_in(content, request), made_by)
    except ValidationError as exc:
        error = f"{_CUT}; {_errors(exc)}" if paid.finish_reason == "length" else _errors(exc)
        return InvalidReply(content, error, _repair(request, content, error))


def give_up(invalid: InvalidReply[R], made_by: str) -> Failure:
    """Return the failure for a reply whose repair did not fit either, with its full text."""
    return Failure(INVALID, f"{invalid.error}; the reply was: {invalid.content}", made_by)


def _value_in(content: str, request: ChatRequest[R]) -> R:
    """Return the first object in a reply that fits the schema.

    Raises:
        ValidationError: If none does, for the first object, or for the whole reply if it has none.
    """
    misfit: ValidationError | None = None
    for text in objects_in(content):
        try:
            return request.reply.model_validate_json(
                _without_half_pairs(text), context=request.inputs
            )
        except ValidationError as exc:
            misfit = misfit or exc
    if misfit is not None:
        raise misfit
    return request.reply.model_validate_json(content.strip(), context=request.inputs)


def _without_half_pairs(text: str) -> str | bytes:
    """Return JSON whose strings hold no half of an emoji, which a schema would refuse."""
    if "\\u" in text:
        with suppress(JsonError):
            return orjson.dumps(parse_json(text.encode()))
    return text


def _repair(request: ChatRequest[R], content: str, error: str) -> ChatRequest[R]:
    correction = (
        Message("assistant", content),
        Message("user", f"That reply cannot be read: {error}. Send the corrected JSON only."),
    )
    return replace(request, messages=(*request.messages, *correction))


def _errors(exc: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, error['loc'])) or 'reply'}: {error['msg']}" for error in exc.errors()
    )
