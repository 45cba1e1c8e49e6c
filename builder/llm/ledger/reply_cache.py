"""Replies that were paid for before, parsed again by today's rules."""

from __future__ import annotations

from typing import Any

from builder.llm.client_settings import OpenAISettings
from builder.llm.ledger.ledger import Ledger
from builder.llm.protocol import ChatRequest, Failure, R, Reply
from builder.llm.replies import InvalidReply, give_up, read_paid


class ReplyCache:
    """The ledger's replies for one writer. Safe to use from several threads."""

    def __init__(self, settings: OpenAISettings, ledger: Ledger) -> None:
        self._model, self._shaping, self._ledger = settings.model, settings.shaping(), ledger

    def key(self, request: ChatRequest[Any]) -> str:
        """Return the key under which a request's reply is kept."""
        return request.key(self._shaping)

    def made_by(self, request: ChatRequest[Any]) -> str:
        """Return the writer's name as rows record it."""
        return f"openai:{self._model} prompt={request.prompt_version}"

    def recall(
        self, request: ChatRequest[R], key: str
    ) -> Reply[R] | Failure | InvalidReply[R] | None:
        """Return what was paid for before; an `InvalidReply` if its repair is still to be asked."""
        first = self._find(request, key)
        if not isinstance(first, InvalidReply):
            return first
        second = self._find(first.repair, self.key(first.repair))
        if second is None:
            return first
        return (
            give_up(second, self.made_by(request)) if isinstance(second, InvalidReply) else second
        )

    def _find(
        self, request: ChatRequest[R], key: str
    ) -> Reply[R] | Failure | InvalidReply[R] | None:
        paid = self._ledger.find(key)
        return None if paid is None else read_paid(request, paid, self.made_by(request))
