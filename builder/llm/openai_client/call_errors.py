"""What can go wrong with a call, in our own words: an endpoint's may repeat the key or the body."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_any,
    stop_before_delay,
)
from tenacity.wait import wait_random_exponential

_LONGEST_WAIT_S = 60.0
"""Doubling stops here: an endpoint that is down for a minute is looked at every minute."""


class CallError(Exception):
    """A call that brought no reply.

    `is_passing`: another attempt may succeed. `is_free`: the endpoint said that it turned the
    call down, or it was never sent, so that nothing was paid. `slows`: fewer calls at once may
    help. `retry_after_s`: as the endpoint asks.
    """

    def __init__(
        self,
        said: str,
        *,
        is_passing: bool,
        is_free: bool,
        slows: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(said)
        self.is_passing, self.is_free = is_passing, is_free
        self.slows, self.retry_after_s = slows, retry_after_s


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3).

    Args:
        value: Seconds, also with a fraction as some endpoints write them, or an HTTP date.
        now: The time to count a date from.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = parsedate_to_datetime(value)
        except ValueError:
            return None
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        seconds = (date - now).total_seconds()
    return max(0.0, seconds) if seconds < float("inf") else None


def retrying(attempts: int, first_wait_s: float, total_s: float) -> AsyncRetrying:
    """Return the rule by which a call is tried again.

    Args:
        attempts: The first one included.
        first_wait_s: The longest first wait; it doubles, and each is drawn between 0 and that.
        total_s: Of all attempts and waits; a wait that would end later is not begun.
    """
    backoff = wait_random_exponential(multiplier=first_wait_s, max=_LONGEST_WAIT_S)

    def wait_s(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after_s if isinstance(error, CallError) else None
        return max(asked, 0.0) if asked is not None else float(backoff(state))

    return AsyncRetrying(
        stop=stop_any(stop_after_attempt(attempts), stop_before_delay(total_s)),
        wait=wait_s,
        retry=retry_if_exception(lambda exc: isinstance(exc, CallError) and exc.is_passing),
        reraise=True,
    )


def now_utc() -> datetime:
    """Return the time of day, for dates in headers."""
    return datetime.now(UTC)
