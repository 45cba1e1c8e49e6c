"""The interface of every writer: one request in, one validated reply or a failure out.

A request carries both the rendered messages (what a model reads) and `inputs`, the plain data they
were rendered from (what a writer without a model reads). A reply is an object of the class that the
request names, whoever wrote it; only `made_by` tells the caller who did.
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
    """The endpoint cannot serve this run (no key, wrong URL, unknown model)."""


class ReplyModel(BaseModel):
    """Base of every reply: no unknown fields, and no defaults, so that a schema can demand all.

    A validator may read the request's `inputs` as `info.context`, to check a reply against the
    choices that were offered. Keep fields to types and enumerations: endpoints refuse other
    keywords. The class's name and docstring are part of the schema, and so of the ledger's keys.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


R = TypeVar("R", bound=ReplyModel)
R_co = TypeVar("R_co", bound=ReplyModel, covariant=True)


@dataclass(frozen=True, slots=True)
class ChatRequest(Generic[R]):
    """One question to a writer.

    Attributes:
        task: Kind of question ("assign").
        row_id: Row that it is asked for.
        prompt_version: Prompt file, its version and its hash ("assign/1@9c31aa02").
        messages: Rendered from the prompt.
        reply: Class of the reply.
        inputs: What the messages were rendered from: strings, numbers, lists and mappings only.
    """

    task: str
    row_id: str
    prompt_version: str
    messages: tuple[Message, ...]
    reply: type[R]
    inputs: Mapping[str, Any]

    def key(self, settings: Mapping[str, Any]) -> str:
        """Return a hash of everything that shapes a model's reply: 32 hexadecimal digits.

        `inputs` reaches a model only through the messages and is left out; `row_id` is included,
        so that two rows with the same text are two draws.

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
    """Return a reply's JSON schema. The object is shared: do not modify it."""
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
    """A validated reply.

    Attributes:
        value: An object of the request's reply class.
        made_by: "offline-writer/1", "openai:MODEL prompt=assign/1@9c31aa02".
    """

    value: R_co
    made_by: str


@dataclass(frozen=True, slots=True)
class Failure:
    """No usable reply.

    Attributes:
        reason: What rejections are counted by: "model refused", "reply does not fit its schema",
            "endpoint failed".
        detail: For the person who reads the rejection.
        made_by: As for a reply.
    """

    reason: str
    detail: str
    made_by: str


class OneClient(Protocol):
    """Answers one request at a time. Safe to call from several threads."""

    def ask(self, request: ChatRequest[R]) -> Reply[R] | Failure:
        """Return the reply, or the reason why there is none.

        Raises:
            ChatError: If no request of this run can be answered.
        """


@runtime_checkable
class ManyClient(Protocol):
    """Answers many requests at once, as an endpoint should be asked."""

    def ask_many(
        self, requests: Iterable[ChatRequest[R]]
    ) -> Iterator[tuple[ChatRequest[R], Reply[R] | Failure]]:
        """Yield every request with its outcome, in the requests' order.

        Raises:
            SaferecError: If no further request can be answered; paid replies are kept.
        """

    def line(self) -> str:
        """Return a status for the progress bar."""

    def figures(self) -> Mapping[str, Any]:
        """Return what was asked, spent and wasted, for the stage's counts."""

    def remarks(self) -> list[str]:
        """Return what the user should know once the run is over, however it ended."""


ChatClient = OneClient | ManyClient
"""What `builder.llm.asking` sends requests to."""

Grammar = Callable[[Mapping[str, Any], random.Random], Mapping[str, Any]]
"""Answers a task without a model: takes the request's `inputs` and a random generator seeded by the
row, returns the reply's fields as plain data."""
