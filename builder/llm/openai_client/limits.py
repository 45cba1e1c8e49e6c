"""How much is asked at once and per minute: adaptive concurrency and rate limits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_SHRINK = 0.7
"""Factor for the number of places after an error; one place is added after as many successes as
there are places. TCP shares a line by the same rule (RFC 9438 has the same 0.7)."""

_SPACING = 0.5
"""How far apart calls enter, as a share of the mean time between two. Calls that start together
end together, and then wait while each other's answers are read: with calls of 200 ms and 64 places
that costs 5% of the rate. At half, places can be filled twice as fast as they come free."""

_WEIGHT = 1 / 16
"""Of the latest call in the moving average of how long calls take."""

_SHORTEST_SLEEP_S = 0.0005

_MINUTE_S = 60.0


def _now() -> float:
    """Return the time by the event loop's clock, the monotonic one unless the loop has another."""
    return asyncio.get_running_loop().time()


class Gate:
    """Bounds the calls in flight: fewer after an error, more again while all goes well.

    Calls that enter are spread over the time that a call takes.
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
        """Return how many calls are in flight."""
        return self._inside

    @property
    def places(self) -> int:
        """Return how many calls may be in flight."""
        return max(1, int(self._places))

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place and keep it for as long as the context lasts."""
        await self._enter()
        try:
            await self._space_out()
            yield
        finally:
            self._inside -= 1
            self._wake()

    async def _enter(self) -> None:
        while True:
            if (pause_s := self._open_at - _now()) > 0:
                await asyncio.sleep(pause_s)
            elif self._inside < self.places:
                self._inside += 1
                return
            else:
                await self._be_woken()

    async def _space_out(self) -> None:
        now = _now()
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
        """Record that a call succeeded, and how long it took."""
        self._took_s += (took_s - self._took_s) * (_WEIGHT if self._took_s else 1.0)
        if self._places < self._most:
            self._places = min(self._most, self._places + 1 / self._places)
            self._wake()

    def shrink(self, begun_at: float) -> None:
        """Record that a call met a rate limit or its timeout.

        Args:
            begun_at: Start of the call by the event loop's clock. A call that began before the last
                shrinking says nothing about the number of places since.
        """
        if begun_at >= self._shrunk_at:
            self._places = max(1.0, self._places * _SHRINK)
            self._shrunk_at = _now()

    def pause(self, seconds: float) -> None:
        """Let no call in for a time, as the endpoint asked."""
        self._open_at = max(self._open_at, _now() + seconds)


class Pace:
    """A rate limit that spreads amounts evenly over each minute. None is no limit."""

    def __init__(self, per_minute: int | None) -> None:
        self._seconds_each = _MINUTE_S / per_minute if per_minute else 0.0
        self._next_at = 0.0

    async def wait(self, amount: int) -> None:
        """Wait until this amount may be sent."""
        if not self._seconds_each:
            return
        now = _now()
        starts_at = max(now, self._next_at)
        self._next_at = starts_at + amount * self._seconds_each
        if starts_at > now:
            await asyncio.sleep(starts_at - now)

    def give_back(self, amount: int) -> None:
        """Give back what was reserved and not needed."""
        self._next_at -= amount * self._seconds_each
