from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.catalog.fetching.register import RemoteFile, Source
from builder.errors import InputError
from pipelines.cli.commands.fetch import Fetched, fetch
from tests.support.http_servers import address_of, serving

TODAY = date(2026, 11, 21)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    folder = tmp_path / "site"
    folder.mkdir()
    handler = partial(Quiet, directory=str(folder))
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server:
        yield address_of(server), folder


def zipped(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def register(folder: Path, **changes: Any) -> Path:
    source = {
        "name": "films",
        "what": "films",
        "licence": "CC0-1.0",
        "licence_page": "https://example.org/cc0",
        "reader": "movielens",
        "path": "ml",
        **changes,
    }
    http = {"timeout_s": 5.0, "attempts": 1, "retry_wait_s": 0.0}
    path = folder / "sources.yaml"
    path.write_text(yaml.safe_dump({"http": http, "sources": [source]}))
    return path


class Person:
    """Accepts or not, counts how often it was asked and keeps what it was shown."""

    def __init__(self, accepts: bool) -> None:
        self.accepts, self.asked, self.shown = accepts, 0, list[RemoteFile]()

    def __call__(self, source: Source) -> bool:
        self.asked, self.shown = self.asked + 1, source.files or []
        return self.accepts


def run(folder: Path, path: Path, person: Person, **more: Any) -> Fetched | str:
    fields = {"items": folder / "items.parquet", "limit": None, "today": TODAY, **more}
    return fetch("films", folder / "raw", person, lambda *_: None, path=path, **fields)


def test_a_zip_is_fetched_unpacked_and_recorded(site: tuple[str, Path], tmp_path: Path) -> None:
    url, folder = site
    content = zipped(**{"ml/movies.csv": "movieId\n"})
    (folder / "ml.zip").write_bytes(content)
    checksum = f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"
    files = [{"url": f"{url}/ml.zip", "checksum": checksum, "unpack": True}]
    person, path = Person(True), register(tmp_path, files=files)
    found = run(tmp_path, path, person)
    assert isinstance(found, Fetched)
    assert (tmp_path / "raw/films/ml/movies.csv").read_text() == "movieId\n"
    assert found.setting == {
        "name": "films",
        "reader": "movielens",
        "path": "films/ml",
        "licence": "CC0-1.0",
        "retrieved": "2026-11-21",
    }
    receipt = json.loads((tmp_path / "raw/films/fetched.json").read_text())
    assert receipt["files"][0]["checksum"] == checksum
    assert json.loads((tmp_path / "raw/licences.json").read_text()) == {
        "films": {
            "licence": "CC0-1.0",
            "page": "https://example.org/cc0",
            "accepted": "2026-11-21",
        }
    }


def test_a_licence_is_accepted_once_and_another_one_again(
    site: tuple[str, Path], tmp_path: Path
) -> None:
    url, folder = site
    (folder / "a.tsv").write_text("a")
    files, person = [{"url": f"{url}/a.tsv"}], Person(True)
    for _ in range(2):
        run(tmp_path, register(tmp_path, files=files), person)
    assert person.asked == 1
    run(tmp_path, register(tmp_path, files=files, licence="All rights reserved"), person)
    assert person.asked == 2


def test_the_size_is_shown_and_a_checksum_kept_where_the_publisher_states_none(
    site: tuple[str, Path], tmp_path: Path
) -> None:
    url, folder = site
    (folder / "a.tsv").write_text("abc")
    person = Person(True)
    found = run(tmp_path, register(tmp_path, files=[{"url": f"{url}/a.tsv"}]), person)
    assert isinstance(found, Fetched)
    assert [file.bytes for file in person.shown] == [3]
    assert found.files[0]["checksum"] == f"sha256:{hashlib.sha256(b'abc').hexdigest()}"


def test_what_was_there_keeps_its_day(site: tuple[str, Path], tmp_path: Path) -> None:
    url, folder = site
    for name in "ab":
        (folder / f"{name}.tsv").write_text(name)
    path = register(tmp_path, files=[{"url": f"{url}/{name}.tsv"} for name in "ab"])
    run(tmp_path, path, Person(True), today=date(2026, 1, 2))
    (tmp_path / "raw/films/b.tsv").unlink()
    (folder / "b.tsv").write_text("newer")
    found = run(tmp_path, path, Person(True))
    assert isinstance(found, Fetched)
    assert [file["retrieved"] for file in found.files] == ["2026-01-02", "2026-11-21"]
    assert found.setting["retrieved"] == "2026-01-02"


def test_without_the_licence_nothing_is_fetched(site: tuple[str, Path], tmp_path: Path) -> None:
    url, folder = site
    (folder / "a.tsv").write_text("a")
    path = register(tmp_path, files=[{"url": f"{url}/a.tsv"}])
    message = r"films: its licence \(CC0-1.0\) is not accepted; read https://example.org/cc0, then"
    with pytest.raises(InputError, match=message):
        run(tmp_path, path, Person(False))
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no zip", "ml.zip: is not a zip archive"),
        (zipped(**{"../evil": "x"}), r"contains '\.\./evil'"),
    ],
    ids=["no zip", "outside"],
)
def test_a_bad_zip_is_not_unpacked(
    site: tuple[str, Path], tmp_path: Path, content: bytes, message: str
) -> None:
    url, folder = site
    (folder / "ml.zip").write_bytes(content)
    path = register(tmp_path, files=[{"url": f"{url}/ml.zip", "unpack": True}])
    with pytest.raises(InputError, match=message):
        run(tmp_path, path, Person(True))
    assert not (tmp_path / "raw/evil").exists()


def test_what_cannot_be_fetched_says_how_to_obtain_it(tmp_path: Path) -> None:
    path = register(tmp_path, obtain="ask the publisher")
    told = run(tmp_path, path, Person(False))
    assert told == "films (CC0-1.0, https://example.org/cc0): ask the publisher"


def test_an_api_without_its_key_says_how_to_get_one(tmp_path: Path) -> None:
    api = {"url": "http://127.0.0.1:9", "key_from": "K", "obtain": "log in"}
    path = register(tmp_path, api={**api, "requests_per_second": 1.0})
    with pytest.raises(InputError, match="environment variable K: is not set; log in"):
        run(tmp_path, path, Person(True), environment={})
