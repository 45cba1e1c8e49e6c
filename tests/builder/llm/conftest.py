"""A chat server on loopback that answers a script, so that the client meets real sockets."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from builder.llm.asking import ask_all
from builder.llm.protocol import ChatClient, ChatRequest, Failure, R, Reply
from builder.llm.settings import OpenAISettings

GOOD = {"content": '{"row": "row 0", "mark": 4}'}
KEY = "sk-secret-key"


@dataclass
class Answer:
    status: int = 200
    content: str | None = None
    refusal: str | None = None
    finish_reason: str = "stop"
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    wait_s: float = 0.0

    def body(self, model: str) -> bytes:
        if self.raw is not None:
            return self.raw
        if self.status != 200:
            return b'{"error": {"message": "the body said sk-secret-key", "type": "x"}}'
        message = {"role": "assistant", "content": self.content, "refusal": self.refusal}
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason}
        usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        return json.dumps({"id": "c1", "object": "chat.completion", "created": 1, "model": model,
                           "choices": [choice], "usage": usage}).encode()  # fmt: skip


class ChatServer(ThreadingHTTPServer):
    def __init__(self, script: list[Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script, self.lock, self.stopping = script, threading.Lock(), threading.Event()
        self.bodies: list[dict[str, Any]] = []
        self.paths: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def next_answer(self, path: str, body: dict[str, Any]) -> Answer:
        with self.lock:
            self.paths.append(path)
            self.bodies.append(body)
            return self.script[min(len(self.bodies), len(self.script)) - 1]


class _Handler(BaseHTTPRequestHandler):
    server: ChatServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.server.next_answer(self.path, body)
        if self.server.stopping.wait(answer.wait_s):
            return
        content = answer.body(body["model"])
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client gave up waiting, as a test wanted

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def _serving(*script: dict[str, Any]) -> Iterator[ChatServer]:
    server = ChatServer([Answer(**answer) for answer in script])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def serving() -> Callable[..., AbstractContextManager[ChatServer]]:
    """Serve answers given as fields of `Answer`: the nth call gets the nth, later ones the last."""
    return _serving


@contextmanager
def _running(mode: str, seed: int, wait_s: float) -> Iterator[str]:
    words = [sys.executable, str(Path(__file__).with_name("chat_server.py"))]
    server = subprocess.Popen(
        [*words, mode, str(seed), str(wait_s)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    with server, pytest.MonkeyPatch.context() as patch:
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
        patch.setenv("OPENAI_BASE_URL", url)
        patch.setenv("OPENAI_API_KEY", "sk-secret-key")
        try:
            yield url
        finally:
            server.kill()


@pytest.fixture
def running() -> Callable[..., AbstractContextManager[str]]:
    """Run chat_server.py in a process of its own: its mode, seed and delay in; its address out."""
    return _running


@pytest.fixture
def url(
    serving: Callable[..., AbstractContextManager[ChatServer]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Serve a good answer, and hold that nobody asked for it."""
    with serving(GOOD) as chat:
        monkeypatch.setenv("OPENAI_BASE_URL", chat.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield chat.url
        assert chat.bodies == []


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "ledger.sqlite"


@pytest.fixture
def chosen(tmp_path: Path) -> Callable[..., OpenAISettings]:
    """Return settings of an endpoint for tests, some of them changed."""
    return lambda **changes: settings_for(tmp_path / "folder" / "ledger.sqlite", **changes)


def ask_one(client: ChatClient, request: ChatRequest[R]) -> Reply[R] | Failure:
    [(_, outcome)] = ask_all(client, [request], workers=1)
    return outcome


def settings_for(path: Path, **changes: object) -> OpenAISettings:
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
        "ledger": str(path),
    }
    return OpenAISettings.model_validate(values | changes)
