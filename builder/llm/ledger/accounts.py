"""What is held back before a call, and what became of it: the entries of the ledger's accounts.

A call is held at the most it can cost, durably, before it is sent. Then it is settled at what the
endpoint counted, dropped where nothing was paid, or lost where nobody can say: a connection that
broke, a process that was killed. A lost call stays counted at what was held.
"""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass
from typing import Literal

from builder.llm.reading import Paid

USED, WASTED, LOST = "used", "wasted", "lost"
"""Paid for a reply that a row could use; for one that none could; perhaps paid, reply unseen."""

_ID_BITS = 40
_ids = itertools.count(secrets.randbits(_ID_BITS) << (62 - _ID_BITS))


def new_id() -> int:
    """Return a number that no other process gives to a hold."""
    return next(_ids)


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that the ledger may ever have spent, held money included; None is no cap."""

    nano_usd: int | None
    tokens: int | None


@dataclass(frozen=True, slots=True)
class Hold:
    """Money held back for one call. `nano_usd` is None for a model without a price."""

    id: int
    task: str
    tokens: int
    nano_usd: int | None
    caps: Caps


@dataclass(frozen=True, slots=True)
class Charge:
    """What a call took in truth."""

    prompt_tokens: int
    completion_tokens: int
    nano_usd: int | None


@dataclass(frozen=True, slots=True)
class Settle:
    """A reply that came: kept under its key, the hold replaced by the charge."""

    hold: Hold
    key: str
    row_id: str
    paid: Paid
    charge: Charge
    is_used: bool


@dataclass(frozen=True, slots=True)
class Drop:
    """A call that was not sent, or that the endpoint turned down."""

    hold: Hold


@dataclass(frozen=True, slots=True)
class Lose:
    """A call that was sent and whose reply nobody read."""

    hold: Hold


Entry = Hold | Settle | Drop | Lose
Granted = Literal["held", "wait", "stop"]
"""What came of a hold: "wait" where others' holds may come free, "stop" at the cap."""


@dataclass(slots=True)
class Account:
    """Sums of one task and kind, or of all."""

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
class Room:
    """What is spent and what is held, while holds are granted."""

    spent_nano_usd: int
    spent_tokens: int
    held_nano_usd: int
    held_tokens: int

    def grant(self, hold: Hold) -> Granted:
        """Return whether a hold fits under its caps, and count it where it does."""
        nano_usd, tokens, caps = hold.nano_usd or 0, hold.tokens, hold.caps
        money = (self.spent_nano_usd, self.held_nano_usd, nano_usd, caps.nano_usd)
        sizes = (self.spent_tokens, self.held_tokens, tokens, caps.tokens)
        for spent, held, wanted, cap in (money, sizes):
            if cap is not None and (cap == 0 or spent + held + wanted > cap):
                return "wait" if held and cap else "stop"
        self.held_nano_usd += nano_usd
        self.held_tokens += tokens
        return "held"
