"""`fusion: posterior`: how likely an item is to violate a trait, given all that an oracle knows.

An item violates a trait if one of the avoided warnings holds of it, or if its severities are what
people call too much. docs/oracle.md derives the formulas; in short:

1. Warnings. Each has a base rate b. Voters: the share who would say yes is Beta(k*b + yes,
   k*(1 - b) + no), and the warning holds if that is above one half. A yes that a
   source states holds with its precision p; a no divides the odds by p/(1 - p). A text's likeness
   to a warning is a yes with a precision of its own.
2. Questions nobody answered. Warnings of a trait come together: an item's rate of them is its
   base rate times u, with u ~ Gamma(r, r) over items. Noes on a hazard A make that
   Gamma(r, r + A), so all open questions of hazard U are no with probability
   ((r + A) / (r + A + U)) ** r. The interval is that of u. Where severities are known, as far as
   they can be trusted to stand for the trait, they leave no more than `trait_floor` open.
3. Severities. Votes over a category's levels are Dirichlet, with the average item as prior; the
   weighted severity then has a mean and a variance, and is too much from somewhere between
   `safe_below` and `unsafe_at` on. A category that is only a weak proxy of the trait stands in for
   its open questions, and has nothing to add to those that were answered.
4. Texts. Their likelihood ratio multiplies the odds of all the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from scipy.special import logit  # type: ignore[import-untyped]

from builder.oracle.evidence.answers import Bools, Floats, log_odds, membership
from builder.oracle.evidence.gather import Gathered
from builder.oracle.posterior.open_questions import (
    Told,
    open_hazard,
    open_interval,
    open_mean,
    told_by,
    usual_shares,
)
from builder.oracle.posterior.rules import PosteriorRules
from builder.oracle.posterior.severities import (
    Severities,
    severities_of,
    too_severe,
    weighed_shares,
)
from builder.taxonomy import Trait

_BLOCK = 2_000
"""Items fused at a time: their numbers stay within a processor's cache."""
_EVEN = 0.5
_ENOUGH = 2
"""Questions of a trait that must be answered before answers settle anything of it."""
_TINY = 1e-6
"""No probability comes nearer to 0 or 1: nothing here is that sure."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """(n, t) each: probability of a violation, its interval, and where anything speaks of it.

    Attributes:
        risk: Probability of a violation.
        low: Lower end of its interval.
        high: Upper end of its interval.
        is_informed: Where anything speaks of it.
        settled: Of the items that violate the trait, by how often what they violate occurs, the
            share that is ruled out or in by the answers to the trait's own questions, and by votes
            on severities where these stand in for it strongly. A no on bestiality settles little of
            sexual violence, one on assault half of it. One answer of several settles nothing.
        hinted: Likewise, with hints: ratings, descriptors, weak proxies, and texts of scenes whose
            silence labels gave a worth.
        is_attested: Where a violation is more likely than not, and than usual, with weak proxies
            left out. They raise a risk, but an item is not unsafe by them alone: a yes, a sentence
            that is near to a warning, or texts that labels taught the trait must say so too.
    """

    risk: Floats
    low: Floats
    high: Floats
    is_informed: Bools
    settled: Floats
    hinted: Floats
    is_attested: Bools


@dataclass(frozen=True, slots=True)
class _Usual:
    """What holds of all items, (t,) each.

    Attributes:
        n_questions: Warnings of the trait.
        to_settle: Their hazard, for what share of it answers speak of.
        hazard: Their hazard.
        share: Of items that violate the trait.
        is_strong: Where severities are no mere proxy.
        is_taught: Where labels taught what texts as a whole are worth.
    """

    traits: Sequence[Trait]
    n_questions: Floats
    to_settle: Floats
    hazard: Floats
    share: Floats
    is_strong: Bools
    is_taught: Bools


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of each item, (n, t) each; `likened` is `stated` with likenesses."""

    stated: Told
    likened: Told
    severities: Severities
    log_ratios: Floats
    silence: Floats
    has_text: Bools
    n_answered: Floats

    def part(self, start: int, stop: int) -> _Known:
        """Return what is known of the items of these rows."""
        stated = self.stated.part(start, stop)
        return _Known(
            stated,
            stated if self.likened is self.stated else self.likened.part(start, stop),
            self.severities.part(start, stop),
            self.log_ratios[start:stop],
            self.silence[start:stop],
            self.has_text[start:stop],
            self.n_answered[start:stop],
        )


def posterior(
    found: Gathered,
    warning_ids: Sequence[str],
    traits: Sequence[Trait],
    rates: Floats,
    base_by_trait: Mapping[str, float],
    rules: PosteriorRules,
) -> Posterior:
    """Return the posterior of every item and trait.

    Args:
        found: What the oracle's evidence says.
        warning_ids: The columns of its answers.
        traits: In the order of its texts' columns.
        rates: (w,), the warnings' base rates, see `base_rates`.
        base_by_trait: Share of items that violate a trait, where labels tell; the answers of the
            evidence itself tell elsewhere.
        rules: See `PosteriorRules`.
    """
    member = membership(warning_ids, traits)
    hazard = -np.log1p(-rates)[:, None] * member
    is_used = np.asarray((hazard > 0).any(axis=1))
    answers = found.answers.of(is_used[found.answers.columns])
    base = logit(rates)[answers.columns]
    odds = log_odds(answers, rates, rules.prior_votes, float(logit(rules.statement_precision)))
    is_denied = np.zeros(len(rates), dtype=bool)
    is_denied[answers.columns[answers.stated & (odds < base)]] = True
    says_no = np.asarray((hazard[is_denied] > 0).any(axis=0))
    usual = _Usual(
        traits=traits,
        n_questions=member.sum(axis=0),
        to_settle=_hazard_to_settle(hazard, np.bincount(answers.columns, minlength=len(rates)) > 0),
        hazard=hazard.sum(axis=0),
        share=usual_shares(says_no, hazard.sum(axis=0), traits, base_by_trait, rules),
        is_strong=np.array([t.parents_guide.applicability == "strong" for t in traits]),
        is_taught=np.array([t.name in base_by_trait for t in traits]),
    )
    stated = likened = told_by(answers.of(answers.stated), odds[answers.stated], hazard)
    if answers.alike.any():
        gain = np.where(answers.alike, logit(rules.text_precision) - base, 0.0)
        likened = told_by(answers, odds + gain, hazard)
    known = _Known(
        stated,
        likened,
        severities_of(found, rules),
        found.log_ratios,
        found.silence,
        found.has_text,
        answers.of(answers.stated).sums(np.ones(int(answers.stated.sum())), member),
    )
    n_items = len(found.ceilings)
    edges = [*range(0, max(1, n_items), _BLOCK), n_items]
    parts = [_of_items(known.part(*rows), usual, rules) for rows in pairwise(edges)]
    return Posterior(
        *(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Posterior))
    )


def _hazard_to_settle(hazard: Floats, is_asked: Bools) -> Floats:
    """Return (t,), the hazard that answers must speak of, from (w, t) of all warnings.

    A warning that nobody asks has a prior and no rate: it weighs no less than the average of the
    trait's warnings that are asked, or else a few common ones would settle all.
    """
    asked = hazard * is_asked[:, None]
    n_asked = np.maximum((asked > 0).sum(axis=0), 1)
    unasked = np.where(hazard > 0, np.maximum(hazard, asked.sum(axis=0) / n_asked), 0.0)
    total: Floats = np.where(is_asked[:, None], hazard, unasked).sum(axis=0)
    return total


def _of_items(found: _Known, usual: _Usual, rules: PosteriorRules) -> Posterior:
    """Return the posterior of some items."""
    likened, total = found.likened, usual.hazard
    # texts that speak as a whole have their likeness to warnings in it already
    told = found.stated.where(found.has_text, likened)
    known, too_much = too_severe(found.severities, usual.traits, rules)
    trust = known * [rules.trust[trait.parents_guide.applicability] for trait in usual.traits]
    still_open = 1 - np.minimum(told.answered / total, 1.0)
    voted = np.where(usual.is_strong, weighed_shares(found.severities.is_voted, usual.traits), 0.0)
    # a broad flag stands in for what nobody answered; only votes go against answers
    severe = [(still_open + (1 - still_open) * voted) * part for part in too_much]

    usually = trust * rules.trait_floor + (1 - trust) * usual.share
    unsaid = open_interval(*open_hazard(told, total, usually, rules), rules)
    risk, low, high = (
        _updated(1 - told.none * (1 - u) * (1 - s), found.log_ratios)
        for u, s in zip(unsaid, severe, strict=True)
    )
    is_lone = (found.n_answered < _ENOUGH) & (found.n_answered < usual.n_questions)
    open_alone = np.where(is_lone, 1.0, 1 - np.minimum(told.answered / usual.to_settle, 1.0))
    silence = np.exp(np.where(usual.is_taught, np.minimum(found.silence, 0), 0))
    direct = told.where(usual.is_taught, likened)
    open_parts = open_mean(*open_hazard(direct, total, usual.share, rules), rules)
    attested = 1 - direct.none * (1 - open_parts) * np.where(usual.is_strong, 1 - severe[0], 1.0)
    attested = _updated(attested, np.where(usual.is_taught, found.log_ratios, 0.0))
    return Posterior(
        risk=risk,
        low=low,
        high=high,
        is_informed=(told.answered > 0) | (known > 0) | found.has_text,
        settled=1 - open_alone * (1 - np.minimum(trust, voted)),
        hinted=1 - open_alone * (1 - trust) * silence,
        is_attested=(attested >= _EVEN) & (attested > usual.share + _TINY),
    )


def _updated(probability: Floats, log_ratio: Floats) -> Floats:
    """Return probabilities of (n, t) whose odds are multiplied by a likelihood ratio."""
    updated: Floats = np.clip(probability, _TINY, 1 - _TINY)
    moved = log_ratio != 0
    if moved.any():
        odds = updated[moved] / (1 - updated[moved]) * np.exp(log_ratio[moved])
        updated[moved] = odds / (1 + odds)
    return updated
