"""Servers that the environment names, against a real one on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pipelines.cli.commands.endpoints import ENDPOINTS, Answer, ask, without_secrets
from tests.support.http_servers import address_of, serving

MODEL, LABELS = ENDPOINTS
SECRET = "sk-do-not-print-me"


class Handler(BaseHTTPRequestHandler):
    """Answers /STATUS/... with that status; remembers what it was told."""

    seen: list[tuple[str, str | None]] = []  # noqa: RUF012

    def do_GET(self) -> None:
        Handler.seen.append((self.path, self.headers.get("Authorization")))
        status = int(self.path.split("/")[1])
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/200/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def address() -> Iterator[str]:
    Handler.seen.clear()
    with serving(HTTPServer(("127.0.0.1", 0), Handler)) as server:
        yield address_of(server)


@pytest.mark.parametrize(
    ("status", "is_well", "text"),
    [
        (200, True, "answers (200)"),
        (401, False, "refuses the key (401)"),
        (500, False, "answers (500)"),
        (302, True, "answers (302)"),
    ],
)
def test_what_a_server_says_is_told(address: str, status: int, is_well: bool, text: str) -> None:
    url = f"{address}/{status}"
    environment = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": SECRET}
    assert ask(MODEL, environment) == Answer(is_well, f"{url} {text}")
    assert Handler.seen == [(f"/{status}/models", f"Bearer {SECRET}")]


def test_without_a_key_none_is_sent(address: str) -> None:
    assert ask(LABELS, {"LABEL_STUDIO_URL": f"{address}/200/"}).is_well
    assert Handler.seen == [("/200/health", None)]


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://127.0.0.1:1", "http://127.0.0.1:1 does not answer"),
        ("file:///etc/passwd", "OPENAI_BASE_URL must begin with http:// or https://"),
        ("http://[::1", "OPENAI_BASE_URL is not an address"),
        ("http://x:port", "OPENAI_BASE_URL is not an address"),
    ],
    ids=["silent", "file", "broken", "port"],
)
def test_what_cannot_answer_is_told(url: str, text: str) -> None:
    assert ask(MODEL, {"OPENAI_BASE_URL": url}) == Answer(False, text)


def test_an_address_is_shown_without_its_secrets() -> None:
    url = f"https://me:{SECRET}@host:8443/v1?key={SECRET}#x"
    assert without_secrets(url) == "https://host:8443/v1"
