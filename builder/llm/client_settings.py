"""A writer's settings: `writer: {kind: offline}` or `{kind: openai, model: ...}` in params.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from builder.settings import Strict

Format = Literal["json_schema", "json_object", "text"]


class OfflineSettings(Strict):
    """The offline writer; it has nothing to set."""

    kind: Literal["offline"]


class BatchSettings(Strict):
    """The Batch API.

    Attributes:
        max_requests: The most requests per batch.
        poll_s: Seconds between two requests for the state of a batch.
    """

    max_requests: Annotated[int, Field(gt=0)]
    poll_s: Annotated[float, Field(gt=0)]


_Count = Annotated[int, Field(gt=0)]
_Seconds = Annotated[float, Field(gt=0)]


class OpenAISettings(Strict):
    """An OpenAI-compatible endpoint; docs/llm.md explains each key.

    Attributes:
        kind: Tells these settings from those of the offline writer.
        model: What the endpoint calls the model.
        temperature: Sampling temperature in [0, 2], None to send none.
        max_tokens: The most tokens of one reply.
        max_tokens_key: What the endpoint calls that limit.
        format: The first way to ask for a reply's schema; see `builder.llm.openai_client`.
        batch: The Batch API, None to send each request in a call of its own.
        in_flight: The most calls at once.
        requests_per_minute: The provider's limit, None for no limit.
        tokens_per_minute: The provider's limit, None for no limit.
        timeout_s: The longest that one call may take.
        request_timeout_s: The longest that one row may take, with all its attempts and waits.
        run_timeout_s: The longest that a stage may take, None for no limit.
        attempts: How often a call is sent, including the first time.
        retry_wait_s: The longest wait before the second attempt; it doubles each time.
        budget_usd: The most that may ever be spent according to the ledger, None for no limit.
        budget_tokens: The same in tokens.
        prices: A file of prices per million tokens.
        ledger: Path of the SQLite file.
    """

    kind: Literal["openai"]
    model: Annotated[str, Field(min_length=1)]
    temperature: Annotated[float, Field(ge=0, le=2)] | None
    max_tokens: _Count
    max_tokens_key: Literal["max_completion_tokens", "max_tokens"]
    format: Format
    batch: BatchSettings | None
    in_flight: _Count
    requests_per_minute: _Count | None
    tokens_per_minute: _Count | None
    timeout_s: _Seconds
    request_timeout_s: _Seconds
    run_timeout_s: _Seconds | None
    attempts: _Count
    retry_wait_s: Annotated[float, Field(ge=0)]
    budget_usd: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None
    budget_tokens: Annotated[int, Field(ge=0)] | None
    prices: Path = Field(strict=False)
    ledger: str

    def shaping(self) -> Mapping[str, Any]:
        """Return the settings that shape a reply, for its key.

        The address is left out: a server restarted on another port is still the same model.
        """
        return {
            "model": self.model,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "format": self.format,
        }


Writer = Annotated[OfflineSettings | OpenAISettings, Field(discriminator="kind")]
"""A stage's `writer` parameter."""
