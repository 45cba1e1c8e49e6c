"""What evidence outside an oracle says of its items: labels, and how often traits are violated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from builder.errors import InputError
from builder.oracle.evidence.feeds import Feed, select
from builder.records import Evidence
from builder.tagging.labels.evidence_labels import LabelRules, read_labels
from builder.taxonomy import Trait

Truth = Mapping[str, Mapping[str, bool]]
"""Whether an item violates a trait, by trait and item id; what nothing labels is absent."""


@dataclass(frozen=True, slots=True)
class Known:
    """What labels say.

    Attributes:
        truth: All labels.
        answered: Those of them that answers to a trait's own questions make; the others are
            proxies, severities of the category that stands in for the trait.
        spoken_of: Items that the labelling evidence asked anything of.
        base_by_trait: Share of violators among these, for traits with enough labels. What was asked
            of and called no violator counts as none: people write down what is there.
    """

    truth: Truth
    answered: Truth
    spoken_of: frozenset[str]
    base_by_trait: dict[str, float]


def read_truth(
    evidence: Sequence[Evidence],
    labels: Sequence[Feed],
    own: Sequence[Feed],
    traits: Sequence[Trait],
    rules: LabelRules,
    min_labels: int,
) -> Known:
    """Return what the labelling evidence knows.

    Args:
        evidence: All there is.
        labels: Patterns of the labelling evidence.
        own: Patterns of the oracle's own evidence, which must not meet these.
        traits: To label.
        rules: When evidence is a label.
        min_labels: Of a trait, for a base rate.

    Raises:
        InputError: If an oracle would be judged by its own evidence.
    """
    for label in labels:
        for feed in own:
            if label.meets(feed):
                raise InputError(
                    "params.yaml: fuse.label_feeds",
                    f"{str(label)!r} labels an oracle that {str(feed)!r} feeds",
                    "an oracle's thresholds need evidence that it has not seen",
                )
    told = select(evidence, labels)
    if not told:
        return Known({}, {}, frozenset(), {})
    truth = read_labels(told, traits, rules)
    answered = read_labels(told, traits, replace(rules, applicability=frozenset()))
    asked = {e.item_id for e in told if e.kind == "statement"}
    spoken_of = asked.union(*truth.values())
    base = {
        trait: sum(label.values()) / len(asked | set(label))
        for trait, label in truth.items()
        if len(label) >= min_labels
    }
    return Known(truth, answered, frozenset(spoken_of), base)
