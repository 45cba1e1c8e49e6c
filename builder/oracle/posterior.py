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
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, expit, gammaincinv, logit, ndtr, ndtri  # type: ignore[import-untyped]

from builder.oracle.formula import MAX_SEVERITY
from builder.oracle.gather import LEVELS, Bools, Floats, Gathered
from builder.oracle.reference import category_weights
from builder.taxonomy import Applicability, Trait

_EVEN = 0.5
_TINY = 1e-6
"""No probability comes nearer to 0 or 1: nothing here is that sure."""


@dataclass(frozen=True, slots=True)
class PosteriorRules:
    """What is taken for given; see params.yaml. Shares are in (0, 1), strengths in votes.

    `prior_votes`, `severity_prior_votes`: strength of a base rate against votes.
    `statement_precision`, `text_precision`: how often a yes holds that a source or a text says.
    `statement_votes`: how many votes a stated severity counts as. `ceiling_leak`: odds that a
    severity is above its ceiling, against those of the average item. `trait_base`: share of items
    that violate a trait of which neither labels nor noes tell; `trait_floor`: the lowest share
    taken for any trait, and what harmless severities leave. `togetherness`: r of the module.
    `trust`: how often severities that are too much mean a violation, by applicability.
    `safe_below`, `unsafe_at`: weighted severities. `level`: of the interval.
    """

    prior_votes: float
    severity_prior_votes: float
    statement_precision: float
    text_precision: float
    statement_votes: float
    ceiling_leak: float
    trait_base: float
    trait_floor: float
    togetherness: float
    trust: Mapping[Applicability, float]
    safe_below: float
    unsafe_at: float
    level: float


@dataclass(frozen=True, slots=True)
class Posterior:
    """(n, t) each: probability of a violation, its interval, and where anything speaks of it.

    `settled`: of the items that violate the trait, by how often what they violate occurs, the
    share that is ruled out or in by what was answered. A no on bestiality settles little of sexual
    violence, one on assault half of it; severities settle as much as they can be trusted, texts
    of scenes that make a violation three times less likely two thirds, if labels taught them.
    `is_attested`: where a violation is more likely than not, and than usual, with weak proxies left
    out. They raise a risk, but an item is not unsafe by them alone: a yes, a sentence that is near
    to a warning, or texts that labels taught the trait must say so too.
    """

    risk: Floats
    low: Floats
    high: Floats
    is_informed: Bools
    settled: Floats
    is_attested: Bools


@dataclass(frozen=True, slots=True)
class _Answers:
    """(n, w) each: P(warning holds), its base rate's hazard, and where something answers it."""

    probability: Floats
    hazard: Floats
    is_answered: Bools


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
    columns = {warning: column for column, warning in enumerate(warning_ids)}
    means, variances, is_rated = severity_moments(found, rules)
    by_votes = _by_votes(found.votes, rates, rules.prior_votes)
    parts = []
    for t, trait in enumerate(traits):
        own = [columns[warning] for warning in trait.warnings]
        has_text, ratio = found.has_text[:, t], found.log_ratios[:, t]
        answers = _answers(found, own, by_votes[:, own], rates[own], has_text, rules)
        weights = category_weights(trait)
        rated = is_rated @ weights / max(weights.sum(), _TINY)
        trust = rules.trust[trait.parents_guide.applicability] * rated
        usual = _usual_share(answers, rates[own], base_by_trait.get(trait.name), rules)
        open_parts = _open_questions(
            answers, trust * rules.trait_floor + (1 - trust) * usual, rules
        )
        still_open = 1 - _share_answered(answers)
        is_proxy = trait.parents_guide.applicability != "strong"
        severe = _too_severe(means, variances, rated > 0, trait, rules)
        if is_proxy:
            severe = (still_open * severe[0], still_open * severe[1], still_open * severe[2])
        none = _none_holds(answers)
        bounds = [
            _updated(1 - none * (1 - u) * (1 - s), ratio)
            for u, s in zip(open_parts, severe, strict=True)
        ]
        informed = answers.is_answered.any(axis=1) | (rated > 0) | has_text
        # only labels show what texts as a whole are worth, their silence above all
        is_taught = trait.name in base_by_trait
        silence = np.exp(np.minimum(found.silence[:, t], 0)) if is_taught else 1.0
        settled = 1 - still_open * (1 - trust) * silence
        direct = answers
        if not is_taught:
            none_told = np.zeros_like(has_text)
            direct = _answers(found, own, by_votes[:, own], rates[own], none_told, rules)
        open_part = _open_questions(direct, np.full(len(trust), usual), rules)[0]
        attested = 1 - _none_holds(direct) * (1 - open_part) * (1 if is_proxy else 1 - severe[0])
        attested = _updated(attested, ratio if is_taught else 0 * ratio)
        is_attested = (attested >= _EVEN) & (attested > usual + _TINY)
        parts.append((*bounds, informed, settled, is_attested))
    risk, low, high, informed, settled, attested = (
        np.stack(p, axis=1) for p in zip(*parts, strict=True)
    )
    return Posterior(risk, low, high, informed.astype(bool), settled, attested.astype(bool))


def _usual_share(
    answers: _Answers, rates: Floats, labelled: float | None, rules: PosteriorRules
) -> float:
    """Return the share of items that violate a trait, of all: at least what its warnings add to."""
    says_no = bool((answers.is_answered & (answers.probability < rates)).any())
    default = rules.trait_floor if says_no else rules.trait_base
    r = rules.togetherness
    added = 1 - (r / (r - np.log1p(-rates).sum())) ** r
    return float(max(default if labelled is None else labelled, rules.trait_floor, added))


def _share_answered(answers: _Answers) -> Floats:
    """Return (n,), the share of a trait's hazard whose questions are answered."""
    total = answers.hazard.sum(axis=1)
    share: Floats = (answers.hazard * answers.is_answered).sum(axis=1) / total
    return share


def _none_holds(answers: _Answers) -> Floats:
    """Return (n,), P(none of the answered warnings holds)."""
    none: Floats = np.where(answers.is_answered, 1 - answers.probability, 1.0).prod(axis=1)
    return none


def base_rates(found: Gathered) -> Floats:
    """Return (w,), the share of items with a yes, of those that the evidence speaks of at all.

    Not the share of answers: people write down what is there. Texts tell that of questions left
    open in the bundled data 4% would be a yes, against 6% by this rule and 23% of the answers
    (docs/numbers.md). A warning said of few items is drawn to the average one.
    """
    spoken = max(1, int(found.is_spoken_of.sum()))
    yes = (found.votes[..., 0] > found.votes[..., 1]) | (found.said[..., 0] > 0) | found.likeness
    n_yes = yes.sum(axis=0)
    average = n_yes.mean() / spoken if len(n_yes) else 0.0
    rates: Floats = np.clip((n_yes + average) / (spoken + 1), _TINY, 0.5)
    return rates


def _by_votes(votes: Floats, rates: Floats, prior_votes: float) -> Floats:
    """Return (n, w), P(most people would say yes), the base rate where nobody voted."""
    voted = _given(votes)
    prior = np.broadcast_to(rates, voted.shape)
    alpha = prior_votes * prior[voted] + votes[voted, 0]
    beta = prior_votes * (1 - prior[voted]) + votes[voted, 1]
    probability = prior.copy()
    probability[voted] = 1 - betainc(alpha, beta, 0.5)
    return probability


def _given(pairs: Floats) -> Bools:
    """Return (n, w), where there is a yes or a no; quicker than `any` over two."""
    given: Bools = (pairs[..., 0] > 0) | (pairs[..., 1] > 0)
    return given


def _answers(
    found: Gathered,
    own: Sequence[int],
    by_votes: Floats,
    base: Floats,
    has_text: Bools,
    rules: PosteriorRules,
) -> _Answers:
    said, likeness = found.said[:, own], found.likeness[:, own]
    voted = _given(found.votes[:, own])
    sure = logit(rules.statement_precision)
    odds = logit(np.clip(by_votes, _TINY, 1 - _TINY))
    odds = odds + np.where(said[..., 0] > 0, sure - logit(base), 0.0)
    odds = odds - np.where(said[..., 1] > 0, sure, 0.0)
    # texts that speak as a whole have their likeness to warnings in it already
    alike = likeness & ~has_text[:, None]
    odds = odds + np.where(alike, logit(rules.text_precision) - logit(base), 0.0)
    is_answered = voted | _given(said) | alike
    hazard = np.broadcast_to(-np.log1p(-base), voted.shape)
    return _Answers(expit(odds), hazard, is_answered)


def _open_questions(
    answers: _Answers, share: Floats, rules: PosteriorRules
) -> tuple[Floats, Floats, Floats]:
    """Return (n,) each: P(an open question is a yes), and its interval.

    Args:
        answers: Of one trait.
        share: (n,), how often an item would violate the trait if nothing were answered: the
            hazards are scaled to add up to that.
        rules: See `PosteriorRules`.
    """
    r = rules.togetherness
    total = answers.hazard.sum(axis=1)
    hazard = answers.hazard * (r * ((1 - share) ** (-1 / r) - 1) / total)[:, None]
    noes = (hazard * np.where(answers.is_answered, 1 - answers.probability, 0.0)).sum(axis=1)
    still = (hazard * ~answers.is_answered).sum(axis=1)
    mean = 1 - ((r + noes) / (r + noes + still)) ** r
    tail = (1 - rules.level) / 2
    low, high = (
        1 - np.exp(-still * gammaincinv(r, share) / (r + noes)) for share in (tail, 1 - tail)
    )
    return mean, low, np.maximum(high, mean)


def severity_moments(found: Gathered, rules: PosteriorRules) -> tuple[Floats, Floats, Bools]:
    """Return (n, 5) mean and variance of each severity, 0 to 3, and where anything bounds it."""
    votes = found.severity_votes + rules.statement_votes * np.minimum(found.severity_said, 1)
    is_stated = votes.any(axis=-1)
    shares = votes / np.maximum(votes.sum(axis=-1, keepdims=True), 1)
    n_stated = is_stated.sum(axis=0)[:, None]
    flat = np.full(LEVELS, 1 / LEVELS)
    average = (shares.sum(axis=0) + LEVELS * flat) / (n_stated + LEVELS)
    is_bounded = (found.ceilings < MAX_SEVERITY) & ~is_stated
    above = np.arange(LEVELS) > found.ceilings[..., None]
    leaky = average * np.where(above & is_bounded[..., None], rules.ceiling_leak, 1.0)
    prior = leaky / leaky.sum(axis=-1, keepdims=True)
    strength = rules.severity_prior_votes + rules.statement_votes * is_bounded
    alpha = strength[..., None] * prior + votes
    total, levels = alpha.sum(axis=-1), np.arange(LEVELS)
    mean = (alpha * levels).sum(axis=-1) / total
    square = (alpha * levels**2).sum(axis=-1) / total
    return mean, (square - mean**2) / (total + 1), is_stated | is_bounded


def _too_severe(
    means: Floats, variances: Floats, is_rated: Bools, trait: Trait, rules: PosteriorRules
) -> tuple[Floats, Floats, Floats]:
    """Return (n,) each: P(the severities mean a violation), and its interval; 0 where unrated."""
    weights = category_weights(trait)
    nothing = np.zeros(len(means))
    if not weights.any():
        return nothing, nothing, nothing
    scale = MAX_SEVERITY * weights.sum()
    mean = means @ weights / scale
    spread = np.sqrt(variances @ weights**2) / scale
    middle = (rules.safe_below + rules.unsafe_at) / 2
    band = (rules.unsafe_at - rules.safe_below) / 2
    reach = ndtri((1 + rules.level) / 2)
    trust = rules.trust[trait.parents_guide.applicability]
    risk = ndtr((mean - middle) / np.hypot(spread, band))
    low, high = (ndtr((mean + side * reach * spread - middle) / band) for side in (-1, 1))
    return tuple(  # type: ignore[return-value]
        np.where(is_rated, trust * part, 0.0)
        for part in (risk, np.minimum(low, risk), np.maximum(high, risk))
    )


def _updated(probability: Floats, log_ratio: Floats) -> Floats:
    updated: Floats = expit(logit(np.clip(probability, _TINY, 1 - _TINY)) + log_ratio)
    return updated
