"""A data set in a folder, or by the name that a Hub knows it by: a server on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from builder.dialogs.reader_context import ReaderContext
from builder.dialogs.readers.dialog_readers import read_source
from builder.errors import InputError
from tests.factories import make_dialog_source
from tests.support.http_servers import address_of, serving

COLUMNS = {
    "thread": "thread",
    "text": "text",
    "author": "user",
    "is_chat": False,
    "is_markdown": False,
}
POSTS = [
    {"thread": "7", "user": "ann", "text": "Like Up?"},
    {"thread": "8", "user": "cy", "text": "Noir?"},
    {"thread": "7", "user": "bo", "text": "Totoro"},
]
COMMIT = "a" * 40
TALK = [{"role": "user", "content": "Like Up?"}, {"role": "assistant", "content": "Totoro"}]
FILES = {
    "README.md": b"# Some talks\n",
    "data/train.jsonl": b"".join(
        json.dumps({"id": name, "talk": TALK}).encode() + b"\n" for name in ("one", "two")
    ),
}


class Hub(BaseHTTPRequestHandler):
    """Knows one data set, talks/of-films."""

    def do_GET(self) -> None:
        place, _, wanted = self.path.partition("?")[0].partition("/talks/of-films/")
        kind, _, path = wanted.partition("/")
        path = path.partition("/")[2]  # behind the commit
        if place == "/api/datasets" and kind == "revision":
            return self._say({"id": "talks/of-films", "sha": COMMIT, "siblings": []})
        if place == "/api/datasets" and kind == "tree":
            listed = [name for name in FILES if name.rpartition("/")[0] == path]
            folders = [] if path else [{"type": "directory", "path": "data", "oid": "0" * 40}]
            return self._say([*folders, *map(self._entry, listed)])
        if place == "/datasets" and kind == "resolve" and path in FILES:
            tags = {"ETag": f'"{len(FILES[path])}"', "X-Repo-Commit": COMMIT}
            return self._send(200, FILES[path], tags)
        return self._send(404, b"", {"X-Error-Code": "EntryNotFound"})

    do_HEAD = do_GET  # noqa: N815 - the server's name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""

    def _entry(self, name: str) -> dict[str, object]:
        return {"type": "file", "path": name, "size": len(FILES[name]), "oid": "0" * 40}

    def _say(self, value: object) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


@pytest.fixture
def hub() -> Iterator[str]:
    """Serve the Hub; give its address."""
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Hub)) as server:
        yield address_of(server)


READ = """
import sys
from pathlib import Path
from builder.dialogs.reader_context import ReaderContext, Scratch
from builder.dialogs.readers.dialog_readers import read_source
from builder.dialogs.dialog_source import DialogSource
from builder.errors import InputError
here = Path(sys.argv[1])
columns = {"thread": "id", "messages": "talk", "is_chat": True, "is_markdown": False}
columns["roles"] = {"user": "seeker", "assistant": "recommender"}
for name in ("talks/of-films", "talks/of-nobody"):
    spec = DialogSource.model_validate({
        "name": "talks", "reader": "huggingface", "path": name, "split": "train",
        "licence": "CC0-1.0", "retrieved": "2026-11-21", "columns": columns,
    })
    try:
        for thread in read_source(here, spec, ReaderContext(print, Scratch(here, 100, 1.0))):
            print(thread.dialog_id, [post.text.text for post in thread.posts])
    except InputError as exc:
        print("refused", str(exc).partition(" (")[0])
"""  # a process of its own: where the Hub is, is read when the library is imported


def test_a_data_set_is_read_by_its_name(tmp_path: Path, hub: str) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    asked = {"HF_ENDPOINT": hub, "HF_HOME": str(tmp_path), "HF_HUB_DISABLE_XET": "1"}
    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path)],
        env={**kept, **asked}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "talks:one ['Like Up?', 'Totoro']",
        "talks:two ['Like Up?', 'Totoro']",
        "refused talks/of-nobody: cannot be loaded",
    ]


def test_a_saved_hugging_face_data_set_is_read_by_its_folder(
    tmp_path: Path, reading: ReaderContext
) -> None:
    from datasets import Dataset, DatasetDict

    DatasetDict({"train": Dataset.from_list(POSTS)}).save_to_disk(tmp_path / "saved")
    Dataset.from_list(POSTS).save_to_disk(tmp_path / "plain")
    found = [
        list(
            read_source(
                tmp_path, make_dialog_source(reader="huggingface", columns=COLUMNS, **more), reading
            )
        )
        for more in ({"path": "saved", "split": "train"}, {"path": "plain"})
    ]
    texts = [[[post.text.text for post in t.posts] for t in threads] for threads in found]
    assert texts == [[["Like Up?", "Totoro"], ["Noir?"]]] * 2
    source = make_dialog_source(reader="huggingface", columns=COLUMNS, path="saved", split="test")
    with pytest.raises(InputError, match="split 'test'; one of train"):
        list(read_source(tmp_path, source, reading))
