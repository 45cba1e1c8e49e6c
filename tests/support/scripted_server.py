"""A chat server on loopback that answers a script, so that the client meets real sockets."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from unittest.mock import patch

from tests.support.http_servers import address_of, serving

KEY = "sk-secret-key"
_HANG_S = 30.0
"""After so long a wait that a test asked for ends, so that nothing hangs."""


@dataclass(frozen=True)
class Answer:
    """What the server says to one call.

    Attributes:
        wait_s: How long it says nothing first.
        together: How many calls it waits for before it answers any of them.
        closed_s: For how long it says the same to every later call.
    """

    status: int = 200
    content: str | None = None
    refusal: str | None = None
    finish_reason: str = "stop"
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    wait_s: float = 0.0
    together: int = 0
    closed_s: float = 0.0

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


class ScriptedServer(ThreadingHTTPServer):
    """Gives the nth call the nth answer, later ones the last, and keeps what it was asked."""

    def __init__(self, *script: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script, self.stopping = script, threading.Event()
        self.changed = threading.Condition()
        self.inside, self.closed_until = 0, 0.0
        self.bodies: list[dict[str, Any]] = []
        self.paths: list[str] = []

    @property
    def url(self) -> str:
        return f"{address_of(self)}/v1"

    def next_answer(self, path: str, body: dict[str, Any]) -> Answer:
        with self.changed:
            self.paths.append(path)
            self.bodies.append(body)
            self.inside += 1
            self.changed.notify_all()
            answer = self.script[min(len(self.bodies), len(self.script)) - 1]
            if time.monotonic() < self.closed_until:
                return self.script[0]
            self.closed_until = time.monotonic() + answer.closed_s
            self.changed.wait_for(lambda: self.inside >= answer.together, _HANG_S)
            return answer


ServerT = TypeVar("ServerT", bound=ScriptedServer)


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedServer

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
def answering(*script: dict[str, Any]) -> Iterator[ScriptedServer]:
    """Serve answers given as fields of `Answer`; the environment names the server and its key."""
    with asked_by_environment(ScriptedServer(*(Answer(**answer) for answer in script))) as server:
        yield server


@contextmanager
def asked_by_environment(server: ServerT) -> Iterator[ServerT]:
    """Serve as the endpoint that the environment names."""
    names = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": KEY}
    with serving(server), patch.dict(os.environ, names):
        try:
            yield server
        finally:
            server.stopping.set()
