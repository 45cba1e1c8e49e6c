"""What tokens cost, from a dated file (prices.yaml). Money is in whole nano-dollars, rounded up.

models:
small-model: {input: 0.15, output: 0.60, batch: 0.5, as_of: '2025-08-01'}
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.llm.client_settings import OpenAISettings
from builder.settings import Strict, read_yaml

NANO = 10**9
"""Nano-dollars in a dollar."""

_NANO_PER_TOKEN = Decimal(1000)
"""A dollar per million tokens is a thousand nano-dollars per token."""

_UsdPerMillionTokens = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Entry(Strict):
    """Prices of one model.

    Attributes:
        input: Dollars per million prompt tokens.
        output: Dollars per million completion tokens.
        batch: Share of these prices that the Batch API charges.
        as_of: Day on which the prices were looked up.
    """

    input: _UsdPerMillionTokens
    output: _UsdPerMillionTokens
    batch: Annotated[float, Field(ge=0, le=1)]
    as_of: Annotated[date, Field(strict=False)]


class _File(Strict):
    models: dict[str, _Entry]


@dataclass(frozen=True, slots=True)
class Price:
    """Price of one model.

    Attributes:
        prompt: Nano-dollars per prompt token.
        completion: Nano-dollars per completion token.
        as_of: Day on which the price was looked up.
    """

    prompt: Decimal
    completion: Decimal
    as_of: date

    def cost(self, prompt_tokens: int, completion_tokens: int) -> int:
        """Return the nano-dollars of one call, rounded up."""
        exact = self.prompt * prompt_tokens + self.completion * completion_tokens
        return int(exact.to_integral_value(ROUND_CEILING))


def read_price(path: Path, model: str, *, in_batch: bool) -> Price | None:
    """Return the price of a model by its exact name; None if the file does not list it.

    Raises:
        InputError: If the file is missing or malformed.
    """
    prices = read_yaml(path, _File, fix="correct writer.prices in params.yaml")
    entry = prices.models.get(model)
    if entry is None:
        return None
    share = Decimal(str(entry.batch)) if in_batch else Decimal(1)
    prompt, completion = Decimal(str(entry.input)), Decimal(str(entry.output))
    factor = _NANO_PER_TOKEN * share
    return Price(prompt * factor, completion * factor, entry.as_of)


def price_of(settings: OpenAISettings) -> Price | None:
    """Return the price of a writer's calls; None if its price file does not list the model.

    Raises:
        InputError: If the file is missing or malformed.
    """
    return read_price(settings.prices, settings.model, in_batch=settings.batch is not None)


def dollars(nano: int) -> str:
    """Return an amount as text: "$0.0123"."""
    return f"${nano / NANO:,.4f}"
