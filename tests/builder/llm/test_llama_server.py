"""The engine against llama.cpp with a tiny model: a server that nobody wrote for a test."""

import re
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from typing import Literal

import pytest

from builder.llm.client_settings import OpenAISettings
from builder.llm.openai_client.engine import Engine, open_engine
from builder.llm.protocol import ChatError, ChatRequest, Failure, Reply, ReplyModel
from builder.records import Message
from tests.support.scripted_server import KEY

Chosen = Callable[..., OpenAISettings]
N_ROWS = 40
MODEL = "bytes"
MADE_BY = "openai:bytes prompt=mood/1"


class Mood(ReplyModel):
    score: int
    mood: Literal["calm", "loud"]
    name: str


def ask_for(n: int, words: str = "row") -> ChatRequest[Mood]:
    return ChatRequest("mood", f"r{n}", "mood/1", (Message("user", f"{words} {n}"),), Mood, {})


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = str(tmp_path_factory.mktemp("llama"))
    words = [sys.executable, "-m", "tests.support.llama_server", folder]
    with (
        subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server,
    ):
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.kill()


@pytest.fixture(autouse=True)
def environment(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{address}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def rules(chosen: Chosen, **changes: object) -> OpenAISettings:
    return chosen(**{"model": MODEL, "max_tokens": 160, "timeout_s": 30.0, **changes})


def written(address: str) -> int:
    """Return how many tokens the server counts as written so far."""
    asked = urllib.request.Request(f"{address}/metrics", headers={"Authorization": f"Bearer {KEY}"})
    with urllib.request.urlopen(asked) as answer:
        found = re.search(r"^llamacpp:tokens_predicted_total (\d+)", answer.read().decode(), re.M)
    assert found is not None
    return int(found[1])


def ask(engine: Engine, n_rows: int = N_ROWS) -> list[Reply[Mood] | Failure]:
    return [outcome for _, outcome in engine.ask_many(map(ask_for, range(n_rows)))]


def test_replies_hold_to_the_schema_and_are_paid_once(address: str, chosen: Chosen) -> None:
    before = written(address)
    with open_engine(rules(chosen)) as engine:
        outcomes, figures = ask(engine), engine.figures()
    told = figures["used"]["completion_tokens"] + figures["wasted"]["completion_tokens"]
    assert told == written(address) - before
    replies = [outcome for outcome in outcomes if isinstance(outcome, Reply)]
    assert len(replies) > N_ROWS / 2
    assert {reply.made_by for reply in replies} == {MADE_BY}
    reasons = {outcome.reason for outcome in outcomes if isinstance(outcome, Failure)}
    assert reasons <= {"reply does not fit its schema", "endpoint failed"}
    with open_engine(rules(chosen)) as engine:
        again = ask(engine, 1)
    assert again == outcomes[:1]
    assert written(address) - before == told


def test_noise_is_repaired_once_and_kept_with_its_words(address: str, chosen: Chosen) -> None:
    settings = rules(chosen, format="text", max_tokens=20)
    with open_engine(settings) as engine:
        outcomes = ask(engine, 5)
    assert [type(outcome) for outcome in outcomes] == [Failure] * 5
    ledger = sqlite3.connect(settings.ledger)
    kept = [content for (content,) in ledger.execute("SELECT content FROM replies ORDER BY rowid")]
    ledger.close()
    assert len(kept) == 10
    for outcome in outcomes:
        assert isinstance(outcome, Failure)
        assert outcome.reason == "reply does not fit its schema"
        assert outcome.detail.partition("; the reply was: ")[2] in kept


def test_a_row_that_is_too_long_fails_alone(address: str, chosen: Chosen) -> None:
    requests = [ask_for(0), ask_for(1, "long " * 1000), ask_for(2)]
    with open_engine(rules(chosen, attempts=1, in_flight=1)) as engine:
        outcomes = [outcome for _, outcome in engine.ask_many(requests)]
    assert outcomes[1] == Failure("endpoint failed", "status 400", MADE_BY)
    assert not any(o.reason == "endpoint failed" for o in outcomes[::2] if isinstance(o, Failure))


@pytest.mark.parametrize(
    ("variable", "value", "found"),
    [
        ("OPENAI_API_KEY", "sk-another", r"status 401 for model 'bytes'; check OPENAI_BASE_URL"),
        ("OPENAI_BASE_URL", "{}/v2/v1", r"status 404 for model 'bytes'; check OPENAI_BASE_URL"),
    ],
    ids=["wrong key", "wrong path"],
)
def test_what_is_wrong_is_said_in_one_line(
    address: str,
    chosen: Chosen,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    found: str,
) -> None:
    monkeypatch.setenv(variable, value.format(address))
    with open_engine(rules(chosen)) as engine, pytest.raises(ChatError, match=found) as caught:
        ask(engine)
    assert "\n" not in str(caught.value)
    assert "sk-" not in str(caught.value)
