from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from builder.catalog.fetching.download import DownloadError, download, remote_bytes
from builder.catalog.fetching.register import Http, RemoteFile
from builder.errors import InputError

CONTENT = bytes(range(256)) * 4000
SHA256 = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"
ONCE = Http(timeout_s=5.0, attempts=1, retry_wait_s=0.0)
THRICE = Http(timeout_s=5.0, attempts=3, retry_wait_s=0.0)


def nobody(have: int, total: int | None) -> None: ...


def file(publisher: Any, **more: Any) -> RemoteFile:
    publisher.files["/films.tsv"] = CONTENT
    return RemoteFile(url=f"{publisher.url}/films.tsv", **more)


def test_a_file_arrives_whole_and_is_not_fetched_again(publisher: Any, tmp_path: Path) -> None:
    wanted = file(publisher, checksum=SHA256, bytes=len(CONTENT))
    seen: list[tuple[int, int | None]] = []
    place = download(wanted, tmp_path, ONCE, lambda have, total: seen.append((have, total)))
    assert place == tmp_path / "films.tsv"
    assert place.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert download(wanted, tmp_path, ONCE, nobody) == place
    assert len(publisher.asked) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["films.tsv"]


def test_a_cut_connection_goes_on_where_it_was(publisher: Any, tmp_path: Path) -> None:
    publisher.etag, publisher.cut_after = '"v1"', [1000, 200_000]
    place = download(file(publisher, checksum=SHA256), tmp_path, THRICE, nobody)
    assert place.read_bytes() == CONTENT
    assert [wanted for _, wanted in publisher.asked] == [None, "bytes=1000-", "bytes=201000-"]


def test_the_next_run_goes_on_where_the_last_was_cut(publisher: Any, tmp_path: Path) -> None:
    publisher.etag, publisher.cut_after = '"v1"', [300_000]
    wanted = file(publisher, checksum=SHA256)
    with pytest.raises(DownloadError, match=r"received 300000 bytes, .*300,000 bytes are kept"):
        download(wanted, tmp_path, ONCE, nobody)
    assert not (tmp_path / "films.tsv").exists()
    assert download(wanted, tmp_path, ONCE, nobody).read_bytes() == CONTENT
    assert publisher.asked[-1][1] == "bytes=300000-"


def test_another_version_starts_anew(publisher: Any, tmp_path: Path) -> None:
    publisher.etag, publisher.cut_after = '"v1"', [300_000]
    wanted = file(publisher)
    with pytest.raises(DownloadError):
        download(wanted, tmp_path, ONCE, nobody)
    publisher.etag, publisher.files["/films.tsv"] = '"v2"', b"another file"
    assert download(wanted, tmp_path, ONCE, nobody).read_bytes() == b"another file"


def test_a_server_without_versions_starts_anew(publisher: Any, tmp_path: Path) -> None:
    publisher.cut_after = [300_000]
    place = download(file(publisher, checksum=SHA256), tmp_path, THRICE, nobody)
    assert place.read_bytes() == CONTENT
    assert [wanted for _, wanted in publisher.asked] == [None, None]


def test_a_part_longer_than_the_file_is_forgotten(publisher: Any, tmp_path: Path) -> None:
    (tmp_path / "films.tsv.part").write_bytes(CONTENT * 2)
    (tmp_path / "films.tsv.part.version").write_text('"v1"')
    publisher.etag, publisher.failures = '"v1"', [(416, {})]
    place = download(file(publisher, checksum=SHA256), tmp_path, THRICE, nobody)
    assert place.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ({"checksum": "sha256:" + "0" * 64}, r"films.tsv: is not the file that the register"),
        ({"checksum": "md5:" + "0" * 32}, r"films.tsv: is not the file that the register"),
        ({"bytes": 5}, r"films.tsv: has 1,024,000 bytes, the register says 5"),
    ],
    ids=["sha256", "md5", "size"],
)
def test_another_file_than_described_is_not_kept(
    publisher: Any, tmp_path: Path, described: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        download(file(publisher, **described), tmp_path, ONCE, nobody)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_fails_is_asked_again_and_one_that_refuses_is_not(
    publisher: Any, tmp_path: Path
) -> None:
    publisher.failures = [(503, {}), (500, {})]
    assert download(file(publisher), tmp_path, THRICE, nobody).read_bytes() == CONTENT
    (tmp_path / "films.tsv").unlink()
    publisher.failures = [(404, {})]
    with pytest.raises(DownloadError, match="the server answered 404; 0 bytes are kept"):
        download(file(publisher), tmp_path, THRICE, nobody)


def test_a_server_that_is_busy_is_asked_again(publisher: Any, tmp_path: Path) -> None:
    publisher.failures = [(429, {"Retry-After": "0"})]
    assert download(file(publisher), tmp_path, THRICE, nobody).read_bytes() == CONTENT


def test_a_file_that_moved_is_followed(publisher: Any, stranger: Any, tmp_path: Path) -> None:
    stranger.etag, stranger.cut_after = '"v1"', [1000]
    moved = {"Location": file(stranger).url}
    publisher.failures = [(302, moved), (302, moved)]
    wanted = RemoteFile(url=f"{publisher.url}/films.tsv", checksum=SHA256)
    assert download(wanted, tmp_path, THRICE, nobody).read_bytes() == CONTENT
    assert [offset for _, offset in stranger.asked] == [None, "bytes=1000-"]


def test_a_file_with_another_checksum_is_fetched_again(publisher: Any, tmp_path: Path) -> None:
    (tmp_path / "films.tsv").write_bytes(bytes(len(CONTENT)))
    place = download(file(publisher, checksum=SHA256), tmp_path, ONCE, nobody)
    assert place.read_bytes() == CONTENT


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    wanted = RemoteFile(url="http://127.0.0.1:9/films.tsv")
    with pytest.raises(DownloadError, match=r"http://127.0.0.1:9/films.tsv: .*refused"):
        download(wanted, tmp_path, ONCE, nobody)


def test_a_server_that_states_no_size_is_no_error(publisher: Any) -> None:
    assert remote_bytes(f"{publisher.url}/films.tsv", ONCE) is None  # it answers no HEAD
    assert remote_bytes("http://127.0.0.1:9/films.tsv", ONCE) is None
