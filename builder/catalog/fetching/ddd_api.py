"""A polite client of DoesTheDogDie's API: one request at a time, no film asked for twice.

Answers are appended to a JSONL file that `builder.catalog.readers.ddd` reads, each with the IMDb id
that was asked for: {"asked_for": "tt2911666", "item": {...}, "topicItemStats": [...]}; `item` is
null if the site does not know the film. A killed run is resumed after the last whole line.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2

from builder.catalog.draft import imdb_id
from builder.catalog.fetching.download import DownloadError
from builder.catalog.fetching.http_client import AttemptError, attempt, open_client, retrying
from builder.catalog.fetching.register import Api, Http
from builder.errors import InputError, refuse
from builder.text_files.json_text import JsonError, parse_json, parse_object

_REFUSED = {401, 403}
_KEY_HEADER = "X-API-KEY"


class Pace:
    """Spaces requests so that no second sees more than its share."""

    def __init__(
        self,
        requests_per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap_s, self._clock, self._sleep = 1 / requests_per_second, clock, sleep
        self._free_at = clock()

    def wait(self) -> None:
        """Wait until the next request may be sent."""
        self.rest(self._free_at - self._clock())
        self._free_at = self._clock() + self._gap_s

    def rest(self, seconds: float) -> None:
        """Sleep, unless the time is not positive."""
        if seconds > 0:
            self._sleep(seconds)


class DddApi:
    """Asks for films by IMDb id. Close it, or use it in a `with` statement.

    The key goes to the API's own server alone, wherever that may redirect to.
    """

    def __init__(self, api: Api, key: str, settings: Http, pace: Pace) -> None:
        self._api, self._key, self._pace = api, key, pace
        self._retrying = retrying(settings, pace.rest)
        self._client = open_client(settings)
        self._client.event_hooks = {"request": [self._carry_key]}

    def __enter__(self) -> DddApi:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def _carry_key(self, request: httpx2.Request) -> None:
        request.headers.pop(_KEY_HEADER, None)  # a redirected request repeats the headers
        if _origin(request.url) == _origin(httpx2.URL(self._api.url)):
            request.headers[_KEY_HEADER] = self._key

    def answer(self, imdb: str) -> dict[str, Any]:
        """Return the API's answer for a film; its `item` is null if the API does not know the film.

        Raises:
            InputError: If the key was refused.
            DownloadError: If the API does not answer, or not in JSON.
        """
        items = self._get("/dddsearch", {"imdb": imdb}).get("items") or []
        same = [item for item in items if imdb_id(str(item.get("imdbId") or "")) == f"imdb:{imdb}"]
        unnamed = items if len(items) == 1 and not items[0].get("imdbId") else []
        for item in (same or unnamed)[:1]:
            return {"asked_for": imdb, **self._get(f"/media/{int(item['id'])}", {})}
        return {"asked_for": imdb, "item": None, "topicItemStats": []}

    def _get(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        url = f"{self._api.url}{path}"
        try:
            reply: httpx2.Response = self._retrying(self._ask, url, query)
        except AttemptError as exc:
            if exc.status in _REFUSED:
                place = f"environment variable {self._api.key_from}"
                raise InputError(place, "the key was refused", self._api.obtain) from None
            raise _no_answer(url, str(exc)) from exc
        try:
            document = parse_json(reply.content)
        except JsonError:
            document = None
        if not isinstance(document, dict):
            raise _no_answer(url, "the server did not answer with a JSON object")
        return document

    def _ask(self, url: str, query: Mapping[str, str]) -> httpx2.Response:
        self._pace.wait()
        with attempt():
            return self._client.get(url, params=query).raise_for_status()


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _no_answer(url: str, problem: str) -> DownloadError:
    return DownloadError(f"{url}: {problem}; the answers so far are kept; run the command again")


def fetch_answers(
    api: DddApi, imdb_ids: Iterable[str], path: Path, progress: Callable[[int], None]
) -> tuple[int, int]:
    """Append the answers that a file does not have yet; return (asked now, answered before)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    answered = set(_answered(path))
    n_asked = n_answered = 0
    with path.open("ab") as handle:
        for imdb in imdb_ids:
            if imdb in answered:
                n_answered += 1
                continue
            handle.write(json.dumps(api.answer(imdb), ensure_ascii=False).encode() + b"\n")
            handle.flush()
            os.fsync(handle.fileno())
            answered.add(imdb)
            n_asked += 1
            progress(n_asked)
    return n_asked, n_answered


def _answered(path: Path) -> Iterator[str]:
    """Yield the ids that were asked for, and remove a last line that is not whole."""
    if not path.exists():
        return
    whole = 0
    with path.open("rb") as handle:
        for line in handle:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            row = parse_object(line, str(path), f"line before byte {whole}", refuse)
            yield str((row or {}).get("asked_for"))
    os.truncate(path, whole)
