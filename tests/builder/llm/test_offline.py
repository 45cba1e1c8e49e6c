import random
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from builder.llm.asking import ask_all
from builder.llm.client_settings import OfflineSettings
from builder.llm.clients import open_client
from builder.llm.offline import OfflineWriter
from builder.llm.protocol import ChatRequest, Reply, ReplyModel
from builder.records import Message


class Drawn(ReplyModel):
    number: int
    word: str


def draw(inputs: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
    return {"number": rng.randrange(10**9), "word": inputs["word"]}


def ask_for(row_id: str, task: str = "draw", word: str = "w") -> ChatRequest[Drawn]:
    return ChatRequest(task, row_id, "draw/1", (Message("user", "Draw."),), Drawn, {"word": word})


def number(seed: int, request: ChatRequest[Drawn]) -> int:
    outcome = OfflineWriter(seed, {"draw": draw, "again": draw}).ask(request)
    assert isinstance(outcome, Reply)
    assert outcome.made_by == "offline-writer/1"
    return outcome.value.number


def test_a_row_draws_the_same_whatever_was_asked_before() -> None:
    writer = OfflineWriter(7, {"draw": draw})
    rows = [f"r{n}" for n in range(20)]
    forwards = dict(zip(rows, ask_all(writer, map(ask_for, rows), 4), strict=True))
    backwards = dict(zip(rows[::-1], ask_all(writer, map(ask_for, rows[::-1]), 1), strict=True))
    assert forwards == backwards


def test_seed_row_and_task_each_change_the_draw() -> None:
    drawn = {
        number(7, ask_for("r1")),
        number(8, ask_for("r1")),
        number(7, ask_for("r2")),
        number(7, ask_for("r1", task="again")),
    }
    assert len(drawn) == 4


def test_a_grammar_is_held_to_the_schema() -> None:
    with (
        open_client(
            OfflineSettings(kind="offline"), seed=1, grammars={"draw": lambda i, r: {"number": "x"}}
        ) as writer,
        pytest.raises(ValidationError),
    ):
        writer.ask(ask_for("r1"))
