"""The one way to call a client: requests in, outcomes out in the same order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from builder.llm.protocol import (
    ChatClient,
    ChatRequest,
    Failure,
    ManyClient,
    OneClient,
    R,
    Reply,
)

_WAITING_PER_WORKER = 4


def ask_all(
    client: ChatClient, requests: Iterable[ChatRequest[R]], workers: int
) -> Iterator[tuple[ChatRequest[R], Reply[R] | Failure]]:
    """Yield every request with its outcome, in the requests' order.

    Reads a bounded number of requests ahead, never all of them.

    Args:
        client: A `ManyClient` sets its own concurrency.
        requests: May be a generator.
        workers: Threads for a `OneClient`.

    Raises:
        SaferecError: If no request can be answered; requests not yet started are dropped.
    """
    if isinstance(client, ManyClient):
        yield from client.ask_many(requests)
    else:
        yield from _in_threads(client, requests, workers)


def _in_threads(
    client: OneClient, requests: Iterable[ChatRequest[R]], workers: int
) -> Iterator[tuple[ChatRequest[R], Reply[R] | Failure]]:
    with ThreadPoolExecutor(max_workers=workers) as pool:
        waiting: deque[tuple[ChatRequest[R], Future[Reply[R] | Failure]]] = deque()
        try:
            for request in requests:
                waiting.append((request, pool.submit(client.ask, request)))
                if len(waiting) > workers * _WAITING_PER_WORKER:
                    yield _first(waiting)
            while waiting:
                yield _first(waiting)
        finally:
            for _, future in waiting:
                future.cancel()


def _first(
    waiting: deque[tuple[ChatRequest[R], Future[Reply[R] | Failure]]],
) -> tuple[ChatRequest[R], Reply[R] | Failure]:
    request, future = waiting.popleft()
    return request, future.result()
