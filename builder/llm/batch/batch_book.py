"""What lies at a Batch API, durable before it is sent: which keys are in which batch."""

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
class Lying:
    """A row of an open batch."""

    key: str
    row_id: str
    hold: Hold


class BatchBook:
    """The open batches of a ledger.

    A batch is named by a token of ours, the owner that makes it, until it has an id.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def open_batches(self) -> dict[str, str | None]:
        """Return the ids of open batches by token; None was perhaps never made."""
        with self._ledger.writing() as connection:
            return dict(connection.execute("SELECT token, batch_id FROM batches"))

    def token_by_key(self) -> dict[str, str]:
        """Return in which open batch each key lies."""
        with self._ledger.writing() as connection:
            return dict(connection.execute("SELECT key, token FROM batch_keys"))

    def begin(
        self, token: str, requests: Mapping[str, ChatRequest[Any]], holds: Mapping[str, Hold]
    ) -> list[str]:
        """Hold what fits under the cap and note it; return the keys noted.

        What another process has noted meanwhile is left to it.
        """
        with self._ledger.writing() as connection:
            others = {key for (key,) in connection.execute("SELECT key FROM batch_keys")}
            keys = [key for key in requests if key not in others]
            entries: list[Entry] = [holds[key] for key in keys]
            granted = self._ledger.write(connection, entries, IN_BATCH)
            noted = [key for key, found in zip(keys, granted, strict=True) if found == "held"]
            if noted:
                connection.execute("INSERT INTO batches VALUES (?, NULL)", (token,))
            rows = [(key, token, requests[key].row_id, holds[key].id) for key in noted]
            connection.executemany("INSERT INTO batch_keys VALUES (?, ?, ?, ?)", rows)
        return noted

    def name(self, token: str, batch_id: str) -> None:
        """Note the endpoint's id of a batch."""
        with self._ledger.writing() as connection:
            connection.execute("UPDATE batches SET batch_id = ? WHERE token = ?", (batch_id, token))

    def rows(self, token: str) -> list[Lying]:
        """Return what lies in a batch."""
        with self._ledger.writing() as connection:
            found = connection.execute(
                "SELECT key, row_id, id, task, tokens, nano_usd FROM batch_keys"
                " JOIN holds ON holds.id = batch_keys.hold WHERE token = ?",
                (token,),
            ).fetchall()
        return [
            Lying(key, row_id, Hold(hold_id, task, tokens, nano_usd, _NO_CAPS))
            for key, row_id, hold_id, task, tokens, nano_usd in found
        ]

    def end(self, token: str, settled: Sequence[Settle], dropped: Sequence[Drop]) -> bool:
        """Keep a batch's replies, free what brought none, and forget the batch, all at once.

        Returns:
            False where another process has done so before, and nothing was written.
        """
        with self._ledger.writing() as connection:
            if not connection.execute("SELECT 1 FROM batches WHERE token = ?", (token,)).fetchone():
                return False
            self._ledger.write(connection, [*settled, *dropped], IN_BATCH)
            connection.execute("DELETE FROM batches WHERE token = ?", (token,))
            connection.execute("DELETE FROM batch_keys WHERE token = ?", (token,))
            return True
