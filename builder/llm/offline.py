"""The writer without a model: one grammar per task, seeded by row; free and deterministic."""

from __future__ import annotations

from collections.abc import Mapping

from builder.llm.protocol import ChatRequest, Failure, Grammar, R, Reply
from builder.seeding import keyed_rng

MADE_BY = "offline-writer/1"


class OfflineWriter:
    """A `OneClient` that composes each reply from the task's grammar."""

    def __init__(self, seed: int, grammars: Mapping[str, Grammar]) -> None:
        self._seed = seed
        self._grammars = grammars

    def ask(self, request: ChatRequest[R]) -> Reply[R] | Failure:
        """Return the grammar's reply, validated like any other.

        Raises:
            KeyError: If the task has no grammar.
            pydantic.ValidationError: If the grammar's reply does not fit its schema.
        """
        rng = keyed_rng(self._seed, request.task, request.row_id)
        written = self._grammars[request.task](request.inputs, rng)
        value = request.reply.model_validate(written, context=request.inputs)
        return Reply(value, MADE_BY)
