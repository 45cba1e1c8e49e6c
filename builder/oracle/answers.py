"""What is said of pairs of item and warning, one row a pair, and how likely each is a yes.

Few of all pairs are spoken of, so they are kept as a list, and summed as a sparse matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array  # type: ignore[import-untyped]
from scipy.special import betainc, logit  # type: ignore[import-untyped]

from builder.taxonomy import Trait

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_TINY = 1e-6
"""No probability comes nearer to 0 or 1: nothing here is that sure."""
_ROOM = 8
"""Keys of a table, to values looked up in it, up to which it beats sorting them."""


@dataclass(frozen=True, slots=True)
class Answers:
    """k pairs of n items and w warnings, by item, then warning; each pair at most once.

    `rows`, `columns`: (k,), item and warning. `votes`: (k, 2), yes and no of voters. `said`:
    (k, 2), whether a statement without votes says yes, and no. `alike`: (k,), whether a text is as
    near to the warning as counts.
    """

    shape: tuple[int, int]
    rows: Ints
    columns: Ints
    votes: Floats
    said: Bools
    alike: Bools

    @property
    def voted(self) -> Bools:
        """Return (k,), where people voted."""
        voted: Bools = (self.votes[:, 0] > 0) | (self.votes[:, 1] > 0)
        return voted

    @property
    def stated(self) -> Bools:
        """Return (k,), where more than a likeness answers."""
        stated: Bools = self.voted | self.said[:, 0] | self.said[:, 1]
        return stated

    @property
    def is_yes(self) -> Bools:
        """Return (k,), where a majority of votes or a statement says yes."""
        is_yes: Bools = (self.votes[:, 0] > self.votes[:, 1]) | self.said[:, 0]
        return is_yes

    def of(self, chosen: Bools) -> Answers:
        """Return the chosen pairs, (k,)."""
        return replace(
            self,
            rows=self.rows[chosen],
            columns=self.columns[chosen],
            votes=self.votes[chosen],
            said=self.said[chosen],
            alike=self.alike[chosen],
        )

    def sums(self, values: Floats, weights: Floats) -> Floats:
        """Return (n, t), the sum of an item's values, (k,), each times its warning's (w, t)."""
        starts = np.append(0, np.cumsum(np.bincount(self.rows, minlength=self.shape[0])))
        matrix = csr_array((values, self.columns, starts), shape=self.shape)
        summed: Floats = matrix @ weights
        return summed


def membership(warning_ids: Sequence[str], traits: Sequence[Trait]) -> Floats:
    """Return (w, t), 1 where a warning belongs to a trait."""
    row_by_id = {warning: row for row, warning in enumerate(warning_ids)}
    member = np.zeros((len(warning_ids), len(traits)))
    for t, trait in enumerate(traits):
        member[[row_by_id[warning] for warning in trait.warnings], t] = 1
    return member


def base_rates(answers: Answers, n_spoken_of: int) -> Floats:
    """Return (w,), the share of items with a yes, of those that the evidence speaks of at all.

    Not the share of answers: people write down what is there. Texts tell that of questions left
    open in the bundled data 4% would be a yes, against 6% by this rule and 23% of the answers
    (docs/numbers.md). A warning said of few items is drawn to the average one.

    Args:
        answers: What is said of warnings.
        n_spoken_of: Items of which the evidence says anything.
    """
    spoken = max(1, n_spoken_of)
    yes = answers.is_yes | answers.alike
    n_yes = np.bincount(answers.columns[yes], minlength=answers.shape[1])
    average = n_yes.mean() / spoken if len(n_yes) else 0.0
    rates: Floats = np.clip((n_yes + average) / (spoken + 1), _TINY, 0.5)
    return rates


def log_odds(answers: Answers, rates: Floats, prior_votes: float, sure: float) -> Floats:
    """Return (k,), the log odds of a yes, likenesses aside.

    Args:
        answers: What is said.
        rates: (w,), base rates: the odds where nobody voted.
        prior_votes: Strength of a base rate against votes.
        sure: Log odds of what a source states.
    """
    base = logit(rates)
    odds: Floats = base[answers.columns]
    voted = np.flatnonzero(answers.voted)
    by_votes = _most_say_yes(answers.votes[voted], answers.columns[voted], rates, prior_votes)
    odds[voted] = np.log(by_votes / (1 - by_votes))
    odds += np.where(answers.said[:, 0], sure - base[answers.columns], 0.0)
    odds -= np.where(answers.said[:, 1], sure, 0.0)
    return odds


def _most_say_yes(votes: Floats, columns: Ints, rates: Floats, prior_votes: float) -> Floats:
    """Return (k,), P(most people would say yes), once for every different warning and votes."""
    kinds = np.stack([columns, votes[:, 0], votes[:, 1]])
    (column, yes, no), place = _distinct(kinds.astype(np.int64))
    prior = rates[column]
    alpha, beta = prior_votes * prior + yes, prior_votes * (1 - prior) + no
    return np.asarray(np.clip(1 - betainc(alpha, beta, 0.5), _TINY, 1 - _TINY)[place])


def _distinct(kinds: Ints) -> tuple[Ints, Ints]:
    """Return the different columns of (3, k) small numbers, and where each of the k went."""
    sizes = kinds.max(axis=1, initial=0) + 1
    keys = (kinds[0] * sizes[1] + kinds[1]) * sizes[2] + kinds[2]
    n_keys = int(sizes.prod())
    if n_keys > _ROOM * len(keys):
        distinct, place = np.unique(keys, return_inverse=True)
    else:
        number = np.zeros(n_keys, dtype=np.int64)
        number[keys] = 1
        distinct = np.flatnonzero(number)
        number[distinct] = np.arange(len(distinct))
        place = number[keys]
    rest, no = np.divmod(distinct, sizes[2])
    return np.stack([*np.divmod(rest, sizes[1]), no]), place
