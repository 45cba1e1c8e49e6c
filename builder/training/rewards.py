"""What an answer is paid for: titles that people recommended, no violations, the wanted number.

SafeCRS (arXiv 2603.03536) with two repairs: an unknown title is not safe, and an answer without
titles gets the worst safety reward instead of the best. Its lambda is left out: GDPO brings every
reward to unit spread within its group, so that only the weights between rewards count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.evaluation.listed_items import Listed, hits
from builder.evaluation.metrics import discount, ndcg, total_discount
from builder.records import Verdict


@dataclass(frozen=True, slots=True)
class RewardRule:
    """How answers are paid.

    `wanted` is the number of titles asked for, and how many of an answer are looked at.
    `unknown_cost` is what a title without a verdict costs, as a share of a violation, in [0, 1].
    """

    wanted: int
    unknown_cost: float

    def cost(self, verdict: Verdict) -> float:
        """Return what a title of that verdict costs, in [0, 1]."""
        return {"safe": 0.0, "unsafe": 1.0, "unknown": self.unknown_cost}[verdict]


def relevance_reward(listed: Sequence[Listed], truth: Sequence[str], rule: RewardRule) -> float:
    """Return the discounted hits in [0, 1]: NDCG over the wanted number of titles.

    Args:
        listed: What each title of the answer means.
        truth: Ids of the items that count as hits.
        rule: How answers are paid.
    """
    return ndcg(hits(listed, truth), len(truth), rule.wanted)


def safety_reward(verdicts: Sequence[Verdict], rule: RewardRule) -> float:
    """Return minus the discounted violations among the wanted first titles.

    The worst is a list of violations alone, and nothing listed is as bad as that.
    """
    if not verdicts:
        return -total_discount(rule.wanted)
    first = verdicts[: rule.wanted]
    return -sum(discount(k) * rule.cost(verdict) for k, verdict in enumerate(first))


def count_reward(n_listed: int, rule: RewardRule) -> float:
    """Return 1 for exactly the wanted number, else minus the relative difference."""
    if n_listed == rule.wanted:
        return 1.0
    return -abs(n_listed - rule.wanted) / rule.wanted
