"""How much is asked at once and in a minute: adaptive concurrency, and a pace for two rates."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_SHRINK = 0.7
"""After trouble; and one more after as many successes as there are places. By such a rule TCP
shares a line (RFC 9438 has the same 0.7)."""

_SPACING = 0.5
"""Of the mean time between two that enter, how far they are kept apart. Calls that begin together
end together, and then wait for each other's answers to be read: at 200 ms a call and 64 places that
costs 5% of the rate. Half leaves room to fill the places twice as fast as they come free."""

_WEIGHT = 1 / 16
"""Of the last call in the mean time that calls take."""

_SHORTEST_SLEEP_S = 0.0005

_MINUTE_S = 60.0


class Gate:
    """Lets at most so many through at once: fewer after trouble, more again while all goes well.

    Those that enter are spread over the time that a call takes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._places = float(most)
        self._inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._shrunk_at = 0.0
        self._open_at = 0.0
        self._took_s = 0.0
        self._next_at = 0.0

    @property
    def inside(self) -> int:
        """Return how many are in flight."""
        return self._inside

    @property
    def places(self) -> int:
        """Return how many may be."""
        return max(1, int(self._places))

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place and take it for as long as the context lasts."""
        await self._enter()
        try:
            await self._space_out()
            yield
        finally:
            self._inside -= 1
            self._wake()

    async def _enter(self) -> None:
        while True:
            if (pause_s := self._open_at - time.monotonic()) > 0:
                await asyncio.sleep(pause_s)
            elif self._inside < self.places:
                self._inside += 1
                return
            else:
                await self._be_woken()

    async def _space_out(self) -> None:
        now = time.monotonic()
        starts_at = max(now, self._next_at)
        self._next_at = starts_at + self._took_s / self.places * _SPACING
        if starts_at - now > _SHORTEST_SLEEP_S:
            await asyncio.sleep(starts_at - now)

    async def _be_woken(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._wake()
            raise

    def _wake(self) -> None:
        while self._waiting and self._inside < self.places:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    def succeed(self, took_s: float) -> None:
        """Tell that a call went well, and how long it took."""
        self._took_s += (took_s - self._took_s) * (_WEIGHT if self._took_s else 1.0)
        if self._places < self._most:
            self._places = min(self._most, self._places + 1 / self._places)
            self._wake()

    def shrink(self, begun_at: float) -> None:
        """Tell that a call met a limit or its timeout.

        Args:
            begun_at: When the call began, by the monotonic clock: what began before the last
                shrinking tells nothing of what is left of it.
        """
        if begun_at >= self._shrunk_at:
            self._places = max(1.0, self._places * _SHRINK)
            self._shrunk_at = time.monotonic()

    def pause(self, seconds: float) -> None:
        """Let nobody in for a time, as the endpoint asked."""
        self._open_at = max(self._open_at, time.monotonic() + seconds)


class Pace:
    """Spreads amounts evenly so that no minute has more than its share. None is no limit."""

    def __init__(self, per_minute: int | None) -> None:
        self._seconds_each = _MINUTE_S / per_minute if per_minute else 0.0
        self._next_at = 0.0

    async def wait(self, amount: int) -> None:
        """Wait until this amount may go."""
        if not self._seconds_each:
            return
        now = time.monotonic()
        starts_at = max(now, self._next_at)
        self._next_at = starts_at + amount * self._seconds_each
        if starts_at > now:
            await asyncio.sleep(starts_at - now)

    def give_back(self, amount: int) -> None:
        """Return what was reserved and not needed."""
        self._next_at -= amount * self._seconds_each
