"""What can go wrong with a call. Messages are ours: the endpoint's may repeat key or body."""

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
"""Doubling stops here: an endpoint that has been down for a minute is tried every minute."""


class CallError(Exception):
    """A call that brought no reply.

    Attributes:
        is_transient: Another attempt may succeed.
        is_free: Nothing was paid: the endpoint turned the call down, or it was never sent.
        slows: Fewer calls at once may help.
        retry_after_s: Seconds to wait, as the endpoint asks.
    """

    def __init__(
        self,
        message: str,
        *,
        is_transient: bool,
        is_free: bool,
        slows: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.is_transient, self.is_free = is_transient, is_free
        self.slows, self.retry_after_s = slows, retry_after_s


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3).

    Args:
        value: Seconds, possibly with a fraction as some endpoints send, or an HTTP date.
        now: The time that a date is counted from.
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
    """Return the rule by which a call is retried.

    Args:
        attempts: Including the first.
        first_wait_s: Upper bound of the first wait, doubled for each further one; each wait is
            drawn between 0 and its bound.
        total_s: For all attempts and waits; a wait that would end later is not started.
    """
    backoff = wait_random_exponential(multiplier=first_wait_s, max=_LONGEST_WAIT_S)

    def wait_s(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        requested_s = error.retry_after_s if isinstance(error, CallError) else None
        return max(requested_s, 0.0) if requested_s is not None else float(backoff(state))

    return AsyncRetrying(
        stop=stop_any(stop_after_attempt(attempts), stop_before_delay(total_s)),
        wait=wait_s,
        retry=retry_if_exception(lambda exc: isinstance(exc, CallError) and exc.is_transient),
        reraise=True,
    )


def now_utc() -> datetime:
    """Return the current time, for dates in headers."""
    return datetime.now(UTC)
