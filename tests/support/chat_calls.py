"""Requests for a language model, and how tests ask them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationInfo, field_validator

from builder.errors import SaferecError
from builder.llm.asking import ask_all
from builder.llm.client_settings import OpenAISettings
from builder.llm.clients import open_client
from builder.llm.openai_client.engine import Engine
from builder.llm.protocol import ChatClient, ChatRequest, Failure, R, Reply, ReplyModel
from builder.records import Message
from tests.support.scripted_server import KEY

MARK_ANSWER = {"content": '{"row": "row 0", "mark": 4}'}


class Marked(ReplyModel):
    row: str
    mark: int


def mark_request(n: int) -> ChatRequest[Marked]:
    return ChatRequest("mark", f"r{n}", "mark/1", (Message("user", f"row {n}"),), Marked, {})


class Pick(ReplyModel):
    name: str
    score: int

    @field_validator("name")
    @classmethod
    def _is_offered(cls, value: str, info: ValidationInfo) -> str:
        if info.context is not None and value not in info.context["names"]:
            raise ValueError("is not one of the names offered")
        return value


PICK_ANSWER = {"content": '{"name": "a", "score": 4}'}
PICK_MADE_BY = "openai:small-model prompt=pick/3"
PICKED = Reply(Pick(name="a", score=4), PICK_MADE_BY)


def pick_request(row_id: str, words: str = "Which?") -> ChatRequest[Pick]:
    names = {"names": ["a", "b"]}
    return ChatRequest("pick", row_id, "pick/3", (Message("user", words),), Pick, names)


def settings_for(ledger: Path, **changes: object) -> OpenAISettings:
    """Return settings of an endpoint that is asked fast and gives up soon."""
    values: dict[str, object] = {
        "kind": "openai",
        "model": "small-model",
        "temperature": 0.5,
        "max_tokens": 64,
        "max_tokens_key": "max_completion_tokens",
        "format": "json_schema",
        "batch": None,
        "in_flight": 64,
        "requests_per_minute": None,
        "tokens_per_minute": None,
        "timeout_s": 5.0,
        "request_timeout_s": 60.0,
        "run_timeout_s": None,
        "attempts": 3,
        "retry_wait_s": 0.0,
        "budget_usd": None,
        "budget_tokens": None,
        "prices": "builder/llm/ledger/prices.yaml",
        "ledger": str(ledger),
    }
    return OpenAISettings.model_validate(values | changes)


def write_prices(path: Path) -> Path:
    """Write a file of prices, in dollars for a million tokens, with one model."""
    path.write_text(
        "models:\n  small-model: {input: 0.15, output: 0.60, batch: 0.5, as_of: '2026-01-02'}\n"
    )
    return path


@contextmanager
def engine_for(ledger: Path, **changes: object) -> Iterator[Engine]:
    """Open an engine that asks the server named in the environment."""
    with open_client(settings_for(ledger, **changes), seed=1, grammars={}) as client:
        assert isinstance(client, Engine)
        yield client


def ask_one(client: ChatClient, request: ChatRequest[R]) -> Reply[R] | Failure:
    [(_, outcome)] = ask_all(client, [request], workers=1)
    return outcome


def ask_marks(settings: OpenAISettings, n_rows: int = 1) -> list[Any]:
    """Return the outcomes of so many rows."""
    with open_client(settings, seed=1, grammars={}) as client:
        outcomes = ask_all(client, map(mark_request, range(n_rows)), workers=1)
        return [outcome for _, outcome in outcomes]


def error_of(settings: OpenAISettings) -> str:
    """Return the one line that a user sees when a run cannot go on."""
    with pytest.raises(SaferecError) as caught:
        ask_marks(settings)
    line = str(caught.value)
    assert "\n" not in line
    assert KEY not in line
    return line
