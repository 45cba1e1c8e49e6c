"""The Batch API: half the price for up to a day of waiting. Same ledger, same replies.

Requests go in one JSONL file of chat bodies, named by their keys. The batch is noted in the ledger
before it is made and carries our token in its metadata, so that a run that was killed at any
moment finds it again and pays for nothing twice.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from builder.llm.batch.batch_api import BatchApi
from builder.llm.batch.batch_book import BatchBook, Lying
from builder.llm.ledger.accounts import USED, WASTED, Drop, Settle
from builder.llm.ledger.budget import Purse, cap_reached, require_budget
from builder.llm.ledger.leases import is_alive, living, new_owner
from builder.llm.ledger.ledger import Ledger
from builder.llm.ledger.prices import price_of
from builder.llm.ledger.reply_cache import Memory
from builder.llm.ledger.usage import Tally
from builder.llm.openai_client.http_logging import hush
from builder.llm.openai_client.wire import Completion, chat_body, read_environment
from builder.llm.protocol import ChatError, ChatRequest, Failure, R, Reply
from builder.llm.reading import Unfit, give_up, read_paid
from builder.llm.settings import BatchSettings, OpenAISettings

_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})


@contextmanager
def open_batches(settings: OpenAISettings, batch: BatchSettings) -> Iterator[BatchEngine]:
    """Give the engine that asks by the Batch API for as long as the context lasts.

    Raises:
        ChatError: If there is no key or no proper address.
        InputError: If the ledger cannot be used, or the budget cannot be held to.
    """
    api_key, url = read_environment()
    price = price_of(settings)
    require_budget(settings, price is not None)
    hush()
    api = BatchApi(api_key, url, timeout_s=settings.timeout_s, attempts=settings.attempts)
    with api, Ledger.open(Path(settings.ledger)) as ledger:
        yield BatchEngine(settings, batch, api, ledger, Purse(settings, price))


class BatchEngine:
    """A `ManyClient` that sends its requests in batches."""

    def __init__(
        self,
        settings: OpenAISettings,
        batch: BatchSettings,
        api: BatchApi,
        ledger: Ledger,
        purse: Purse,
    ) -> None:
        self._settings, self._batch, self._api = settings, batch, api
        self._ledger, self._purse = ledger, purse
        self._memory, self._book = Memory(settings, ledger), BatchBook(ledger)
        self.tally = Tally()
        limit = settings.run_timeout_s
        self._ends_at = None if limit is None else time.monotonic() + limit

    def line(self) -> str:
        """Return the state of things for a progress bar."""
        return self.tally.line(len(self._book.token_by_key()))

    def figures(self) -> dict[str, Any]:
        """Return what was asked, spent and wasted, for a stage's counts."""
        return self.tally.figures(self._ledger.accounts())

    def ask_many(
        self, requests: Iterable[ChatRequest[R]]
    ) -> Iterator[tuple[ChatRequest[R], Reply[R] | Failure]]:
        """Yield every request with its outcome, in the requests' order.

        Raises:
            ChatError: If the endpoint makes no batches, or the run's time is up.
            InputError: At the budget's cap, and where the ledger cannot be written.
        """
        source = iter(requests)
        while chunk := list(islice(source, self._batch.max_requests)):
            keys = [self._memory.key(request) for request in chunk]
            known = [self._memory.recall(r, key) for r, key in zip(chunk, keys, strict=True)]
            self.tally.from_ledger += sum(isinstance(k, Reply | Failure) for k in known)
            why: dict[str, str] = {}
            self._fetch(
                {k: r for k, r, o in zip(keys, chunk, known, strict=True) if o is None}, why
            )
            repairs = [self._memory.recall(r, key) for r, key in zip(chunk, keys, strict=True)]
            again = [outcome.repair for outcome in repairs if isinstance(outcome, Unfit)]
            self._fetch({self._memory.key(repair): repair for repair in again}, why)
            for request, key in zip(chunk, keys, strict=True):
                yield request, self._outcome(request, key, why)

    def _outcome(
        self, request: ChatRequest[R], key: str, why: dict[str, str]
    ) -> Reply[R] | Failure:
        outcome, made_by = self._memory.recall(request, key), self._memory.made_by(request)
        if isinstance(outcome, Unfit):
            repair = why.get(self._memory.key(outcome.repair))
            return give_up(outcome, made_by) if repair is None else _failed(repair, made_by)
        return outcome or _failed(why.get(key, "the batch brought no answer"), made_by)

    def _fetch(self, waiting: dict[str, ChatRequest[Any]], why: dict[str, str]) -> None:
        """Bring the replies of all keys into the ledger, or say in `why` what kept them out."""
        asked = dict(waiting)
        self._find_unnamed()
        while waiting:
            token_by_key = self._book.token_by_key()
            lying = {token_by_key[key] for key in waiting if key in token_by_key}
            fresh = {key: r for key, r in waiting.items() if key not in token_by_key}
            if fresh:
                lying |= self._submit(fresh)
            if not lying and fresh.keys().isdisjoint(self._book.token_by_key()):
                raise cap_reached(self._ledger)
            for token in lying:
                self._collect(token, asked, why)
            left = waiting.keys() - why.keys()
            waiting = {key: waiting[key] for key in left if self._ledger.find(key) is None}

    def _submit(self, requests: dict[str, ChatRequest[Any]]) -> set[str]:
        """Return the token of the batch made, none where nothing could be held."""
        token = new_owner()
        with living(token):
            holds = {key: self._purse.hold(request) for key, request in requests.items()}
            noted = self._book.begin(token, requests, holds)
            if not noted:
                return set()
            bodies = {
                key: chat_body(self._settings, requests[key], self._settings.format)
                for key in noted
            }
            self._book.name(token, self._api.make(token, bodies))
            return {token}

    def _find_unnamed(self) -> None:
        """Name the batches that a killed run may have made, and free those that it did not."""
        found = self._book.open_batches().items()
        unnamed = {token for token, made in found if made is None and not is_alive(token)}
        if not unnamed:
            return
        for token, batch_id in self._api.ids_by_token().items():
            if token in unnamed:
                self._book.name(token, batch_id)
                unnamed.discard(token)
        for token in unnamed:
            self._book.end(token, [], [Drop(row.hold) for row in self._book.rows(token)])

    def _collect(self, token: str, asked: dict[str, ChatRequest[Any]], why: dict[str, str]) -> None:
        made = self._wait_for(token)
        if made is None:
            return
        rows = {row.key: row for row in self._book.rows(token)}
        settled, refused = list[Settle](), dict[str, str]()
        for file_id in (made.output_file_id, made.error_file_id):
            if file_id is None:
                continue
            for answer in self._api.answers(file_id):
                row = rows.pop(str(answer.get("custom_id")), None)
                if row is None:
                    continue
                entry = self._settle(row, answer, asked.get(row.key))
                if isinstance(entry, Settle):
                    settled.append(entry)
                else:
                    refused[row.key] = entry
                    rows[row.key] = row
        if not self._book.end(token, settled, [Drop(row.hold) for row in rows.values()]):
            return
        for entry in settled:
            self.tally.add(USED if entry.is_used else WASTED, entry.charge)
        why |= {
            key: refused.get(key, f"the batch is {made.status}, without an answer") for key in rows
        }

    def _settle(
        self, row: Lying, answer: dict[str, Any], request: ChatRequest[Any] | None
    ) -> Settle | str:
        response = answer.get("response") or {}
        if response.get("status_code") != 200:
            return f"status {response.get('status_code', 'unknown')}"
        try:
            paid = Completion.model_validate(response.get("body")).paid()
        except ValidationError:
            return "the answer is no chat completion"
        read = None if request is None else read_paid(request, paid, "")
        charge = self._purse.charge_of(row.hold, paid)
        return Settle(row.hold, row.key, row.row_id, paid, charge, isinstance(read, Reply))

    def _wait_for(self, token: str) -> Any:
        """Return the ended batch, None where another process has fetched it."""
        while True:
            found = self._book.open_batches()
            if token not in found:
                return None
            batch_id, status = found[token], "being made"
            if batch_id is not None:
                made = self._api.look(batch_id)
                if made.status in _ENDED:
                    return made
                status = made.status
            if self._ends_at is not None and time.monotonic() > self._ends_at:
                raise ChatError(
                    f"batch {batch_id} is {status} after {self._settings.run_timeout_s:g} s "
                    "(writer.run_timeout_s); run again later to fetch it: nothing is paid twice"
                )
            time.sleep(self._batch.poll_s)


def _failed(detail: str, made_by: str) -> Failure:
    return Failure("endpoint failed", detail, made_by)
