"""One request to an endpoint: held, sent within the limits, retried, settled, parsed."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from builder.errors import SaferecError
from builder.llm.client_settings import OpenAISettings
from builder.llm.ledger.accounts import (
    LOST,
    USED,
    WASTED,
    Charge,
    Drop,
    Granted,
    Hold,
    Lose,
    Settle,
)
from builder.llm.ledger.budget import Budget, cap_reached
from builder.llm.ledger.group_commit import GroupCommit
from builder.llm.ledger.ledger import Ledger
from builder.llm.ledger.reply_cache import ReplyCache
from builder.llm.ledger.usage import Usage
from builder.llm.openai_client.call_errors import CallError, retrying
from builder.llm.openai_client.endpoint import Endpoint, UnreachableError
from builder.llm.openai_client.limits import Gate, Pace
from builder.llm.protocol import ChatError, ChatRequest, Failure, R, Reply
from builder.llm.replies import InvalidReply, Paid, give_up, read_paid
from builder.llm.tokens import likely_prompt_tokens

_BYTES_PER_TOKEN = 8
"""Of a reply on disk: twice the size of a token of prose, since SQLite writes its log first."""

MAX_FAILED_ROWS = 20
"""In a row, and at least twice the number in flight: then the run ends. Rows that fail now and then
are rejected one by one; an endpoint that fails every row would reject the rest of the run."""

_BUDGET_POLL_S = 1.0
"""Between two tries at a hold while another process holds the rest of the budget."""

_REPLY_POLL_S = 0.1
"""Between two looks for a reply that another process has asked for."""


class Caller:
    """Answers requests within one event loop; `stop` may be called from any thread."""

    def __init__(
        self, settings: OpenAISettings, endpoint: Endpoint, ledger: Ledger, budget: Budget
    ) -> None:
        self.ledger, self.usage = ledger, Usage()
        self.cache = ReplyCache(settings, ledger)
        self._settings, self._endpoint, self._budget = settings, endpoint, budget
        self._gate = Gate(settings.in_flight)
        self._requests = Pace(settings.requests_per_minute)
        self._tokens = Pace(settings.tokens_per_minute)
        reply_bytes = settings.in_flight * settings.max_tokens * _BYTES_PER_TOKEN
        self._commit = GroupCommit(ledger, reply_bytes)
        self._freed = asyncio.Event()
        self._n_failed = 0
        self._stopped_by: SaferecError | None = None
        limit = settings.run_timeout_s
        self._ends_at = None if limit is None else time.monotonic() + limit

    @property
    def in_flight(self) -> int:
        """Return how many calls are in flight."""
        return self._gate.inside

    def stop(self, reason: SaferecError) -> None:
        """Start no further call; those in flight finish. The first reason given counts."""
        self._stopped_by = self._stopped_by or reason

    async def close(self) -> None:
        """Close the connections and the ledger's thread."""
        await self._endpoint.close()
        self._commit.close()

    async def answer(
        self, request: ChatRequest[R], key: str, invalid: InvalidReply[R] | None
    ) -> Reply[R] | Failure:
        """Return the reply, asking for a repair if it does not fit its schema.

        Args:
            request: The question.
            key: Of its reply in the ledger.
            invalid: A reply paid for before that only needs its repair asked for.

        Raises:
            ChatError: If the endpoint answers no call, or the run's time is up.
            InputError: At the budget's cap, or if the ledger cannot be written.
        """
        try:
            outcome = invalid or await self._ask(request, key)
            if isinstance(outcome, InvalidReply):
                repair = outcome.repair
                outcome = await self._ask(repair, self.cache.key(repair))
        except SaferecError as exc:
            self.stop(exc)
            raise
        if isinstance(outcome, InvalidReply):
            return give_up(outcome, self.cache.made_by(request))
        return outcome

    async def _ask(self, request: ChatRequest[R], key: str) -> Reply[R] | Failure | InvalidReply[R]:
        settings, call = self._settings, _Call(request, key)
        retry = retrying(settings.attempts, settings.retry_wait_s, settings.request_timeout_s)
        try:
            paid: Paid | None = await retry(self._attempt, call)
        except CallError as exc:
            self._count_failed(exc)
            await self._drop(call)
            if self._stopped_by is not None:
                raise self._stopped_by from exc
            return Failure("endpoint failed", str(exc), self.cache.made_by(request))
        except SaferecError:
            await self._drop(call)
            raise
        self._n_failed = 0
        if paid is None:
            self.usage.from_ledger += 1
            return self._kept(request, key)
        outcome = read_paid(request, paid, self.cache.made_by(request))
        granted = await self._settle(call, paid, is_used=isinstance(outcome, Reply))
        return outcome if granted == "held" else self._kept(request, key)

    def _kept(self, request: ChatRequest[R], key: str) -> Reply[R] | Failure | InvalidReply[R]:
        """Return the reply that the ledger kept, so that every later run has the same."""
        paid = self.ledger.find(key)
        if paid is None:
            raise RuntimeError(f"the ledger lost the reply {key}")
        return read_paid(request, paid, self.cache.made_by(request))

    async def _attempt(self, call: _Call) -> Paid | None:
        """Return the reply; None if another process has paid for it meanwhile."""
        hold = await self._held(call)
        if hold is None:
            return None
        guess = likely_prompt_tokens(call.request)[1] + self._settings.max_tokens
        await self._requests.wait(1)
        await self._tokens.wait(guess)
        async with self._gate.place():
            self._require_going_on()
            self.usage.retries += call.is_sent
            call.is_sent, begun_at = True, time.monotonic()
            try:
                paid = await self._endpoint.complete(call.request)
            except ChatError as exc:
                self.stop(exc)  # before the place is free for the next call
                raise
            except CallError as exc:
                self._slow_down(exc, begun_at)
                error = exc
            else:
                self._gate.succeed(time.monotonic() - begun_at)
                charge = self._budget.charge(hold, paid)
                self._tokens.give_back(guess - charge.prompt_tokens - charge.completion_tokens)
                return paid
        if not error.is_free:
            call.hold = None
            self.usage.add(LOST, Charge(hold.tokens, 0, hold.nano_usd))
            await self._commit.put(Lose(hold))
            self._set_free()
        raise error

    def _slow_down(self, error: CallError, begun_at: float) -> None:
        if error.slows:
            self._gate.shrink(begun_at)
        if error.retry_after_s is not None:
            self._gate.pause(min(error.retry_after_s, self._settings.request_timeout_s))

    async def _held(self, call: _Call) -> Hold | None:
        """Return the call's hold, waiting for the budget if it has none yet.

        A reply that another process has asked for is waited for too; None once it is kept.

        Raises:
            InputError: At the cap.
        """
        hold = call.hold or self._budget.hold(call.request, call.key)
        while call.hold is None:
            self._require_going_on()
            self._freed.clear()
            granted = await self._commit.put(hold)
            if granted == "stop":
                raise cap_reached(self.ledger)
            if granted == "paid":
                return None
            if granted == "held":
                call.hold = hold
            else:
                await self._wait_for_others(_REPLY_POLL_S if granted == "asked" else _BUDGET_POLL_S)
        return hold

    async def _wait_for_others(self, at_most_s: float) -> None:
        try:
            async with asyncio.timeout(at_most_s):
                await self._freed.wait()
        except TimeoutError:
            pass

    def _require_going_on(self) -> None:
        if self._ends_at is not None and time.monotonic() > self._ends_at:
            self.stop(ChatError(
                f"the run's {self._settings.run_timeout_s:g} s (writer.run_timeout_s) are over; "
                "run again to go on: paid replies are kept"
            ))  # fmt: skip
        if self._stopped_by is not None:
            raise self._stopped_by

    def _count_failed(self, error: CallError) -> None:
        """Count a failed row; end the run if nothing answers or too many rows have failed."""
        self._n_failed += 1
        if isinstance(error, UnreachableError):
            self.stop(self._endpoint.unreachable())
        elif self._n_failed >= max(MAX_FAILED_ROWS, 2 * self._settings.in_flight):
            self.stop(
                self._endpoint.fatal(
                    f"failed {self._n_failed} rows one after another, the last with {str(error)!r}",
                    "the server and the settings of the writer",
                )
            )

    async def _drop(self, call: _Call) -> None:
        if call.hold is not None:
            await self._commit.put(Drop(call.hold))
            self._set_free()

    async def _settle(self, call: _Call, paid: Paid, *, is_used: bool) -> Granted:
        if call.hold is None:
            raise RuntimeError("a reply came for a call that was not held")
        charge = self._budget.charge(call.hold, paid)
        entry = Settle(call.hold, call.key, call.request.row_id, paid, charge, is_used)
        granted = await self._commit.put(entry)
        self.usage.add(USED if is_used else WASTED, charge)
        self._set_free()
        return granted

    def _set_free(self) -> None:
        self._freed.set()


class _Call:
    """The state of one request over its attempts."""

    __slots__ = ("hold", "is_sent", "key", "request")

    def __init__(self, request: ChatRequest[Any], key: str) -> None:
        self.request, self.key = request, key
        self.hold: Hold | None = None
        self.is_sent = False
