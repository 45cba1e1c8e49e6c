"""Entries of the ledger's accounts: what is held for a call, and what became of it.

Before a call is sent, the most it can cost is held durably. Afterwards the call is settled at what
the endpoint counted, dropped if nothing was paid, or lost if nobody can say (a broken connection,
a killed process). A lost call counts at the amount that was held.
"""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass
from typing import Literal

from builder.llm.replies import Paid

USED, WASTED, LOST = "used", "wasted", "lost"
"""Paid for a reply that the row could use; for one that it could not; perhaps paid, never seen."""

_ID_BITS = 40
_ids = itertools.count(secrets.randbits(_ID_BITS) << (62 - _ID_BITS))


def new_id() -> int:
    """Return an id for a hold, unique across processes."""
    return next(_ids)


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that the ledger may ever have spent, holds included; None is no cap."""

    nano_usd: int | None
    tokens: int | None


@dataclass(frozen=True, slots=True)
class Hold:
    """Money held for one call; `nano_usd` is None for a model without a price.

    While a hold stands, no other is granted for its key, the one under which the reply is kept.
    """

    id: int
    key: str
    task: str
    tokens: int
    nano_usd: int | None
    caps: Caps


@dataclass(frozen=True, slots=True)
class Charge:
    """What a call actually cost.

    Attributes:
        prompt_tokens: At most those held for the prompt.
        completion_tokens: At most those held for the reply.
        nano_usd: None for a model without a price.
        is_counted_wrongly: The endpoint counted fewer than none or more than were held.
    """

    prompt_tokens: int
    completion_tokens: int
    nano_usd: int | None
    is_counted_wrongly: bool = False


@dataclass(frozen=True, slots=True)
class Settle:
    """A reply arrived: it is kept under its key, and the charge replaces the hold."""

    hold: Hold
    key: str
    row_id: str
    paid: Paid
    charge: Charge
    is_used: bool


@dataclass(frozen=True, slots=True)
class Drop:
    """A call was not sent, or the endpoint turned it down: the hold is released."""

    hold: Hold


@dataclass(frozen=True, slots=True)
class Lose:
    """A call was sent and its reply never read: the hold counts as spent."""

    hold: Hold


Entry = Hold | Settle | Drop | Lose
Granted = Literal["held", "wait", "stop", "asked", "paid"]
"""What became of a hold: "wait" if other holds may be released in time, "stop" at the cap, "asked"
if a live process has asked for the key and waits for the reply, "paid" if the reply is kept. Of a
reply: "paid" if another one is kept under its key."""


@dataclass(slots=True)
class Account:
    """Sums over the calls of one task and kind, or of all.

    Attributes:
        calls: How many.
        prompt_tokens: As the endpoint counted them, or the bound where it did not.
        completion_tokens: Likewise.
        nano_usd: Of the calls that have a price.
        unpriced: Calls without a price.
    """

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    nano_usd: int = 0
    unpriced: int = 0

    @property
    def tokens(self) -> int:
        """Return prompt and completion tokens together."""
        return self.prompt_tokens + self.completion_tokens

    def add(self, charge: Charge) -> None:
        """Count one call."""
        self.calls += 1
        self.prompt_tokens += charge.prompt_tokens
        self.completion_tokens += charge.completion_tokens
        self.nano_usd += charge.nano_usd or 0
        self.unpriced += charge.nano_usd is None


@dataclass(slots=True)
class Balance:
    """What has been spent and what is held, while holds are granted."""

    spent_nano_usd: int
    spent_tokens: int
    held_nano_usd: int
    held_tokens: int

    def grant(self, hold: Hold) -> Granted:
        """Return whether a hold fits under its caps, and count it if it does."""
        nano_usd, tokens, caps = hold.nano_usd or 0, hold.tokens, hold.caps
        money = (self.spent_nano_usd, self.held_nano_usd, nano_usd, caps.nano_usd)
        sizes = (self.spent_tokens, self.held_tokens, tokens, caps.tokens)
        for spent, held, wanted, cap in (money, sizes):
            if cap is not None and (cap == 0 or spent + held + wanted > cap):
                return "wait" if held and cap else "stop"
        self.held_nano_usd += nano_usd
        self.held_tokens += tokens
        return "held"
