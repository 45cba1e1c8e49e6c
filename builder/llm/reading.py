"""From what an endpoint said to a validated reply, or to the one question that may repair it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Generic

from pydantic import ValidationError

from builder.llm.protocol import ChatRequest, Failure, R, Reply
from builder.records import Message

REFUSED = "model refused"
UNFIT = "reply does not fit its schema"
_FENCED = re.compile(r"```(?:json)?\s*(\{.*\})\s*```", re.DOTALL)
_CUT = "the reply was cut off at its length limit"


@dataclass(frozen=True, slots=True)
class Paid:
    """One reply as the endpoint gave it; tokens are None where it did not count them."""

    model: str
    content: str | None
    refusal: str | None
    finish_reason: str
    prompt_tokens: int | None
    completion_tokens: int | None


@dataclass(frozen=True, slots=True)
class Unfit(Generic[R]):
    """A reply that is not the object asked for; `repair` is the question that may fix it."""

    content: str
    error: str
    repair: ChatRequest[R]


def read_paid(request: ChatRequest[R], paid: Paid, made_by: str) -> Reply[R] | Failure | Unfit[R]:
    """Return what a paid reply comes to."""
    if paid.refusal or paid.finish_reason == "content_filter":
        return Failure(REFUSED, paid.refusal or "", made_by)
    content = paid.content or ""
    try:
        value = request.reply.model_validate_json(_json_of(content), context=request.inputs)
    except ValidationError as exc:
        error = f"{_CUT}; {_errors(exc)}" if paid.finish_reason == "length" else _errors(exc)
        return Unfit(content, error, _repair(request, content, error))
    return Reply(value, made_by)


def give_up(unfit: Unfit[R], made_by: str) -> Failure:
    """Return the failure of a reply that was not fixed, with all its words."""
    return Failure(UNFIT, f"{unfit.error}; the reply was: {unfit.content}", made_by)


def _json_of(content: str) -> str:
    """Return the object within a reply that wraps it in prose, the reply itself otherwise."""
    said = content.strip()
    if said.startswith("{"):
        return said
    fenced = _FENCED.search(said)
    if fenced:
        return fenced[1]
    start, end = said.find("{"), said.rfind("}")
    return said[start : end + 1] if 0 <= start < end else said


def _repair(request: ChatRequest[R], content: str, error: str) -> ChatRequest[R]:
    said = (
        Message("assistant", content),
        Message("user", f"That reply cannot be read: {error}. Send the corrected JSON only."),
    )
    return replace(request, messages=(*request.messages, *said))


def _errors(exc: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, error['loc'])) or 'reply'}: {error['msg']}" for error in exc.errors()
    )
