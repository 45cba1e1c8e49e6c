"""Who writes, as params.yaml says it: `writer: {kind: offline}` or `{kind: openai, model: ...}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from builder.errors import InputError
from builder.llm.offline import OfflineWriter
from builder.llm.protocol import ChatClient, Grammar

Format = Literal["json_schema", "json_object", "text"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class OfflineSettings(_Strict):
    """The grammar; it has nothing to set."""

    kind: Literal["offline"]


class BatchSettings(_Strict):
    """The Batch API: `max_requests` in one file, `poll_s` between looks at its state."""

    max_requests: Annotated[int, Field(gt=0)]
    poll_s: Annotated[float, Field(gt=0)]


_Count = Annotated[int, Field(gt=0)]
_Seconds = Annotated[float, Field(gt=0)]


class OpenAISettings(_Strict):
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
        """Return what of these settings shapes a reply, for its key.

        The address is not in: a server that starts again on another port is the same model.
        """
        return {
            "model": self.model,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "format": self.format,
        }


Writer = Annotated[OfflineSettings | OpenAISettings, Field(discriminator="kind")]
"""A stage's `writer` parameter."""


@contextmanager
def open_client(
    writer: OfflineSettings | OpenAISettings, *, seed: int, grammars: Mapping[str, Grammar]
) -> Iterator[ChatClient]:
    """Give the client that a stage's parameters name.

    Args:
        writer: The stage's `writer` parameter.
        seed: Of the run; the offline writer draws from it.
        grammars: By task, for the offline writer.

    Raises:
        ChatError: If an endpoint has no key or no proper address.
        InputError: If its ledger cannot be opened, or a budget in dollars meets a model without
            a price.
    """
    if isinstance(writer, OfflineSettings):
        yield OfflineWriter(seed, grammars)
        return
    if writer.batch is not None:
        from builder.llm.batch.batches import open_batches

        with open_batches(writer, writer.batch) as batches:
            yield batches
        return
    from builder.llm.openai_client.engine import open_engine  # slow to import, and only needed here

    with open_engine(writer) as engine:
        yield engine


def require_budget(settings: OpenAISettings, has_price: bool) -> None:
    """Check that the budget can be held to.

    Raises:
        InputError: For a budget of 0, and for one in dollars where the model has no price.
    """
    for name, budget in (("usd", settings.budget_usd), ("tokens", settings.budget_tokens)):
        if budget == 0:
            raise InputError(
                f"writer.budget_{name}",
                "is 0, so nothing may be asked",
                "raise it, or set writer to {kind: offline}",
            )
    if settings.budget_usd is not None and not has_price:
        raise InputError(
            settings.prices,
            f"has no price for model {settings.model!r}",
            "add one, or set writer.budget_usd to null and writer.budget_tokens to a cap",
        )
