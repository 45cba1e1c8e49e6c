"""Labels for the heads: what evidence says about (item, trait), as yes or no.

A statement that an avoided warning holds makes an item unsafe, and so does a severity that voters
on average call moderate or worse in the trait's main Parents Guide category. An item is safe if
such a severity is lower, or if enough of the trait was answered no: warnings are weighted by how
often they occur, so that a no to a plane crash does not stand in for one to a car crash.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from scipy.special import expit  # type: ignore[import-untyped]

from builder.errors import InputError
from builder.records import Evidence
from builder.settings import Strict
from builder.taxonomy import Applicability, Category, Trait

Shares = Mapping[str, Mapping[str, float]]
"""How far an item is unsafe, in [0, 1], by trait and item id; unsafe from 0.5 on."""

_HALF = 0.5

_ANY = "*"


@dataclass(frozen=True, slots=True)
class LabelRules:
    """How labels are derived.

    Attributes:
        feeds: (source, kind) of the evidence to use, "*" for any source or kind.
        unsafe_from: Expected severity, 0 to 3, from which an item is unsafe.
        applicability: How well the Parents Guide must cover a trait to label it.
        min_answered: Share of a trait's warnings, weighted by how often each is a yes, that must be
            answered no for an item without a yes to be safe, in (0, 1].
    """

    feeds: tuple[tuple[str, str], ...]
    unsafe_from: float
    applicability: frozenset[Applicability]
    min_answered: float


class LabelSettings(Strict):
    """What of `LabelRules` holds wherever labels are read."""

    unsafe_from: Annotated[float, Field(gt=0, le=3)]
    applicability: list[Applicability]

    def rules(self, feeds: Iterable[tuple[str, str]], min_answered: float) -> LabelRules:
        """Return them with the evidence that labels and how much of a trait it must answer."""
        return LabelRules(
            tuple(feeds), self.unsafe_from, frozenset(self.applicability), min_answered
        )


def parse_label_feeds(patterns: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return (source, kind) of patterns like "maintainers:statement".

    Raises:
        InputError: If a pattern does not have that form, or names evidence that gives no labels.
    """
    feeds = []
    for pattern in patterns:
        source, colon, kind = pattern.rpartition(":")
        if not colon or not source or kind not in ("statement", "severity", _ANY):
            fix = "write source:statement or source:severity, where either part may be *"
            raise InputError("params.yaml: tag.label_feeds", f"{pattern!r} cannot label items", fix)
        feeds.append((source, kind))
    return tuple(feeds)


def main_category(trait: Trait) -> Category | None:
    """Return the Parents Guide category with the greatest weight, the first of equal ones.

    None if the Parents Guide says nothing about the trait.
    """
    weights = trait.parents_guide.weights
    heaviest = max(weights, key=lambda category: weights[category], default=None)
    return heaviest if heaviest is not None and weights[heaviest] > 0 else None


def expected_severity(evidence: Evidence) -> float:
    """Return the mean severity of the votes, 0 to 3, or the value if nobody voted."""
    if not sum(evidence.votes):
        return evidence.value
    return sum(level * n for level, n in enumerate(evidence.votes)) / sum(evidence.votes)


def read_labels(
    evidence: Iterable[Evidence], traits: Sequence[Trait], rules: LabelRules
) -> dict[str, dict[str, bool]]:
    """Return the labels of items by trait name, see the module.

    Several severities of one category are averaged. A yes outweighs everything else.
    """
    shares = read_shares(evidence, traits, rules, None)
    return {
        trait: {item_id: share >= _HALF for item_id, share in by_item.items()}
        for trait, by_item in shares.items()
    }


def read_shares(
    evidence: Iterable[Evidence],
    traits: Sequence[Trait],
    rules: LabelRules,
    steepness: float | None,
) -> dict[str, dict[str, float]]:
    """Return how far labelled items are unsafe, by trait name.

    A severity gives the logistic function of its distance from `unsafe_from`, so that a film just
    below it is nearly a half and not merely safe. Statements give 0 or 1.

    Args:
        evidence: Of any kind; what the rules do not use is ignored.
        traits: Traits of the taxonomy.
        rules: See `LabelRules`.
        steepness: Logits per step of severity, above 0; None gives only 0 and 1.
    """
    answers: dict[str, dict[str, bool]] = defaultdict(dict)
    severities: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for e in evidence:
        if not taken(e, rules.feeds):
            continue
        if e.kind == "severity":
            severities[e.item_id][e.subject].append(expected_severity(e))
        elif e.kind == "statement" and (answer := _answer(e)) is not None:
            answers[e.item_id][e.subject] = answers[e.item_id].get(e.subject, False) or answer
    shares: dict[str, dict[str, float]] = {}
    n_yes = Counter(w for answer in answers.values() for w, is_yes in answer.items() if is_yes)
    for trait in traits:
        weights = {warning: n_yes[warning] + 1 for warning in trait.warnings}
        is_rated = trait.parents_guide.applicability in rules.applicability
        category = main_category(trait) if is_rated else None
        shares[trait.name] = {}
        for item_id in sorted({*answers, *severities}):
            voted = severities[item_id].get(category, ()) if category else ()
            share = _share(weights, answers[item_id], voted, rules, steepness)
            if share is not None:
                shares[trait.name][item_id] = share
    return shares


def taken(evidence: Evidence, feeds: Collection[tuple[str, str]]) -> bool:
    """Return whether the evidence belongs to one of the feeds."""
    return any(
        source in (_ANY, evidence.source) and kind in (_ANY, evidence.kind)
        for source, kind in feeds
    )


def _share(
    weights: Mapping[str, int],
    answers: Mapping[str, bool],
    voted: Sequence[float],
    rules: LabelRules,
    steepness: float | None,
) -> float | None:
    answered = [warning for warning in weights if warning in answers]
    if any(answers[warning] for warning in answered):
        return 1.0
    if voted:
        above = sum(voted) / len(voted) - rules.unsafe_from
        return float(above >= 0 if steepness is None else expit(steepness * above))
    answered_weight = sum(weights[warning] for warning in answered)
    return 0.0 if answered_weight >= rules.min_answered * sum(weights.values()) else None


def _answer(evidence: Evidence) -> bool | None:
    if evidence.votes:
        yes, no = evidence.votes
        return None if yes == no else yes > no
    return evidence.value == 1
