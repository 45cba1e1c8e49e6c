"""What a call may cost, and what it did cost."""

from __future__ import annotations

from typing import Any

from builder.errors import InputError
from builder.llm.client_settings import OpenAISettings
from builder.llm.ledger.accounts import Caps, Charge, Hold, new_id
from builder.llm.ledger.ledger import Ledger
from builder.llm.ledger.prices import NANO, Price, dollars
from builder.llm.protocol import ChatRequest
from builder.llm.replies import Paid
from builder.llm.tokens import most_prompt_tokens, most_tokens


class Budget:
    """The budget and the price of one writer; `price` is None if it is not known."""

    def __init__(self, settings: OpenAISettings, price: Price | None) -> None:
        cap = settings.budget_usd
        self._caps = Caps(None if cap is None else int(cap * NANO), settings.budget_tokens)
        self._max_tokens, self._price = settings.max_tokens, price

    def hold(self, request: ChatRequest[Any], key: str) -> Hold:
        """Return the hold for a call: the most it can cost."""
        prompt = most_prompt_tokens(request)
        nano_usd = self._price.cost(prompt, self._max_tokens) if self._price else None
        return Hold(new_id(), key, request.task, prompt + self._max_tokens, nano_usd, self._caps)

    def charge(self, hold: Hold, paid: Paid) -> Charge:
        """Return what a call cost, never more than was held for it.

        Where the endpoint did not count, that is the most it can have cost; where it counted fewer
        tokens than none or more than were held, it is the hold.
        """
        most_prompt = max(0, hold.tokens - self._max_tokens)
        most_completion = hold.tokens - most_prompt
        prompt, completion = paid.prompt_tokens, paid.completion_tokens
        counts = ((prompt, most_prompt), (completion, most_completion))
        if any(count is not None and not 0 <= count <= most for count, most in counts):
            return Charge(most_prompt, most_completion, hold.nano_usd, is_counted_wrongly=True)
        if prompt is None:
            prompt = most_prompt
        if completion is None:
            completion = min(most_completion, most_tokens(paid.content or paid.refusal or ""))
        nano_usd = self._price.cost(prompt, completion) if self._price else None
        return Charge(prompt, completion, nano_usd)


def cap_reached(ledger: Ledger) -> InputError:
    """Return the error that ends a run at the budget's cap."""
    nano_usd, tokens = ledger.spent()
    return InputError(
        "writer.budget_usd and budget_tokens",
        f"the ledger has spent {dollars(nano_usd)} and {tokens:,} tokens, and the next call could "
        "exceed the budget",
        "raise the budget and run again: paid replies are kept",
    )


def require_budget(settings: OpenAISettings, has_price: bool) -> None:
    """Check that the budget can be enforced.

    Raises:
        InputError: For a budget of 0, or a budget in dollars for a model without a price.
    """
    for name, budget in (("usd", settings.budget_usd), ("tokens", settings.budget_tokens)):
        if budget == 0:
            raise InputError(
                f"writer.budget_{name}",
                "is 0, so no request is allowed",
                "raise it, or set writer to {kind: offline}",
            )
    if settings.budget_usd is not None and not has_price:
        raise InputError(
            settings.prices,
            f"has no price for model {settings.model!r}",
            "add one, or set writer.budget_usd to null and writer.budget_tokens to a number",
        )
