"""Which of the oracle's reasons an answer names: against a title, and of what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from builder.explanations.clauses import clause_of, says_alike
from builder.records import Reason, ReasonKind
from builder.taxonomy import Taxonomy, Trait

FACTS: frozenset[ReasonKind] = frozenset({"yes", "similarity"})
"""What holds of an item, as against a sign that something may."""

_MAX_FACTS = 2
_MODERATE = 2
"""The lowest level of a severity that is worth naming."""
_TELLING = 0.5  # of the weightiest category's weight, that another one needs to be named beside it


def grounds(
    reasons_by_trait: Mapping[str, Sequence[Reason]], taxonomy: Taxonomy
) -> tuple[Reason, ...]:
    """Return the facts that break the traits, else the ratings that tell most of the first rated.

    At most two facts, things that say much the same once. A rating is a sign, no fact. Nothing
    where neither is known: texts as a whole or a base rate have decided.

    Args:
        reasons_by_trait: Of the traits that the item violates, in the order in force.
        taxonomy: For the warnings' clauses and the categories' weights.
    """
    facts = _distinct(
        (
            reason
            for reasons in reasons_by_trait.values()
            for reason in reasons
            if reason.kind in FACTS
        ),
        taxonomy,
    )
    if facts:
        return facts[:_MAX_FACTS]
    ratings = (_ratings(taxonomy.traits[t], reasons) for t, reasons in reasons_by_trait.items())
    return next((telling for telling in ratings if telling), ())


def _distinct(facts: Iterable[Reason], taxonomy: Taxonomy) -> tuple[Reason, ...]:
    """Return the facts without those that say much the same as an earlier one."""
    kept: dict[str, Reason] = {}
    for fact in facts:
        clause = clause_of(taxonomy.warnings[fact.asked[0]])
        if not any(says_alike(clause, other) for other in kept):
            kept[clause] = fact
    return tuple(kept.values())


def _ratings(trait: Trait, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return the ratings that tell most of a trait, severe ones first, one for each category."""
    weight_by_category = {str(c): weight for c, weight in trait.parents_guide.weights.items()}
    rated = [r for r in reasons if r.kind == "severity" and (r.value or 0) >= _MODERATE]
    by_category: dict[str, Reason] = {}
    for reason in sorted(rated, key=lambda reason: -(reason.value or 0)):
        by_category.setdefault(reason.asked[0], reason)
    most = max((weight_by_category[category] for category in by_category), default=0.0)
    return tuple(
        reason
        for category, reason in by_category.items()
        if weight_by_category[category] >= most * _TELLING
    )


def unanswered(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Return the warnings of a trait that nobody has answered, by the reasons of its verdict."""
    return tuple(w for reason in reasons if reason.kind == "unanswered" for w in reason.asked)
