from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.catalog.fetching.ddd_api import DddApi, Pace, fetch_answers
from builder.catalog.fetching.download import DownloadError
from builder.catalog.fetching.register import Api, Http
from builder.catalog.readers.ddd import read_ddd
from builder.errors import InputError
from builder.sources import Reject
from builder.taxonomy.official import Vocabulary
from tests.factories import make_catalog_source

KEY = "the-secret-key"
PATIENT = Http(timeout_s=5.0, attempts=3, retry_wait_s=0.5)
FILMS = {"tt0000001": 11, "tt0000002": 12, "tt0000003": 13}


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 100.0, list[float]()

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def client(publisher: Any, time: Time, key: str = KEY) -> DddApi:
    api = Api(url=publisher.url, key_from="DDD_API_KEY", obtain="ask", requests_per_second=2.0)
    return DddApi(api, key, PATIENT, Pace(2.0, time.clock, time.sleep))


def nobody(n_asked: int) -> None: ...


def ask(
    publisher: Any, time: Time, imdb_ids: Iterable[str], path: Path, key: str = KEY
) -> tuple[int, int]:
    with client(publisher, time, key) as api:
        return fetch_answers(api, imdb_ids, path, nobody)


def test_the_reader_reads_what_the_client_wrote(
    publisher: Any, tmp_path: Path, reject: Reject, rejected: list[Any]
) -> None:
    publisher.films = FILMS
    path = tmp_path / "ddd" / "answers.jsonl"
    wanted = ["tt0000001", "tt0000009", "tt0000002"]
    assert ask(publisher, Time(), wanted, path) == (3, 0)
    drafts = list(
        read_ddd(path, make_catalog_source(), Vocabulary.load(Path("data/taxonomy")), reject)
    )
    assert [draft.ids for draft in drafts] == [("imdb:tt0000001",), ("imdb:tt0000002",)]
    assert [(e.subject, e.votes) for e in drafts[0].evidence] == [("does-the-dog-die", (9, 1))]
    assert [reason for _, reason, _ in rejected] == ["not in DoesTheDogDie"]


def test_no_answer_is_asked_for_twice(publisher: Any, tmp_path: Path) -> None:
    publisher.films = FILMS
    path = tmp_path / "answers.jsonl"
    ask(publisher, Time(), FILMS, path)
    n_requests = len(publisher.asked)
    assert n_requests == 6
    assert ask(publisher, Time(), FILMS, path) == (0, 3)
    assert len(publisher.asked) == n_requests


def test_a_killed_run_goes_on_after_the_last_whole_line(publisher: Any, tmp_path: Path) -> None:
    publisher.films = FILMS
    path = tmp_path / "answers.jsonl"
    ask(publisher, Time(), FILMS, path)
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for kept in range(len(lines)):
        path.write_bytes(b"".join(lines[:kept]) + lines[kept][:25])
        assert ask(publisher, Time(), FILMS, path) == (3 - kept, kept)
        assert path.read_bytes() == whole


def test_requests_keep_their_distance(publisher: Any, tmp_path: Path) -> None:
    publisher.films, time = FILMS, Time()
    ask(publisher, time, FILMS, tmp_path / "a.jsonl")
    assert time.slept == [0.5] * 5


@given(st.lists(st.floats(0, 3), max_size=20), st.sampled_from([0.5, 1.0, 4.0]))
def test_no_two_requests_are_nearer_than_their_share(works: list[float], rate: float) -> None:
    time = Time()
    pace, went = Pace(rate, time.clock, time.sleep), []
    for work in works:
        pace.wait()
        went.append(time.now)
        time.now += work
    assert all(b - a >= 1 / rate - 1e-9 for a, b in pairwise(went))


def test_a_server_that_is_busy_says_how_long(publisher: Any, tmp_path: Path) -> None:
    publisher.films, time = {"tt0000001": 11}, Time()
    publisher.failures = [(429, {"Retry-After": "7"}), (503, {})]
    ask(publisher, time, ["tt0000001"], tmp_path / "a.jsonl")
    assert time.slept == [7.0, 1.0, 0.5]


def test_a_refused_key_ends_the_run_and_is_not_told(publisher: Any, tmp_path: Path) -> None:
    publisher.films = FILMS
    with pytest.raises(InputError) as error:
        ask(publisher, Time(), FILMS, tmp_path / "a.jsonl", "wrong-key")
    assert str(error.value) == "environment variable DDD_API_KEY: the key was refused; ask"
    assert (tmp_path / "a.jsonl").read_text() == ""


def test_what_was_answered_is_kept_when_the_server_gives_up(publisher: Any, tmp_path: Path) -> None:
    publisher.films = FILMS
    path = tmp_path / "a.jsonl"
    ask(publisher, Time(), ["tt0000001"], path)
    publisher.failures = [(500, {})] * 3
    with pytest.raises(DownloadError, match="answered 500; the answers so far are kept"):
        ask(publisher, Time(), FILMS, path)
    assert [json.loads(line)["asked_for"] for line in path.read_text().splitlines()] == [
        "tt0000001"
    ]


def test_an_answer_that_is_no_json_is_named(publisher: Any, tmp_path: Path) -> None:
    publisher.files["/dddsearch?imdb=tt0000001"] = b"<html>Sign in</html>"
    with (
        client(publisher, Time()) as api,
        pytest.raises(DownloadError, match="did not answer with a JSON object"),
    ):
        api.answer("tt0000001")


def test_the_key_follows_a_redirect_on_its_own_server(publisher: Any, tmp_path: Path) -> None:
    publisher.films = {"tt0000001": 11}
    publisher.failures = [(301, {"Location": "/dddsearch?imdb=tt0000001"})]
    ask(publisher, Time(), ["tt0000001"], tmp_path / "a.jsonl")
    assert publisher.keys == [KEY, KEY, KEY]


def test_the_key_follows_no_redirect_to_another_server(
    publisher: Any, stranger: Any, tmp_path: Path
) -> None:
    stranger.files["/dddsearch"] = b'{"items": []}'
    publisher.failures = [(301, {"Location": f"{stranger.url}/dddsearch"})]
    assert ask(publisher, Time(), ["tt0000001"], tmp_path / "a.jsonl") == (1, 0)
    assert (publisher.keys, stranger.keys) == ([KEY], [None])
