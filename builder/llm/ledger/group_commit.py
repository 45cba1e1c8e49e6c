"""Many entries in one transaction: each is durable, at the price of a single write to disk."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from builder.llm.ledger.accounts import Entry, Granted, Hold
from builder.llm.ledger.ledger import Ledger

_WRITE_INTERVAL_S = 0.02
"""Between two writes, while entries gather: at most fifty writes per second. An entry that comes
after a quiet time is written at once."""


class GroupCommit:
    """Writes entries to the ledger from its own thread; used within one event loop."""

    def __init__(self, ledger: Ledger, reply_bytes: int) -> None:
        """Take the ledger, and the disk space that the replies in flight may need at most."""
        self._ledger, self._reply_bytes = ledger, reply_bytes
        self._waiting: list[tuple[Entry, asyncio.Future[Granted]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._next_at = 0.0
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")

    def close(self) -> None:
        """Stop the thread."""
        self._pool.shutdown()

    async def put(self, entry: Entry) -> Granted:
        """Return what became of an entry, once it is durable.

        Raises:
            InputError: If the disk has no room for it, or for the replies in flight.
        """
        written: asyncio.Future[Granted] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, written))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return await written

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await asyncio.sleep(max(0.0, self._next_at - time.monotonic()))
            batch, self._waiting = self._waiting, []
            entries = [entry for entry, _ in batch]
            try:
                results = await loop.run_in_executor(self._pool, self._apply, entries)
            except BaseException as exc:
                _fail(batch, exc)
                if not isinstance(exc, Exception):
                    raise
            else:
                for (_, written), result in zip(batch, results, strict=True):
                    if not written.done():
                        written.set_result(result)
            self._next_at = time.monotonic() + _WRITE_INTERVAL_S
        self._writer = None

    def _apply(self, entries: list[Entry]) -> list[Granted]:
        if any(isinstance(entry, Hold) for entry in entries):
            self._ledger.require_disk_space(self._reply_bytes)
        return self._ledger.apply(entries)


def _fail(batch: list[tuple[Entry, asyncio.Future[Granted]]], exc: BaseException) -> None:
    """Let an exception reach all who wait, whatever it is: nobody may wait for ever."""
    for _, written in batch:
        if not written.done():
            if isinstance(exc, asyncio.CancelledError):
                written.cancel()
            else:
                written.set_exception(exc)
