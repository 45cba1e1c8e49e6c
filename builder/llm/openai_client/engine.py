"""The chat engine: requests in, validated replies out, none paid for twice.

The caller's thread looks replies up in the ledger and hands over the requests that are not there;
the engine's own thread runs the calls. Money is held in the ledger before a call is sent, and the
reply is durable there before anyone sees it. A reply that does not fit its schema is asked for once
more with the error shown; this repair has its own key, so that a second run pays for neither.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from typing import Any

from builder.errors import SaferecError
from builder.llm.client_settings import OpenAISettings
from builder.llm.ledger.budget import Budget, require_budget
from builder.llm.ledger.ledger import Ledger
from builder.llm.ledger.location import ledger_path
from builder.llm.ledger.prices import price_of
from builder.llm.ledger.usage import Usage
from builder.llm.openai_client.calls import Caller
from builder.llm.openai_client.endpoint import Endpoint
from builder.llm.protocol import ChatRequest, Failure, R, Reply
from builder.llm.replies import InvalidReply

_ROWS_AHEAD = 8
"""Per call that may be in flight, so that one slow reply holds back no other."""


_STARTED_PER_PLACE = 2
"""Requests started per call that may be in flight: the next one has its hold by the time a place is
free. A killed run may have paid for all that were started."""


@contextmanager
def open_engine(settings: OpenAISettings) -> Iterator[Engine]:
    """Open the engine of an endpoint for as long as the context lasts.

    Raises:
        ChatError: If there is no key or no valid address.
        InputError: If the ledger cannot be used, or the budget cannot be enforced.
    """
    endpoint = Endpoint(settings)
    price = price_of(settings)
    require_budget(settings, price is not None)
    with Ledger.open(ledger_path(settings)) as ledger:
        engine = Engine(settings, Caller(settings, endpoint, ledger, Budget(settings, price)))
        try:
            yield engine
        finally:
            engine.close()


class Engine:
    """A `ManyClient` for one endpoint and one ledger."""

    def __init__(self, settings: OpenAISettings, caller: Caller) -> None:
        self._settings, self._caller = settings, caller
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._begun = threading.Semaphore(settings.in_flight * _STARTED_PER_PLACE)

    @property
    def usage(self) -> Usage:
        """Return what has been asked and spent so far."""
        return self._caller.usage

    def line(self) -> str:
        """Return a status for the progress bar."""
        return self.usage.line(self._caller.in_flight)

    def figures(self) -> dict[str, Any]:
        """Return what was asked, spent and wasted, for the stage's counts."""
        return self.usage.figures(self._caller.ledger.accounts())

    def remarks(self) -> list[str]:
        """Return what the user should know once the run is over, however it ended."""
        return self.usage.remarks()

    def close(self) -> None:
        """Cancel all calls and stop the thread."""
        if self._loop is None or self._thread is None:
            return
        self._run(self._end()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._caller.close()

    def ask_many(
        self, requests: Iterable[ChatRequest[R]]
    ) -> Iterator[tuple[ChatRequest[R], Reply[R] | Failure]]:
        """Yield every request with its outcome, in the requests' order.

        Raises:
            ChatError: If the endpoint answers no call, or the run's time is up.
            InputError: At the budget's cap, or if the ledger cannot be written. Calls in flight
                are awaited and their replies kept.
        """
        window: deque[tuple[ChatRequest[R], str, Reply[R] | Failure | Future[Any]]] = deque()
        asked: dict[str, Future[Any]] = {}
        max_window = self._settings.in_flight * _ROWS_AHEAD
        try:
            for request in requests:
                key = self._caller.cache.key(request)
                window.append((request, key, asked.get(key) or self._begin(request, key, asked)))
                while len(window) > max_window or (window and _is_done(window[0][2])):
                    yield self._first(window, asked)
            while window:
                yield self._first(window, asked)
        except SaferecError as exc:
            self._caller.stop(exc)
            wait(list(asked.values()))
            raise
        finally:
            for future in asked.values():
                future.cancel()

    def _begin(
        self, request: ChatRequest[R], key: str, asked: dict[str, Future[Any]]
    ) -> Reply[R] | Failure | Future[Any]:
        cached = self._caller.cache.recall(request, key)
        if cached is not None and not isinstance(cached, InvalidReply):
            self.usage.from_ledger += 1
            return cached
        self._begun.acquire()
        asked[key] = self._run(self._caller.answer(request, key, cached))
        asked[key].add_done_callback(lambda _: self._begun.release())
        return asked[key]

    def _first(
        self,
        window: deque[tuple[ChatRequest[R], str, Reply[R] | Failure | Future[Any]]],
        asked: dict[str, Future[Any]],
    ) -> tuple[ChatRequest[R], Reply[R] | Failure]:
        request, key, outcome = window.popleft()
        if isinstance(outcome, Future):
            outcome = outcome.result()
            asked.pop(key, None)
        return request, outcome

    def _run(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="chat engine", daemon=True
                )
                self._thread.start()
        return asyncio.run_coroutine_threadsafe(work, self._loop)


def _is_done(outcome: Reply[Any] | Failure | Future[Any]) -> bool:
    return not isinstance(outcome, Future) or outcome.done()
