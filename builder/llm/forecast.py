"""What a stage would ask and what that would cost, found by asking nobody.

The stage's own code runs over a client that renders and counts every request and answers with the
offline writer, or with what the ledger holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.llm.ledger.budget import require_budget
from builder.llm.ledger.ledger import Ledger
from builder.llm.ledger.prices import Price, price_of
from builder.llm.ledger.reply_cache import Memory
from builder.llm.offline import OfflineWriter
from builder.llm.protocol import ChatRequest, Failure, Grammar, R, Reply
from builder.llm.reading import Unfit
from builder.llm.settings import OfflineSettings, OpenAISettings
from builder.llm.tokens import likely_prompt_tokens, likely_text_tokens


@dataclass(slots=True)
class Range:
    """The fewest and the most to expect."""

    low: int = 0
    high: int = 0

    def add(self, low: int, high: int) -> None:
        """Add a range to this one."""
        self.low += low
        self.high += high


@dataclass(slots=True)
class Forecast:
    """Of one stage. `paid_before` counts requests whose replies the ledger has."""

    requests: int = 0
    paid_before: int = 0
    prompt_tokens: Range = field(default_factory=Range)
    reply_tokens: Range = field(default_factory=Range)

    def cost(self, price: Price) -> Range:
        """Return nano-dollars."""
        prompt, reply = self.prompt_tokens, self.reply_tokens
        return Range(price.cost(prompt.low, reply.low), price.cost(prompt.high, reply.high))


class Planner:
    """A `ManyClient` that counts."""

    def __init__(
        self, offline: OfflineWriter, memory: Memory | None, max_tokens: int | None, seen: Forecast
    ) -> None:
        self._offline, self._memory, self._max_tokens = offline, memory, max_tokens
        self._seen = seen

    def _ask(self, request: ChatRequest[R]) -> Reply[R] | Failure:
        """Count a request and return what the ledger or the offline writer says."""
        self._seen.requests += 1
        known = self._memory.recall(request, self._memory.key(request)) if self._memory else None
        if known is not None and not isinstance(known, Unfit):
            self._seen.paid_before += 1
            return known
        written = self._offline.ask(request)
        self._count(request, written)
        return written

    def _count(self, request: ChatRequest[R], written: Reply[R] | Failure) -> None:
        prompt_low, prompt_high = likely_prompt_tokens(request)
        text = written.value.model_dump_json() if isinstance(written, Reply) else ""
        low, likely = likely_text_tokens(text)
        high = self._max_tokens or likely
        repair = prompt_high + high if self._max_tokens else 0
        self._seen.prompt_tokens.add(prompt_low, prompt_high + repair)
        self._seen.reply_tokens.add(low, 2 * high if self._max_tokens else high)

    def ask_many(
        self, requests: Iterable[ChatRequest[R]]
    ) -> Iterator[tuple[ChatRequest[R], Reply[R] | Failure]]:
        """Yield every request with its outcome."""
        return ((request, self._ask(request)) for request in requests)

    def line(self) -> str:
        """Return the count so far."""
        return f"{self._seen.requests:,} requests"

    def figures(self) -> Mapping[str, Any]:
        """Return nothing: a plan has no counts."""
        return {}


@contextmanager
def open_planner(
    writer: OfflineSettings | OpenAISettings,
    *,
    seed: int,
    grammars: Mapping[str, Grammar],
    seen: Forecast,
) -> Iterator[Planner]:
    """Give the client that counts into `seen`.

    Raises:
        InputError: Where the stage itself would be refused: a budget that cannot be held to, a
            price file or a ledger that cannot be read.
    """
    offline = OfflineWriter(seed, grammars)
    if isinstance(writer, OfflineSettings):
        yield Planner(offline, None, None, seen)
        return
    require_budget(writer, price_of(writer) is not None)
    with ExitStack() as stack:
        path, memory = Path(writer.ledger), None
        if path.exists():
            memory = Memory(writer, stack.enter_context(Ledger.open(path)))
        yield Planner(offline, memory, writer.max_tokens, seen)
