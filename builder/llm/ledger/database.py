"""A ledger's file: its tables, their version, and the connections to it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from builder.errors import InputError

VERSION = 3

_SCHEMA = f"""
CREATE TABLE replies (
    key TEXT PRIMARY KEY, task TEXT NOT NULL, row_id TEXT NOT NULL, model TEXT NOT NULL,
    content TEXT, refusal TEXT, finish_reason TEXT NOT NULL,
    prompt_tokens INTEGER, completion_tokens INTEGER
);
CREATE TABLE holds (
    id INTEGER PRIMARY KEY, owner TEXT NOT NULL, task TEXT NOT NULL,
    tokens INTEGER NOT NULL, nano_usd INTEGER, key TEXT NOT NULL DEFAULT ''
);
CREATE INDEX holds_by_key ON holds (key);
CREATE TABLE accounts (
    task TEXT NOT NULL, kind TEXT NOT NULL, calls INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL,
    nano_usd INTEGER NOT NULL, unpriced INTEGER NOT NULL, PRIMARY KEY (task, kind)
) WITHOUT ROWID;
CREATE TABLE batches (token TEXT PRIMARY KEY, batch_id TEXT) WITHOUT ROWID;
CREATE TABLE batch_keys (
    key TEXT PRIMARY KEY, token TEXT NOT NULL, row_id TEXT NOT NULL, hold INTEGER NOT NULL
) WITHOUT ROWID;
PRAGMA user_version = {VERSION};
"""
_FROM_2 = f"""
ALTER TABLE holds ADD COLUMN key TEXT NOT NULL DEFAULT '';
CREATE INDEX holds_by_key ON holds (key);
PRAGMA user_version = {VERSION};
"""
"""Brings a ledger of version 2 to this one; its paid replies stay."""
_LOCK_TIMEOUT_S = 60
_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
_PRIMARY = 0xFF
"""Mask of the primary result code; the other bits give details (sqlite.org/rescode.html)."""


def connect(path: Path) -> tuple[sqlite3.Connection, sqlite3.Connection]:
    """Return two connections, to read and to write; a missing file is created.

    Raises:
        InputError: If the file is not a ledger, has another version, or cannot be written.
    """
    try:
        writing = _open(path)
    except (sqlite3.Error, OSError) as exc:
        if getattr(exc, "sqlite_errorcode", 0) & _PRIMARY in _NO_ROOM:
            raise unwritable(path, exc) from exc
        raise InputError(
            path, f"cannot be used as a ledger ({exc})", "move it away or correct the path"
        ) from exc
    return sqlite3.connect(path, timeout=_LOCK_TIMEOUT_S, check_same_thread=False), writing


def unwritable(path: Path, exc: Exception) -> InputError:
    """Return the error for a file that cannot be written to."""
    return InputError(path, f"cannot be written ({exc})", "free some disk space and run again")


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(
        path, timeout=_LOCK_TIMEOUT_S, check_same_thread=False, isolation_level=None
    )
    try:
        _ensure_schema(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _ensure_schema(connection: sqlite3.Connection, path: Path) -> None:
    for version, script in ((0, _SCHEMA), (2, _FROM_2)):
        if _version(connection) == version:
            _run_once(connection, path, version, script)
    version = _version(connection)
    if version != VERSION:
        raise InputError(
            path,
            f"is a ledger of version {version}",
            f"this release reads version {VERSION}: move it away, or use the release that made it",
        )


def _run_once(connection: sqlite3.Connection, path: Path, version: int, script: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if _version(connection) == version:  # nobody else did it while we waited for the lock
        if version == 0 and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise InputError(path, "is the database of another program", "correct the path")
        for statement in filter(str.strip, script.split(";")):
            connection.execute(statement)
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
