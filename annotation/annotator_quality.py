"""Simple numbers on the work of each annotator, and their agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from statistics import median
from typing import Any

from annotation.labels import Label
from annotation.reviews import Vote, count_statuses, vote
from builder.records import Review
from builder.statistics.agreement import krippendorff_alpha

_VOTES: tuple[Vote, ...] = ("accepted", "rejected")


@dataclass(frozen=True, slots=True)
class AnnotatorQuality:
    """The numbers of one annotator.

    Attributes:
        annotator: A pseudonym.
        n_labels: Tasks seen, including skipped ones.
        skip_share: Share of those that were skipped; skipping is never held against anyone.
        n_compared: Pairs of votes with another annotator on the same conversation.
        agreement: Share of those pairs with equal votes, None if there is no pair.
        median_seconds: Per task that was not skipped, None if no time was recorded.
    """

    annotator: str
    n_labels: int
    skip_share: float
    n_compared: int
    agreement: float | None
    median_seconds: float | None


def annotator_quality(labels: Iterable[Label]) -> list[AnnotatorQuality]:
    """Return the numbers of each annotator, sorted by pseudonym."""
    rows = list(labels)
    labels_by_annotator: dict[str, list[Label]] = defaultdict(list)
    for label in rows:
        labels_by_annotator[label.annotator].append(label)
    equal_by_annotator = _compared(rows)
    return [
        _quality(name, labels_by_annotator[name], equal_by_annotator[name])
        for name in sorted(labels_by_annotator)
    ]


def agreement_of_votes(labels: Iterable[Label]) -> float | None:
    """Return Krippendorff's nominal alpha of the votes, see `krippendorff_alpha`."""
    votes_by_id = _votes_by_conversation(labels)
    ratings = [list(votes.values()) for _, votes in sorted(votes_by_id.items())]
    return krippendorff_alpha(ratings, _VOTES, "nominal")


def annotation_report(
    labels: Sequence[Label], reviews: Iterable[Review], *, n_rejected: int, note: str
) -> dict[str, Any]:
    """Return what people did, as plain data.

    Args:
        labels: Those that could be used.
        reviews: What they decided.
        n_rejected: Labels that could not be used.
        note: What a reader must know beside the numbers.
    """
    return {
        "note": note,
        "labels": len(labels),
        "labels_rejected": n_rejected,
        "reviews": count_statuses(reviews),
        "krippendorff_alpha": agreement_of_votes(labels),
        "annotators": [asdict(quality) for quality in annotator_quality(labels)],
    }


def _quality(name: str, labels: Sequence[Label], equal: Sequence[bool]) -> AnnotatorQuality:
    seconds = [one.seconds for one in labels if one.seconds is not None and not one.skipped]
    return AnnotatorQuality(
        annotator=name,
        n_labels=len(labels),
        skip_share=sum(one.skipped for one in labels) / len(labels),
        n_compared=len(equal),
        agreement=sum(equal) / len(equal) if equal else None,
        median_seconds=median(seconds) if seconds else None,
    )


def _compared(labels: Iterable[Label]) -> dict[str, list[bool]]:
    """Return, by annotator, whether the votes are equal in each pair that includes theirs."""
    equal_by_annotator: dict[str, list[bool]] = defaultdict(list)
    for votes in _votes_by_conversation(labels).values():
        for one, other in combinations(votes, 2):
            for name in (one, other):
                equal_by_annotator[name].append(votes[one] == votes[other])
    return equal_by_annotator


def _votes_by_conversation(labels: Iterable[Label]) -> dict[str, dict[str, Vote]]:
    """Return {conversation id: {annotator: vote}} without skipped labels."""
    votes: dict[str, dict[str, Vote]] = defaultdict(dict)
    for label in labels:
        label_vote = vote(label)
        if label_vote is not None:
            votes[label.conversation_id][label.annotator] = label_vote
    return votes
