"""What evidence says of (item, trait), as yes or no: the labels that teach the heads.

A statement that an avoided warning holds makes an item unsafe, and so does a severity that voters
expect to be moderate or worse in the trait's main Parents Guide category. An item is safe where
such a severity is below that, or where enough of the trait was answered no: each warning weighs
what it occurs, so that a no to a plane crash does not stand in for one to a car crash.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from builder.errors import InputError
from builder.records import Evidence
from builder.taxonomy import Applicability, Category, Trait

Labels = Mapping[str, Mapping[str, bool]]
"""Whether an item is unsafe, by trait and item id; items that nothing labels are absent."""

_ANY = "*"


@dataclass(frozen=True, slots=True)
class LabelRules:
    """How labels are read.

    `feeds`: (source, kind) of the evidence taken, "*" for any source or kind. `unsafe_from`: the
    expected severity, 0 to 3, from which an item is unsafe. `applicability`: how well the Parents
    Guide must stand in for a trait to label it. `min_answered`: share of a trait's warnings
    answered no, in (0, 1], by how often each is a yes, from which an item without a yes is safe.
    """

    feeds: tuple[tuple[str, str], ...]
    unsafe_from: float
    applicability: frozenset[Applicability]
    min_answered: float


def parse_label_feeds(patterns: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return (source, kind) of patterns as "maintainers:statement".

    Raises:
        InputError: If one is not of that form, or names evidence that labels nothing.
    """
    feeds = []
    for pattern in patterns:
        source, colon, kind = pattern.rpartition(":")
        if not colon or not source or kind not in ("statement", "severity", _ANY):
            mend = "write source:statement or source:severity, either part may be *"
            raise InputError("params.yaml: tag.labels", f"{pattern!r} labels nothing", mend)
        feeds.append((source, kind))
    return tuple(feeds)


def main_category(trait: Trait) -> Category | None:
    """Return the Parents Guide category of the greatest weight, the first of equal ones.

    None where the Parents Guide says nothing of the trait.
    """
    weights = trait.parents_guide.weights
    heaviest = max(weights, key=lambda category: weights[category], default=None)
    return heaviest if heaviest is not None and weights[heaviest] > 0 else None


def expected_severity(evidence: Evidence) -> float:
    """Return the mean severity of the votes, 0 to 3, or the value where nobody voted."""
    if not sum(evidence.votes):
        return evidence.value
    return sum(level * n for level, n in enumerate(evidence.votes)) / sum(evidence.votes)


def read_labels(
    evidence: Iterable[Evidence], traits: Sequence[Trait], rules: LabelRules
) -> dict[str, dict[str, bool]]:
    """Return by trait name the items that the evidence labels, see the module.

    Several severities of one category count with their mean. A yes outweighs all else.
    """
    answers: dict[str, dict[str, bool]] = defaultdict(dict)
    severities: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for e in evidence:
        if not taken(e, rules.feeds):
            continue
        if e.kind == "severity":
            severities[e.item_id][e.subject].append(expected_severity(e))
        elif e.kind == "statement" and (said := _answer(e)) is not None:
            answers[e.item_id][e.subject] = answers[e.item_id].get(e.subject, False) or said
    labels: dict[str, dict[str, bool]] = {}
    n_yes = Counter(w for said in answers.values() for w, is_yes in said.items() if is_yes)
    for trait in traits:
        weights = {warning: n_yes[warning] + 1 for warning in trait.warnings}
        is_rated = trait.parents_guide.applicability in rules.applicability
        category = main_category(trait) if is_rated else None
        labels[trait.name] = {}
        for item_id in sorted({*answers, *severities}):
            voted = severities[item_id].get(category, ()) if category else ()
            label = _label(weights, answers[item_id], voted, rules)
            if label is not None:
                labels[trait.name][item_id] = label
    return labels


def taken(evidence: Evidence, feeds: Collection[tuple[str, str]]) -> bool:
    """Return whether the evidence belongs to one of the feeds."""
    return any(
        source in (_ANY, evidence.source) and kind in (_ANY, evidence.kind)
        for source, kind in feeds
    )


def _label(
    weights: Mapping[str, int],
    answers: Mapping[str, bool],
    voted: Sequence[float],
    rules: LabelRules,
) -> bool | None:
    said = [warning for warning in weights if warning in answers]
    if any(answers[warning] for warning in said):
        return True
    if voted:
        return sum(voted) / len(voted) >= rules.unsafe_from
    answered = sum(weights[warning] for warning in said)
    return False if answered >= rules.min_answered * sum(weights.values()) else None


def _answer(evidence: Evidence) -> bool | None:
    if evidence.votes:
        yes, no = evidence.votes
        return None if yes == no else yes > no
    return evidence.value == 1
