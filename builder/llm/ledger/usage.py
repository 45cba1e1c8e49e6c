"""What a run of one stage asked, spent and wasted, for its counts and its progress bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from builder.llm.ledger.accounts import LOST, USED, WASTED, Account, Charge
from builder.llm.ledger.prices import NANO, dollars


def _accounts() -> dict[str, Account]:
    return {kind: Account() for kind in (USED, WASTED, LOST)}


@dataclass(slots=True)
class Usage:
    """Sums since the engine was opened.

    Attributes:
        from_ledger: Replies that were paid for before.
        retries: Calls that were sent again.
        counted_wrongly: Calls for which the endpoint counted tokens that cannot be, see `Charge`.
        by_kind: Calls that were used, wasted and lost.
    """

    from_ledger: int = 0
    retries: int = 0
    counted_wrongly: int = 0
    by_kind: dict[str, Account] = field(default_factory=_accounts)

    def add(self, kind: str, charge: Charge) -> None:
        """Count one call."""
        self.by_kind[kind].add(charge)
        self.counted_wrongly += charge.is_counted_wrongly

    def remarks(self) -> list[str]:
        """Return what the user should know once the run is over, however it ended."""
        if not self.counted_wrongly:
            return []
        return [
            f"for {self.counted_wrongly:,} replies the endpoint counted fewer tokens than none or "
            "more than the request has bytes and writer.max_tokens allows; each was charged with "
            "the most it can have cost"
        ]

    def line(self, in_flight: int) -> str:
        """Return a status for the progress bar."""
        spent = sum(account.nano_usd for account in self.by_kind.values())
        tokens = sum(account.tokens for account in self.by_kind.values())
        unused = self.by_kind[WASTED].nano_usd + self.by_kind[LOST].nano_usd
        unpriced = any(account.unpriced for account in self.by_kind.values())
        cost = "no price" if unpriced else f"{dollars(spent)}, {dollars(unused)} wasted"
        return f"{cost}, {tokens:,} tokens, {in_flight} in flight"

    def figures(self, ledger: Mapping[str, Account]) -> dict[str, Any]:
        """Return a stage's counts: this run by kind, and all that the ledger has ever spent."""
        total = _sum(list(ledger.values()))
        kinds = {kind: _figures(account) for kind, account in self.by_kind.items()}
        counts = {
            "from_ledger": self.from_ledger,
            "tried_again": self.retries,
            "counted_wrongly": self.counted_wrongly,
        }
        return {**counts, **kinds, "ledger_total": _figures(total)}


def _sum(accounts: list[Account]) -> Account:
    return Account(
        sum(account.calls for account in accounts),
        sum(account.prompt_tokens for account in accounts),
        sum(account.completion_tokens for account in accounts),
        sum(account.nano_usd for account in accounts),
        sum(account.unpriced for account in accounts),
    )


def _figures(account: Account) -> dict[str, Any]:
    return {
        "calls": account.calls,
        "prompt_tokens": account.prompt_tokens,
        "completion_tokens": account.completion_tokens,
        "usd": round(account.nano_usd / NANO, 6),
        "calls_without_price": account.unpriced,
    }
