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
        max_requests: Per batch.
        poll_s: Seconds between two looks at a batch's state.
    """

    max_requests: Annotated[int, Field(gt=0)]
    poll_s: Annotated[float, Field(gt=0)]


_Count = Annotated[int, Field(gt=0)]
_Seconds = Annotated[float, Field(gt=0)]


class OpenAISettings(Strict):
    """An OpenAI-compatible endpoint; docs/llm.md says what each key is for."""

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
