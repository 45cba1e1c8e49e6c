"""Sixty attempts to change a task from within data, against a server that obeys what it can.

The server in mode "naive" is a weak model: it lets any line that looks like an end close the data,
it reads the tokens of chat templates wherever they stand, and it obeys every order outside of data.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.llm.client_settings import OpenAISettings
from builder.llm.openai_client.engine import Engine, open_engine
from builder.llm.prompts import Prompt
from builder.llm.protocol import ChatRequest, Failure, Reply
from builder.records import Message, Request
from builder.synthesis.assign.candidates import cue_request
from builder.synthesis.assign.replies import FoundCue
from builder.synthesis.penguin.advice_posts import profile_request
from builder.taxonomy import Taxonomy
from tests.factories import make_dialog, make_request, make_turn
from tests.support.chat_server import running

Chosen = Callable[..., OpenAISettings]
ATTEMPTS = yaml.safe_load(Path(__file__).with_name("injections.yaml").read_text(encoding="utf-8"))
TEXTS = [text for texts in ATTEMPTS.values() for text in texts]
TRAITS = list(Taxonomy.load(Path("data/taxonomy")).traits.values())


@pytest.fixture
def asking(chosen: Chosen) -> Callable[..., list[Any]]:
    def ask(mode: str, requests: list[ChatRequest[Any]]) -> list[Any]:
        with running(mode, 0, 0.0), open_engine(chosen()) as engine:
            assert isinstance(engine, Engine)
            return [outcome for _, outcome in engine.ask_many(requests)]

    return ask


def sample(n: int, text: str) -> Request:
    return make_request(f"Films for tonight? {text}", f"s{n}", recommended=("a",))


def cue(n: int, text: str) -> ChatRequest[FoundCue]:
    return cue_request(sample(n, text), TRAITS, max_chars=2000)


def test_there_are_sixty_different_attempts() -> None:
    assert len(set(TEXTS)) == 60
    assert all("PWNED" in text for text in TEXTS)


def test_no_attempt_leaves_its_data(asking: Callable[..., list[Any]]) -> None:
    attacked = asking("naive", [cue(n, text) for n, text in enumerate(TEXTS)])
    [plain] = asking("naive", [cue(0, "A western would be nice.")])
    assert isinstance(plain, Reply)
    assert attacked == [plain] * 60


def test_no_title_leaves_its_place() -> None:
    template = "Titles: {{ titles | join('; ') }}"
    prompt = Prompt("cues/1", Path("cues.md"), (("user", template),), frozenset({"titles"}))
    texts = ATTEMPTS["fence"] + ATTEMPTS["roles"][:14] + ATTEMPTS["template"]
    for text in texts:
        [message] = prompt.render(titles=[text.replace("PWNED", "x")])
        assert not any(mark in message.content for mark in ("<<<", ">>>", "<|", "|>", "[INST]"))


def test_no_post_leaves_its_data(asking: Callable[..., list[Any]]) -> None:
    def posts(n: int, text: str) -> ChatRequest[Any]:
        turn = make_turn(f"I am 31. What should I do? {text}", turn_id=f"u{n}")
        dialog = make_dialog(turn, dialog_id=f"d{n}")
        request = profile_request(dialog, 2000)
        assert request is not None
        return request

    attacked = asking("naive", [posts(n, text) for n, text in enumerate(TEXTS)])
    [plain] = asking("naive", [posts(0, "Thanks.")])
    assert isinstance(plain, Reply)
    assert attacked == [plain] * 60


def test_the_server_does_obey_what_is_not_fenced(asking: Callable[..., list[Any]]) -> None:
    bare = [
        ChatRequest(c.task, c.row_id, c.prompt_version, (Message("user", text),), c.reply, c.inputs)
        for c, text in ((cue(n, text), text) for n, text in enumerate(TEXTS))
    ]
    outcomes = asking("naive", bare)
    assert [type(outcome) for outcome in outcomes] == [Failure] * 60


def test_even_a_model_that_obeys_keeps_to_schema_and_labels(
    asking: Callable[..., list[Any]],
) -> None:
    outcomes = asking("obeying", [cue(n, text) for n, text in enumerate(TEXTS)])
    assert {outcome.reason for outcome in outcomes} == {"reply does not fit its schema"}
