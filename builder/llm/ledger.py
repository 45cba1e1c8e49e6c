"""Every reply that was paid for, durable before it is used: one SQLite file outside DVC's outs.

One row of `replies`: key, task, row_id, model, content, refusal, finish_reason, prompt_tokens,
completion_tokens. The key is `ChatRequest.key`; a reply is looked up by it before asking.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from builder.errors import InputError

VERSION = 1

_SCHEMA = f"""
CREATE TABLE replies (
    key TEXT PRIMARY KEY, task TEXT NOT NULL, row_id TEXT NOT NULL, model TEXT NOT NULL,
    content TEXT, refusal TEXT, finish_reason TEXT NOT NULL,
    prompt_tokens INTEGER, completion_tokens INTEGER
) WITHOUT ROWID;
PRAGMA user_version = {VERSION};
"""
_COLUMNS = "model, content, refusal, finish_reason, prompt_tokens, completion_tokens"
_LOCK_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Paid:
    """One reply as the endpoint gave it; tokens are None where it did not count them."""

    model: str
    content: str | None
    refusal: str | None
    finish_reason: str
    prompt_tokens: int | None
    completion_tokens: int | None


class Ledger:
    """The replies by key; safe to use from several threads and processes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Ledger]:
        """Open the file, made where there is none, for as long as the context lasts.

        Raises:
            InputError: If the file is no ledger, is one of another version, or cannot be written.
        """
        try:
            connection = _connect(path)
        except (sqlite3.Error, OSError) as exc:
            raise InputError(
                path, f"cannot be used as a ledger ({exc})", "move it away or correct the path"
            ) from exc
        try:
            yield cls(connection)
        finally:
            connection.close()

    def find(self, key: str) -> Paid | None:
        """Return the reply paid for under this key."""
        with self._lock:
            found = self._connection.execute(
                f"SELECT {_COLUMNS} FROM replies WHERE key = ?", (key,)
            ).fetchone()
        return Paid(*found) if found else None

    def keep(self, key: str, task: str, row_id: str, paid: Paid) -> None:
        """Write a reply; when this returns, a killed machine still has it. The first one stays.

        Raises:
            InputError: If it could not be written (a full disk).
        """
        row = (key, task, row_id, *astuple(paid))
        marks = ", ".join("?" * len(row))
        try:
            with self._lock, self._connection:
                self._connection.execute(f"INSERT OR IGNORE INTO replies VALUES ({marks})", row)
        except sqlite3.Error as exc:
            raise InputError(
                "the ledger", f"cannot keep a reply ({exc})", "make room on the disk and run again"
            ) from exc


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_LOCK_TIMEOUT_S, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        _ensure_schema(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _ensure_schema(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection)
    if version == 0:
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) == 0:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                connection.execute(statement)
        connection.commit()
    elif version != VERSION:
        raise InputError(
            path, f"is a ledger of version {version}", f"this release reads version {VERSION}"
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
