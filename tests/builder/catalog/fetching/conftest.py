"""A publisher on this machine: files with ranges and cut connections, and DoesTheDogDie's API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.http_servers import address_of, serving

KEY = "the-secret-key"


class Publisher(BaseHTTPRequestHandler):
    """Answers from `files` and `films`, and keeps what it was asked."""

    files: ClassVar[dict[str, bytes]] = {}
    etag: ClassVar[str | None] = None
    cut_after: ClassVar[list[int]] = []
    failures: ClassVar[list[tuple[int, dict[str, str]]]] = []
    films: ClassVar[dict[str, int]] = {}
    asked: ClassVar[list[tuple[str, str | None]]] = []
    keys: ClassVar[list[str | None]] = []

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer one request."""
        self.asked.append((self.path, self.headers.get("Range")))
        self.keys.append(self.headers.get("X-API-KEY"))
        if self.failures:
            status, headers = self.failures.pop(0)
            self._send(status, b"", headers)
        elif self.path in self.files:
            self._send_file(self.files[self.path])
        elif self.headers.get("X-API-KEY") != KEY:
            self._send(403, b"", {})
        else:
            self._send_answer()

    def _send_file(self, content: bytes) -> None:
        start = 0
        wanted = self.headers.get("Range")
        if wanted and self.etag and self.headers.get("If-Range") == self.etag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        headers = {"ETag": self.etag} if self.etag else {}
        cut = self.cut_after.pop(0) if self.cut_after else None
        self._send(206 if start else 200, content[start:], headers, cut)

    def _send_answer(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/dddsearch":
            [imdb] = parse_qs(asked.query)["imdb"]
            found = [{"id": self.films[imdb], "imdbId": imdb}] if imdb in self.films else []
            self._send(200, json.dumps({"items": found}).encode(), {})
            return
        number = int(asked.path.removeprefix("/media/"))
        [imdb] = [name for name, own in self.films.items() if own == number]
        item = {"id": number, "name": "A Film", "imdbId": imdb, "itemType": {"name": "Movie"}}
        topic = {"yesSum": 9, "noSum": 1, "topic": {"doesName": "Does the dog die"}}
        self._send(200, json.dumps({"item": item, "topicItemStats": [topic]}).encode(), {})

    def _send(
        self, status: int, content: bytes, headers: dict[str, str], cut: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content if cut is None else content[:cut])


@contextmanager
def started() -> Iterator[type[Publisher]]:
    """Start a publisher; its address is `publisher.url`."""
    own = type(
        "OwnPublisher",
        (Publisher,),
        {
            "files": {},
            "etag": None,
            "cut_after": [],
            "failures": [],
            "films": {},
            "asked": [],
            "keys": [],
        },
    )
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), own)) as server:
        own.url = address_of(server)  # type: ignore[attr-defined]
        yield own


@pytest.fixture
def publisher() -> Iterator[type[Publisher]]:
    """Give a publisher."""
    with started() as own:
        yield own


@pytest.fixture
def stranger() -> Iterator[type[Publisher]]:
    """Give another publisher, at another address."""
    with started() as own:
        yield own
