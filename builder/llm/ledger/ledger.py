"""Every reply that was paid for, durable before it is used: one SQLite file outside DVC's outs.

Table `replies` keeps them by `ChatRequest.key`, `holds` the calls in flight, `accounts` what was
spent by task and kind, `batches` and `batch_keys` what is waiting at a Batch API. All stages share
the file, so that one budget covers the whole run.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from builder.errors import InputError
from builder.llm.ledger.accounts import (
    LOST,
    USED,
    WASTED,
    Account,
    Balance,
    Charge,
    Drop,
    Entry,
    Granted,
    Hold,
    Lose,
    Settle,
)
from builder.llm.ledger.database import connect, unwritable
from builder.llm.ledger.leases import IN_BATCH, is_alive, lease, new_owner
from builder.llm.replies import Paid

_COLUMNS = "model, content, refusal, finish_reason, prompt_tokens, completion_tokens"
_MAX_INTEGER = 2**63 - 1
_MARKS = ", ".join("?" * 9)
_ADD = """
INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
calls = calls + excluded.calls, prompt_tokens = prompt_tokens + excluded.prompt_tokens,
completion_tokens = completion_tokens + excluded.completion_tokens,
nano_usd = nano_usd + excluded.nano_usd, unpriced = unpriced + excluded.unpriced
"""


class Ledger:
    """Replies by key, and accounts. Safe to use from several threads and processes."""

    def __init__(self, path: Path, reader: sqlite3.Connection, writer: sqlite3.Connection):
        self._path, self._reader, self._writer = path, reader, writer
        self._read_lock, self._write_lock = threading.Lock(), threading.Lock()
        self._owner = new_owner()

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Ledger]:
        """Open the file, or create it, for as long as the context lasts.

        What a dead process held counts as lost from then on.

        Raises:
            InputError: If the file is not a ledger, has another version, or cannot be written.
        """
        reader, writer = connect(path)
        ledger = cls(path, reader, writer)
        try:
            with lease(ledger._owner):
                ledger._write_off_dead_holds()
                yield ledger
        finally:
            reader.close()
            writer.close()

    def find(self, key: str) -> Paid | None:
        """Return the reply that was paid for under this key."""
        with self._read_lock:
            row = self._reader.execute(
                f"SELECT {_COLUMNS} FROM replies WHERE key = ?", (key,)
            ).fetchone()
        return Paid(*row) if row else None

    def require_disk_space(self, n_bytes: int) -> None:
        """Check that the disk has this much free space.

        Raises:
            InputError: If it does not.
        """
        if shutil.disk_usage(self._path.parent).free < n_bytes:
            raise InputError(self._path, "is on a full disk", "free some space and run again")

    def spent(self) -> tuple[int, int]:
        """Return the nano-dollars and the tokens that all processes have spent and held."""
        with self._read_lock:
            balance = _balance(self._reader)
        money = balance.spent_nano_usd + balance.held_nano_usd
        return money, balance.spent_tokens + balance.held_tokens

    def accounts(self) -> dict[str, Account]:
        """Return the sums over all tasks, by kind: used, wasted, lost."""
        with self._read_lock:
            rows = self._reader.execute(
                "SELECT kind, sum(calls), sum(prompt_tokens), sum(completion_tokens),"
                " sum(nano_usd), sum(unpriced) FROM accounts GROUP BY kind"
            ).fetchall()
        return {kind: Account() for kind in (USED, WASTED, LOST)} | {
            kind: Account(*sums) for kind, *sums in rows
        }

    def apply(self, entries: Sequence[Entry]) -> list[Granted]:
        """Write entries in one transaction; once this returns, they survive a crash.

        Returns:
            What became of each entry; only a `Hold` can be anything but "held".

        Raises:
            InputError: If they could not be written (a full disk).
        """
        with self.writing() as connection:
            return self.write(connection, entries, self._owner)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction, durable when the context ends.

        Raises:
            InputError: If it could not be written.
        """
        try:
            with self._write_lock, self._writer:
                self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
        except sqlite3.Error as exc:
            raise unwritable(self._path, exc) from exc

    def write(
        self, connection: sqlite3.Connection, entries: Sequence[Entry], owner: str
    ) -> list[Granted]:
        """Write entries within a transaction, see `apply`; `owner` is the leaseholder."""
        charged: dict[tuple[str, str], Account] = defaultdict(Account)
        # Settled first: what they free makes room for the holds of the same batch.
        results: list[Granted] = [
            "held" if isinstance(entry, Hold) else _release(connection, entry, charged)
            for entry in entries
        ]
        holds = {n: entry for n, entry in enumerate(entries) if isinstance(entry, Hold)}
        for hold in holds.values():
            _write_off_dead(connection, charged, hold.key)
        _add(connection, charged)
        if holds:
            balance = _balance(connection)
            for n, hold in holds.items():
                results[n] = _hold(connection, hold, owner, balance)
        return results

    def _write_off_dead_holds(self) -> None:
        with self.writing() as connection:
            charged: dict[tuple[str, str], Account] = defaultdict(Account)
            _write_off_dead(connection, charged)
            _add(connection, charged)


def _release(
    connection: sqlite3.Connection,
    entry: Settle | Drop | Lose,
    charged: dict[tuple[str, str], Account],
) -> Granted:
    """Write what became of a call, and return whether its reply is kept or another one is."""
    connection.execute("DELETE FROM holds WHERE id = ?", (entry.hold.id,))
    if isinstance(entry, Lose):
        charged[entry.hold.task, LOST].add(_held_charge(entry.hold))
    if not isinstance(entry, Settle):
        return "held"
    charged[entry.hold.task, USED if entry.is_used else WASTED].add(entry.charge)
    kept = (entry.key, entry.hold.task, entry.row_id, *_columns(entry.paid))
    written = connection.execute(f"INSERT OR IGNORE INTO replies VALUES ({_MARKS})", kept)
    return "held" if written.rowcount == 1 else "paid"


def _hold(connection: sqlite3.Connection, hold: Hold, owner: str, balance: Balance) -> Granted:
    """Hold money for a call unless its reply is kept, or somebody alive has asked for it."""
    if connection.execute("SELECT 1 FROM replies WHERE key = ?", (hold.key,)).fetchone():
        return "paid"
    asked = "SELECT 1 FROM holds WHERE key = ? AND owner <> ?"
    if connection.execute(asked, (hold.key, IN_BATCH)).fetchone():
        return "asked"
    granted = balance.grant(hold)
    if granted == "held":
        row = (hold.id, owner, hold.task, hold.tokens, hold.nano_usd, hold.key)
        connection.execute("INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?)", row)
    return granted


def _write_off_dead(
    connection: sqlite3.Connection,
    charged: dict[tuple[str, str], Account],
    key: str | None = None,
) -> None:
    """Count what dead processes held as lost: all of it, or what they held for one key."""
    where, values = ("", ()) if key is None else (" WHERE key = ?", (key,))
    columns = "id, owner, task, tokens, nano_usd"
    rows = connection.execute(f"SELECT {columns} FROM holds{where}", values).fetchall()
    for hold_id, owner, task, tokens, nano_usd in rows:
        if not is_alive(owner):
            charged[task, LOST].add(Charge(tokens, 0, nano_usd))
            connection.execute("DELETE FROM holds WHERE id = ?", (hold_id,))


def _columns(paid: Paid) -> tuple[object, ...]:
    texts = paid.model, paid.content, paid.refusal, paid.finish_reason
    return *texts, _storable(paid.prompt_tokens), _storable(paid.completion_tokens)


def _storable(count: int | None) -> int | None:
    """Return a count of tokens, or None if it is not one that SQLite could hold."""
    return count if count is not None and 0 <= count <= _MAX_INTEGER else None


def _held_charge(hold: Hold) -> Charge:
    return Charge(hold.tokens, 0, hold.nano_usd)


def _add(connection: sqlite3.Connection, charged: dict[tuple[str, str], Account]) -> None:
    rows = [(*place, *astuple(account)) for place, account in charged.items()]
    connection.executemany(_ADD, rows)


def _balance(connection: sqlite3.Connection) -> Balance:
    [spent] = connection.execute(
        "SELECT total(nano_usd), total(prompt_tokens + completion_tokens) FROM accounts"
    ).fetchall()
    [held] = connection.execute("SELECT total(nano_usd), total(tokens) FROM holds").fetchall()
    return Balance(*map(int, (*spent, *held)))
