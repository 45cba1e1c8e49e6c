"""Which keys are in which open batch, recorded durably before the batch is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.llm.ledger.accounts import Caps, Drop, Entry, Hold, Settle
from builder.llm.ledger.leases import IN_BATCH
from builder.llm.ledger.ledger import Ledger
from builder.llm.protocol import ChatRequest

_NO_CAPS = Caps(None, None)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A request in an open batch, with the money held for it."""

    key: str
    row_id: str
    hold: Hold


class BatchBook:
    """The open batches of a ledger.

    Until the endpoint has given it an id, a batch goes by a token of ours: the owner of the lease
    under which it is created.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def open_batches(self) -> dict[str, str | None]:
        """Return the ids of open batches by token; None if perhaps never created."""
        with self._ledger.writing() as connection:
            return dict(connection.execute("SELECT token, batch_id FROM batches"))

    def token_by_key(self) -> dict[str, str]:
        """Return the token of the open batch that each key is in."""
        with self._ledger.writing() as connection:
            return dict(connection.execute("SELECT key, token FROM batch_keys"))

    def begin(
        self, token: str, requests: Mapping[str, ChatRequest[Any]], holds: Mapping[str, Hold]
    ) -> tuple[list[str], bool]:
        """Hold and record the requests that fit under the cap.

        Returns:
            The keys that are held, and whether others are left to another process, which has
            recorded or asked for them meanwhile.
        """
        with self._ledger.writing() as connection:
            others = {key for (key,) in connection.execute("SELECT key FROM batch_keys")}
            keys = [key for key in requests if key not in others]
            entries: list[Entry] = [holds[key] for key in keys]
            granted = self._ledger.write(connection, entries, IN_BATCH)
            held = [key for key, grant in zip(keys, granted, strict=True) if grant == "held"]
            if held:
                connection.execute("INSERT INTO batches VALUES (?, NULL)", (token,))
            rows = [(key, token, requests[key].row_id, holds[key].id) for key in held]
            connection.executemany("INSERT INTO batch_keys VALUES (?, ?, ?, ?)", rows)
        is_left = len(keys) < len(requests) or not {"asked", "paid"}.isdisjoint(granted)
        return held, is_left

    def name(self, token: str, batch_id: str) -> None:
        """Record the endpoint's id of a batch."""
        with self._ledger.writing() as connection:
            connection.execute("UPDATE batches SET batch_id = ? WHERE token = ?", (batch_id, token))

    def rows(self, token: str) -> list[BatchRow]:
        """Return the requests in a batch."""
        with self._ledger.writing() as connection:
            rows = connection.execute(
                "SELECT batch_keys.key, row_id, id, task, tokens, nano_usd FROM batch_keys"
                " JOIN holds ON holds.id = batch_keys.hold WHERE token = ?",
                (token,),
            ).fetchall()
        return [
            BatchRow(key, row_id, Hold(hold_id, key, task, tokens, nano_usd, _NO_CAPS))
            for key, row_id, hold_id, task, tokens, nano_usd in rows
        ]

    def end(self, token: str, settled: Sequence[Settle], dropped: Sequence[Drop]) -> bool:
        """Keep a batch's replies, release the other holds and forget the batch, in one transaction.

        Returns:
            False if another process has already done so; then nothing is written.
        """
        with self._ledger.writing() as connection:
            if not connection.execute("SELECT 1 FROM batches WHERE token = ?", (token,)).fetchone():
                return False
            self._ledger.write(connection, [*settled, *dropped], IN_BATCH)
            connection.execute("DELETE FROM batches WHERE token = ?", (token,))
            connection.execute("DELETE FROM batch_keys WHERE token = ?", (token,))
            return True
