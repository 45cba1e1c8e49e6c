"""What a stage would ask and what that would cost, worked out without asking anybody.

The stage's own code runs with a client that renders and counts every request, and answers from the
ledger or with the offline writer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from builder.llm.client_settings import OfflineSettings, OpenAISettings
from builder.llm.ledger.budget import require_budget
from builder.llm.ledger.ledger import Ledger
from builder.llm.ledger.location import ledger_path
from builder.llm.ledger.prices import Price, price_of
from builder.llm.ledger.reply_cache import ReplyCache
from builder.llm.offline import OfflineWriter
from builder.llm.protocol import ChatRequest, Failure, Grammar, R, Reply
from builder.llm.replies import InvalidReply
from builder.llm.tokens import likely_prompt_tokens, likely_text_tokens


@dataclass(slots=True)
class Range:
    """The least and the most to expect."""

    low: int = 0
    high: int = 0

    def add(self, low: int, high: int) -> None:
        """Add a range to this one."""
        self.low += low
        self.high += high


@dataclass(slots=True)
class Forecast:
    """What one stage would ask.

    Attributes:
        requests: All of them.
        paid_before: Those whose replies the ledger has already.
        prompt_tokens: Prompt tokens of the requests that are left.
        reply_tokens: Reply tokens of the requests that are left.
    """

    requests: int = 0
    paid_before: int = 0
    prompt_tokens: Range = field(default_factory=Range)
    reply_tokens: Range = field(default_factory=Range)

    def cost(self, price: Price) -> Range:
        """Return the cost in nano-dollars."""
        prompt, reply = self.prompt_tokens, self.reply_tokens
        return Range(price.cost(prompt.low, reply.low), price.cost(prompt.high, reply.high))


class ForecastClient:
    """A `ManyClient` that counts requests and sends none."""

    def __init__(
        self,
        offline: OfflineWriter,
        cache: ReplyCache | None,
        max_tokens: int | None,
        forecast: Forecast,
    ) -> None:
        self._offline, self._cache, self._max_tokens = offline, cache, max_tokens
        self._forecast = forecast

    def _ask(self, request: ChatRequest[R]) -> Reply[R] | Failure:
        """Count a request and return the reply of the ledger or the offline writer."""
        self._forecast.requests += 1
        cached = self._cache.recall(request, self._cache.key(request)) if self._cache else None
        if cached is not None and not isinstance(cached, InvalidReply):
            self._forecast.paid_before += 1
            return cached
        written = self._offline.ask(request)
        self._count(request, written)
        return written

    def _count(self, request: ChatRequest[R], written: Reply[R] | Failure) -> None:
        prompt_low, prompt_high = likely_prompt_tokens(request)
        text = written.value.model_dump_json() if isinstance(written, Reply) else ""
        low, likely = likely_text_tokens(text)
        high = self._max_tokens or likely
        repair = prompt_high + high if self._max_tokens else 0
        self._forecast.prompt_tokens.add(prompt_low, prompt_high + repair)
        self._forecast.reply_tokens.add(low, 2 * high if self._max_tokens else high)

    def ask_many(
        self, requests: Iterable[ChatRequest[R]]
    ) -> Iterator[tuple[ChatRequest[R], Reply[R] | Failure]]:
        """Yield every request with its outcome."""
        return ((request, self._ask(request)) for request in requests)

    def line(self) -> str:
        """Return a status for the progress bar."""
        return f"{self._forecast.requests:,} requests"

    def figures(self) -> Mapping[str, Any]:
        """Return nothing: a forecast is not part of a stage's counts."""
        return {}

    def remarks(self) -> list[str]:
        """Return nothing: a forecast pays for nothing."""
        return []


@contextmanager
def open_forecast(
    writer: OfflineSettings | OpenAISettings,
    *,
    seed: int,
    grammars: Mapping[str, Grammar],
    forecast: Forecast,
) -> Iterator[ForecastClient]:
    """Open a client that adds what it is asked to `forecast`.

    Raises:
        InputError: Where the stage itself would be refused: a budget that cannot be enforced, a
            price file or a ledger that cannot be read.
    """
    offline = OfflineWriter(seed, grammars)
    if isinstance(writer, OfflineSettings):
        yield ForecastClient(offline, None, None, forecast)
        return
    require_budget(writer, price_of(writer) is not None)
    with ExitStack() as stack:
        path, cache = ledger_path(writer), None
        if path.exists():
            cache = ReplyCache(writer, stack.enter_context(Ledger.open(path)))
        yield ForecastClient(offline, cache, writer.max_tokens, forecast)
