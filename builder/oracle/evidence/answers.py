"""What is said of pairs of item and warning, one row a pair, and how likely each is a yes.

Few of all pairs are spoken of, so they are kept as a list, and summed as a sparse matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array  # type: ignore[import-untyped]
from scipy.special import betaincc, betaln, logit  # type: ignore[import-untyped]

from builder.taxonomy import Trait

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_TINY = 1e-6
"""No probability comes nearer to 0 or 1: nothing here is that sure."""
_ANSWERED_SHARE = 0.21
"""Of public questions on an item, those that get an answer, see `PUBLIC_PRIOR`."""
_ROOM = 8
"""Fields of a table, to values looked up in it, up to which it beats sorting them."""


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
        if chosen.all():
            return self
        places = np.flatnonzero(chosen)
        return replace(
            self,
            rows=self.rows[places],
            columns=self.columns[places],
            votes=self.votes.take(places, axis=0),
            said=self.said.take(places, axis=0),
            alike=self.alike[places],
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


def base_rates(answers: Answers, n_spoken_of: int, priors: Floats, prior_items: float) -> Floats:
    """Return (w,), the share of items of which each warning holds.

    Neither the share of yeses among answers nor among all items: people write down what is there,
    and do not ask everything of every item. A warning is taken as asked of as many items as its
    answers stand for, of at most all that the evidence speaks of, and of all that a text search
    read. What was asked of few or none keeps its prior: silence is no "no".

    Args:
        answers: What is said of warnings.
        n_spoken_of: Items of which the evidence says anything.
        priors: (w,), the shares before anything is asked, see `ContentWarning.prior`.
        prior_items: How many items a prior counts as.
    """
    n_warnings = answers.shape[1]
    yes = answers.is_yes | answers.alike
    n_yes = np.bincount(answers.columns[yes], minlength=n_warnings)
    n_answers = np.bincount(answers.columns[answers.stated], minlength=n_warnings)
    n_searched = len(np.unique(answers.rows[answers.alike]))
    n_asked = np.maximum(np.minimum(n_answers / _ANSWERED_SHARE, n_spoken_of), n_searched)
    rates: Floats = np.clip((n_yes + prior_items * priors) / (n_asked + prior_items), _TINY, 0.5)
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
    odds = np.where(answers.voted, 0.0, base[answers.columns])
    voted = np.flatnonzero(answers.voted)
    if len(voted):
        votes = answers.votes.take(voted, axis=0)
        odds[voted] = vote_odds(votes, answers.columns[voted], rates, prior_votes)
    yes, no = (np.flatnonzero(answers.said[:, side]) for side in (0, 1))
    odds[yes] += sure - base[answers.columns[yes]]
    odds[no] -= sure
    return odds


def vote_odds(votes: Floats, columns: Ints, rates: Floats, prior_votes: float) -> Floats:
    """Return (k,), log odds that most people would say yes, once for all pairs with the same votes.

    Args:
        votes: (k, 2), yes and no, whole numbers.
        columns: (k,), the warnings.
        rates: (w,), their base rates.
        prior_votes: Strength of a base rate against votes.
    """
    yes, no = votes.astype(np.int64).T
    most = int(yes.max(initial=0)) + 1, int(no.max(initial=0)) + 1
    if len(rates) * most[0] * most[1] <= _ROOM * len(columns):
        table = _log_odds(_votes_table(rates, prior_votes, *most))
        return np.asarray(table[columns, yes, no])
    keys = (columns * most[0] + yes) * most[1] + no
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    prior = rates[columns[first]]
    alpha, beta = prior_votes * prior + yes[first], prior_votes * (1 - prior) + no[first]
    odds: Floats = _log_odds(betaincc(alpha, beta, 0.5))[place]
    return odds


def _log_odds(probability: Floats) -> Floats:
    held = np.clip(probability, _TINY, 1 - _TINY)
    odds: Floats = np.log(held / (1 - held))
    return odds


def _votes_table(rates: Floats, prior_votes: float, n_yes: int, n_no: int) -> Floats:
    """Return (w, n_yes, n_no), P(most people would say yes) after every number of votes.

    By the recurrence of the incomplete beta function (DLMF 8.17.20 and 8.17.21): a vote moves the
    probability by the density at one half, over the votes and prior of its own side.
    """
    alpha = prior_votes * rates[:, None] + np.arange(n_yes)
    beta = prior_votes * (1 - rates[:, None, None]) + np.arange(n_no)
    table = np.empty((len(rates), n_yes, n_no))
    table[:, 0, 0] = betaincc(alpha[:, 0], beta[:, 0, 0], 0.5)
    density = np.empty((len(rates), n_yes))
    density[:, 0] = np.exp(-prior_votes * np.log(2) - betaln(alpha[:, 0], beta[:, 0, 0]))
    for yes in range(n_yes - 1):
        moved = density[:, yes] / alpha[:, yes]
        table[:, yes + 1, 0] = table[:, yes, 0] + moved
        density[:, yes + 1] = moved * (prior_votes + yes) / 2
    total = prior_votes + np.arange(n_yes)
    for no in range(n_no - 1):
        moved = density / beta[:, :, no]
        table[:, :, no + 1] = table[:, :, no] - moved
        density[:] = moved * (total + no) / 2
    return table
