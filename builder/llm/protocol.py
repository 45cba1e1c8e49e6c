"""What every writer understands: one request in, one validated reply or a failure out.

A request carries both the rendered messages (what a model reads) and `inputs`, the plain facts
they were rendered from (what a writer without a model reads). A reply is an object of the model
class the request named, whoever wrote it; the caller cannot tell but by `made_by`.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, Protocol, TypeVar, cast, runtime_checkable

import orjson
from pydantic import BaseModel, ConfigDict

from builder.errors import SaferecError
from builder.records import Message


class ChatError(SaferecError):
    """The endpoint cannot serve this run at all (no key, wrong URL, unknown model)."""


class ReplyModel(BaseModel):
    """Base of every reply: no unknown fields, and no defaults, so that a schema can demand all.

    A validator may read the request's `inputs` as `info.context`, to hold a reply to the choices
    it was given. Keep the fields to types and enumerations: endpoints refuse other keywords.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


R = TypeVar("R", bound=ReplyModel)
R_co = TypeVar("R_co", bound=ReplyModel, covariant=True)


@dataclass(frozen=True, slots=True)
class ChatRequest(Generic[R]):
    """One question.

    `task` names the question ("assign"), `row_id` the row it is asked for, `prompt_version` the
    prompt file, its version and its hash ("assign/1@9c31aa02"). `inputs` holds plain data only
    (strings, numbers, lists, mappings).
    """

    task: str
    row_id: str
    prompt_version: str
    messages: tuple[Message, ...]
    reply: type[R]
    inputs: Mapping[str, Any]

    def key(self, settings: Mapping[str, Any]) -> str:
        """Return a hash of all that shapes a model's reply: 32 hexadecimal digits.

        `inputs` reaches a model only through the messages and is left out; `row_id` is in, so
        that two rows with the same words are two draws.

        Args:
            settings: Of the endpoint: model, temperature and the like.
        """
        parts = [
            self.task,
            self.row_id,
            self.prompt_version,
            [(message.role, message.content) for message in self.messages],
            orjson.Fragment(schema_bytes(self.reply)),
            dict(settings),
        ]
        canonical = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(canonical, digest_size=16).hexdigest()


def schema_of(reply: type[ReplyModel]) -> dict[str, Any]:
    """Return a reply's JSON schema; it must not be changed."""
    return _schema(cast(Hashable, reply))[0]


def schema_bytes(reply: type[ReplyModel]) -> bytes:
    """Return a reply's JSON schema as JSON, keys sorted."""
    return _schema(cast(Hashable, reply))[1]


@cache
def _schema(reply: Any) -> tuple[dict[str, Any], bytes]:
    schema = reply.model_json_schema()
    return schema, orjson.dumps(schema, option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True, slots=True)
class Reply(Generic[R_co]):
    """A validated reply. `made_by`: "offline-writer/1", "openai:MODEL prompt=assign/1@9c31aa02"."""

    value: R_co
    made_by: str


@dataclass(frozen=True, slots=True)
class Failure:
    """No usable reply: `reason` is a short phrase to count rejections by, `detail` for people.

    Reasons: "model refused", "reply does not fit its schema", "endpoint failed".
    """

    reason: str
    detail: str
    made_by: str


class OneClient(Protocol):
    """Answers one request at a time; safe to call from several threads."""

    def ask(self, request: ChatRequest[R]) -> Reply[R] | Failure:
        """Return the reply, or why there is none.

        Raises:
            ChatError: If no request of this run can be answered.
        """


@runtime_checkable
class ManyClient(Protocol):
    """Answers many requests at once, which is all that an endpoint is worth asking for."""

    def ask_many(
        self, requests: Iterable[ChatRequest[R]]
    ) -> Iterator[tuple[ChatRequest[R], Reply[R] | Failure]]:
        """Yield every request with its outcome, in the requests' order.

        Raises:
            SaferecError: If no further request can be answered; what was paid for is kept.
        """

    def line(self) -> str:
        """Return what was spent so far, for a progress bar."""

    def figures(self) -> Mapping[str, Any]:
        """Return what was asked, spent and wasted, for a stage's counts."""


ChatClient = OneClient | ManyClient
"""Whom `builder.llm.asking` puts questions to."""

Grammar = Callable[[Mapping[str, Any], random.Random], Mapping[str, Any]]
"""A task without a model: the request's `inputs` and a generator of the row's own in, the
reply's fields as plain data out."""
