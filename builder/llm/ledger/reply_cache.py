"""What was paid for before, read again by the rules of today."""

from __future__ import annotations

from typing import Any

from builder.llm.ledger.ledger import Ledger
from builder.llm.protocol import ChatRequest, Failure, R, Reply
from builder.llm.reading import Unfit, give_up, read_paid
from builder.llm.settings import OpenAISettings


class Memory:
    """The ledger's replies for one writer; safe to use from several threads."""

    def __init__(self, settings: OpenAISettings, ledger: Ledger) -> None:
        self._model, self._shaping, self._ledger = settings.model, settings.shaping(), ledger

    def key(self, request: ChatRequest[Any]) -> str:
        """Return the key of a request's reply."""
        return request.key(self._shaping)

    def made_by(self, request: ChatRequest[Any]) -> str:
        """Return the name under which rows show who wrote them."""
        return f"openai:{self._model} prompt={request.prompt_version}"

    def recall(self, request: ChatRequest[R], key: str) -> Reply[R] | Failure | Unfit[R] | None:
        """Return what was paid for before; an `Unfit` where only its repair is to be asked."""
        first = self._find(request, key)
        if not isinstance(first, Unfit):
            return first
        second = self._find(first.repair, self.key(first.repair))
        if second is None:
            return first
        return give_up(second, self.made_by(request)) if isinstance(second, Unfit) else second

    def _find(self, request: ChatRequest[R], key: str) -> Reply[R] | Failure | Unfit[R] | None:
        paid = self._ledger.find(key)
        return None if paid is None else read_paid(request, paid, self.made_by(request))
