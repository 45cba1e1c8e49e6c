"""The Batch API: half the price for a wait of up to a day. Same ledger, same replies.

Requests go into one JSONL file of chat bodies, identified by their keys. A batch is recorded in the
ledger before it is created and carries our token in its metadata, so that a run killed at any
moment finds it again and pays for nothing twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from pydantic import ValidationError

from builder.llm.batch.batch_api import BatchApi
from builder.llm.batch.batch_book import BatchBook, BatchRow
from builder.llm.client_settings import BatchSettings, OpenAISettings
from builder.llm.ledger.accounts import USED, WASTED, Drop, Settle
from builder.llm.ledger.budget import Budget, cap_reached, require_budget
from builder.llm.ledger.leases import is_alive, lease, new_owner
from builder.llm.ledger.ledger import Ledger
from builder.llm.ledger.location import ledger_path
from builder.llm.ledger.prices import price_of
from builder.llm.ledger.reply_cache import ReplyCache
from builder.llm.ledger.usage import Usage
from builder.llm.openai_client.calls import MAX_FAILED_ROWS
from builder.llm.openai_client.http_logging import silence_http_logging
from builder.llm.openai_client.refusals import read_refusal
from builder.llm.openai_client.wire import chat_body, read_completion, read_environment
from builder.llm.protocol import ChatError, ChatRequest, Failure, R, Reply
from builder.llm.replies import InvalidReply, give_up, read_paid

_COMPLETED, _CANCELLED = "completed", "cancelled"
_ENDED = frozenset({_COMPLETED, "failed", "expired", _CANCELLED})
_TOO_MANY_TOKENS = ("token_limit_exceeded", "token_limit_reached")
_NOT_CARRIED_OUT = ("batch_expired", "batch_cancelled")
"""Codes of requests in a batch that ended before their turn: nothing was paid for them."""
_REPLY_POLL_S = 1.0
"""Between two looks for replies that another process has asked for one by one."""
_NO_ANSWER = "the batch is completed, without an answer"


@contextmanager
def open_batches(settings: OpenAISettings, batch: BatchSettings) -> Iterator[BatchEngine]:
    """Open an engine that asks through the Batch API.

    Raises:
        ChatError: If there is no key or no valid address.
        InputError: If the ledger cannot be used, or the budget cannot be enforced.
    """
    access = read_environment()
    price = price_of(settings)
    require_budget(settings, price is not None)
    silence_http_logging()
    api = BatchApi(access, timeout_s=settings.timeout_s, attempts=settings.attempts)
    with api, Ledger.open(ledger_path(settings)) as ledger:
        yield BatchEngine(settings, batch, api, ledger, Budget(settings, price))


class BatchEngine:
    """A `ManyClient` that sends its requests in batches."""

    def __init__(
        self,
        settings: OpenAISettings,
        batch: BatchSettings,
        api: BatchApi,
        ledger: Ledger,
        budget: Budget,
    ) -> None:
        self._settings, self._batch, self._api = settings, batch, api
        self._ledger, self._budget = ledger, budget
        self._cache, self._book = ReplyCache(settings, ledger), BatchBook(ledger)
        self._max_requests, self._n_failed = batch.max_requests, 0
        self.usage = Usage()
        limit = settings.run_timeout_s
        self._ends_at = None if limit is None else time.monotonic() + limit

    def line(self) -> str:
        """Return a status for the progress bar."""
        return self.usage.line(len(self._book.token_by_key()))

    def figures(self) -> dict[str, Any]:
        """Return what was asked, spent and wasted, for the stage's counts."""
        return self.usage.figures(self._ledger.accounts())

    def remarks(self) -> list[str]:
        """Return what the user should know once the run is over, however it ended."""
        return self.usage.remarks()

    def ask_many(
        self, requests: Iterable[ChatRequest[R]]
    ) -> Iterator[tuple[ChatRequest[R], Reply[R] | Failure]]:
        """Yield every request with its outcome, in the requests' order.

        Raises:
            ChatError: If the endpoint creates no batches, or the run's time is up.
            InputError: At the budget's cap, or if the ledger cannot be written.
        """
        source = iter(requests)
        while chunk := list(islice(source, self._batch.max_requests)):
            keys = [self._cache.key(request) for request in chunk]
            cached = [self._cache.recall(r, key) for r, key in zip(chunk, keys, strict=True)]
            self.usage.from_ledger += sum(isinstance(k, Reply | Failure) for k in cached)
            problems: dict[str, str] = {}
            self._fetch(
                {k: r for k, r, o in zip(keys, chunk, cached, strict=True) if o is None}, problems
            )
            repairs = [self._cache.recall(r, key) for r, key in zip(chunk, keys, strict=True)]
            again = [outcome.repair for outcome in repairs if isinstance(outcome, InvalidReply)]
            self._fetch({self._cache.key(repair): repair for repair in again}, problems)
            for request, key in zip(chunk, keys, strict=True):
                yield request, self._outcome(request, key, problems)

    def _outcome(
        self, request: ChatRequest[R], key: str, problems: dict[str, str]
    ) -> Reply[R] | Failure:
        outcome, made_by = self._cache.recall(request, key), self._cache.made_by(request)
        if isinstance(outcome, InvalidReply):
            problem = problems.get(self._cache.key(outcome.repair))
            return give_up(outcome, made_by) if problem is None else _failed(problem, made_by)
        return outcome or _failed(problems.get(key, "the batch brought no answer"), made_by)

    def _fetch(self, waiting: dict[str, ChatRequest[Any]], problems: dict[str, str]) -> None:
        """Bring the replies of all keys into the ledger, or set in `problems` why there is none."""
        asked = dict(waiting)
        self._find_unnamed()
        while waiting:
            token_by_key = self._book.token_by_key()
            tokens = {token_by_key[key] for key in waiting if key in token_by_key}
            fresh = {key: r for key, r in waiting.items() if key not in token_by_key}
            is_left = False
            if fresh:
                part = dict(islice(fresh.items(), self._max_requests))
                new, is_left = self._submit(part)
                tokens |= new
            if not tokens and fresh.keys().isdisjoint(self._book.token_by_key()):
                if not is_left:
                    raise cap_reached(self._ledger)
                self._require_time("another process is asking for the rest")
                time.sleep(min(self._batch.poll_s, _REPLY_POLL_S))
            for token in tokens:
                self._collect(token, asked, problems)
            left = waiting.keys() - problems.keys()
            waiting = {key: waiting[key] for key in left if self._ledger.find(key) is None}

    def _submit(self, requests: dict[str, ChatRequest[Any]]) -> tuple[set[str], bool]:
        """Create a batch of the requests that can be held.

        Returns:
            Its token, none if no request could be held, and whether some were left to another
            process.
        """
        token = new_owner()
        with lease(token):
            holds = {key: self._budget.hold(request, key) for key, request in requests.items()}
            keys, is_left = self._book.begin(token, requests, holds)
            if not keys:
                return set(), is_left
            bodies = {
                key: chat_body(self._settings, requests[key], self._settings.format) for key in keys
            }
            self._book.name(token, self._api.make(token, bodies))
            return {token}, is_left

    def _find_unnamed(self) -> None:
        """Find the ids of batches that a killed run created; release those it did not create."""
        open_batches = self._book.open_batches().items()
        unnamed = {
            token for token, batch_id in open_batches if batch_id is None and not is_alive(token)
        }
        if not unnamed:
            return
        for token, batch_id in self._api.ids_by_token().items():
            if token in unnamed:
                self._book.name(token, batch_id)
                unnamed.discard(token)
        for token in unnamed:
            self._book.end(token, [], [Drop(row.hold) for row in self._book.rows(token)])

    def _collect(
        self, token: str, asked: dict[str, ChatRequest[Any]], problems: dict[str, str]
    ) -> None:
        batch = self._wait_for(token)
        if batch is None:
            return
        rows = {row.key: row for row in self._book.rows(token)}
        settled, refused = self._read_answers(batch, rows, asked)
        for entry in settled:
            del rows[entry.key]
        if not self._book.end(token, settled, [Drop(row.hold) for row in rows.values()]):
            return
        for entry in settled:
            self.usage.add(USED if entry.is_used else WASTED, entry.charge)
        if batch.status == _COMPLETED:
            refused = {key: refused.get(key, _NO_ANSWER) for key in rows}
        elif batch.status == _CANCELLED or not (settled or refused):
            self._end_or_shrink(batch, len(rows))
        problems |= refused
        self._require_some_replies(bool(settled), list(refused.values()))

    def _read_answers(
        self, batch: Any, rows: dict[str, BatchRow], asked: dict[str, ChatRequest[Any]]
    ) -> tuple[list[Settle], dict[str, str]]:
        """Return the replies of a batch, and what is wrong with others by their keys."""
        settled, refused = dict[str, Settle](), dict[str, str]()
        for file_id in filter(None, (batch.output_file_id, batch.error_file_id)):
            for answer in self._api.answers(file_id):
                row = rows.get(str(answer.get("custom_id")))
                if row is None or row.key in settled:
                    continue
                entry = self._settle(row, answer, asked.get(row.key))
                if isinstance(entry, Settle):
                    settled[row.key] = entry
                elif entry is not None:
                    refused[row.key] = entry
        return list(settled.values()), {k: v for k, v in refused.items() if k not in settled}

    def _end_or_shrink(self, batch: Any, n_rows: int) -> None:
        """Make the next batches smaller if this one was too large; else end the run.

        Rows of a batch that ends without them are asked again: none is left out for that.

        Raises:
            ChatError: With the endpoint's reason, since another batch would end likewise.
        """
        code, reason = self._api.reason(batch)
        if code in _TOO_MANY_TOKENS and n_rows > 1:
            self._max_requests = max(1, n_rows // 2)
            return
        suffix = f" ({reason})" if reason else ""
        raise self._api.fatal(
            f"batch {batch.id} is {batch.status}{suffix} and left out {n_rows:,} requests",
            "the endpoint's page of batches and writer.batch.max_requests",
        )

    def _require_some_replies(self, is_any: bool, problems: list[str]) -> None:
        """Count rows that fail one after another, as single calls do.

        Raises:
            ChatError: If they are so many that the endpoint would fail the rest of the run.
        """
        self._n_failed = 0 if is_any else self._n_failed + len(problems)
        if problems and self._n_failed >= MAX_FAILED_ROWS:
            raise self._api.fatal(
                f"failed {self._n_failed} rows one after another, the last with {problems[-1]!r}",
                "the server and the settings of the writer",
            )

    def _settle(
        self, row: BatchRow, answer: dict[str, Any], request: ChatRequest[Any] | None
    ) -> Settle | str | None:
        """Return a reply, what is wrong with it, or None if the request was never carried out."""
        response = answer.get("response")
        if not isinstance(response, dict):
            code = read_refusal(answer, self._api.api_key).code
            return None if code in _NOT_CARRIED_OUT else f"no response ({code or 'no code'})"
        body = response.get("body")
        if response.get("status_code") != 200:
            refusal = str(read_refusal(body, self._api.api_key))
            status = _shown_status(response.get("status_code"))
            return f"{status} ({refusal})" if refusal else status
        try:
            paid = read_completion(body, self._api.api_key)
        except ValidationError:
            return "the reply is not a chat completion"
        outcome = None if request is None else read_paid(request, paid, "")
        charge = self._budget.charge(row.hold, paid)
        return Settle(row.hold, row.key, row.row_id, paid, charge, isinstance(outcome, Reply))

    def _wait_for(self, token: str) -> Any:
        """Return the batch once it has ended; None if another process has fetched it."""
        while True:
            open_batches = self._book.open_batches()
            if token not in open_batches:
                return None
            batch_id, status = open_batches[token], "being made"
            if batch_id is not None:
                batch = self._api.look(batch_id)
                if batch.status in _ENDED:
                    return batch
                status = batch.status
            self._require_time(f"batch {batch_id} is {status}")
            time.sleep(self._batch.poll_s)

    def _require_time(self, state: str) -> None:
        if self._ends_at is not None and time.monotonic() > self._ends_at:
            raise ChatError(
                f"{state} after {self._settings.run_timeout_s:g} s (writer.run_timeout_s); run "
                "again later to fetch it: nothing is paid twice"
            )


def _shown_status(status: Any) -> str:
    return f"status {status}" if isinstance(status, int) else "no status"


def _failed(detail: str, made_by: str) -> Failure:
    return Failure("endpoint failed", detail, made_by)
