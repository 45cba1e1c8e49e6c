"""Many entries in one transaction: durable each, at the price of one write to disk for all."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from builder.errors import InputError
from builder.llm.ledger.accounts import Entry, Granted, Hold
from builder.llm.ledger.ledger import Ledger

_APART_S = 0.02
"""From one write to the next, while entries gather: fifty writes a second at most. An entry that
comes after a quiet time waits for nobody."""


class GroupCommit:
    """Writes entries to the ledger from a thread of its own; used within one event loop."""

    def __init__(self, ledger: Ledger, reply_bytes: int) -> None:
        """Take the ledger, and the most that replies under way may take on its disk."""
        self._ledger, self._reply_bytes = ledger, reply_bytes
        self._waiting: list[tuple[Entry, asyncio.Future[Granted]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._next_at = 0.0
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")

    def close(self) -> None:
        """End the thread."""
        self._pool.shutdown()

    async def put(self, entry: Entry) -> Granted:
        """Return what came of an entry, once it is durable.

        Raises:
            InputError: If it could not be written, or a call's reply might not be.
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
            taken, self._waiting = self._waiting, []
            try:
                entries = [entry for entry, _ in taken]
                results = await loop.run_in_executor(self._pool, self._apply, entries)
            except InputError as exc:
                for _, written in taken:
                    if not written.done():
                        written.set_exception(exc)
            else:
                for (_, written), result in zip(taken, results, strict=True):
                    if not written.done():
                        written.set_result(result)
            self._next_at = time.monotonic() + _APART_S
        self._writer = None

    def _apply(self, entries: list[Entry]) -> list[Granted]:
        if any(isinstance(entry, Hold) for entry in entries):
            self._ledger.require_room(self._reply_bytes)
        return self._ledger.apply(entries)
