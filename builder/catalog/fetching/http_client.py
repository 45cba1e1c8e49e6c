"""How publishers are asked: under our name, and again where they may yet answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential

from builder.catalog.fetching.register import Http

_HEADERS = {"User-Agent": "saferec-builder", "Accept-Encoding": "identity"}
"""No compression on the way: sizes and offsets are those of the file."""


class AttemptError(Exception):
    """A request that brought nothing.

    Attributes:
        status: What the server answered, None where it did not.
        is_transient: Another attempt may succeed.
        retry_after_s: Seconds to wait at least, as the server asks.
    """

    def __init__(
        self,
        problem: str,
        *,
        is_transient: bool,
        status: int | None = None,
        retry_after_s: float = 0.0,
    ) -> None:
        super().__init__(problem)
        self.status, self.is_transient, self.retry_after_s = status, is_transient, retry_after_s


def open_client(settings: Http) -> httpx2.Client:
    """Return a client that follows redirects; whoever opens it closes it."""
    return httpx2.Client(headers=_HEADERS, timeout=settings.timeout_s, follow_redirects=True)


@contextmanager
def attempt() -> Iterator[None]:
    """Turn what can go wrong with a request into an `AttemptError`."""
    try:
        yield
    except httpx2.HTTPStatusError as exc:
        status = exc.response.status_code
        stated = exc.response.headers.get("Retry-After", "")
        raise AttemptError(
            f"the server answered {status}",
            status=status,
            is_transient=status >= 500 or status == HTTPStatus.TOO_MANY_REQUESTS,
            retry_after_s=float(stated) if stated.isdecimal() else 0.0,
        ) from exc
    except httpx2.HTTPError as exc:
        raise AttemptError(str(exc) or type(exc).__name__, is_transient=True) from exc


def retrying(settings: Http, sleep: Callable[[float], None] = time.sleep) -> Retrying:
    """Return the rule by which a request is repeated: waits double, or last as the server asks.

    Raises:
        AttemptError: When called, if no attempt succeeds.
    """
    doubling = wait_exponential(multiplier=settings.retry_wait_s)

    def wait_s(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked_s = error.retry_after_s if isinstance(error, AttemptError) else 0.0
        return max(float(doubling(state)), asked_s)

    return Retrying(
        stop=stop_after_attempt(settings.attempts),
        wait=wait_s,
        retry=retry_if_exception(lambda exc: isinstance(exc, AttemptError) and exc.is_transient),
        sleep=sleep,
        reraise=True,
    )
