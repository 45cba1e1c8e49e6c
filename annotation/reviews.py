"""Merge labels into one review per conversation.

A label rejects its conversation if the wish does not come through, the rest of the request is not
intact, or it does not read as if a person wrote it ("no" to any of the three), or if an item that
was kept breaks the wish. Every other complete label accepts it; "partly" accepts and is noted.
Skipped labels have no vote. The majority of the votes decides. A tie, or no vote at all, leaves the
conversation unreviewed, which is neither accepted nor rejected.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from annotation.labels import Label
from builder.records import Conversation, Review

Vote = Literal["accepted", "rejected"]
Status = Literal["accepted", "rejected", "unreviewed"]
STATUSES: tuple[Status, ...] = get_args(Status)

_NO = {
    "comes_through": "the wish does not come through",
    "request_intact": "the rest of the request is not intact",
    "reads_human": "it does not read as if a person wrote it",
}


def objections(label: Label) -> tuple[str, ...]:
    """Return in words why a label rejects its conversation, () if it accepts it."""
    said_no = [words for question, words in _NO.items() if label.answers.get(question) == "no"]
    kept = [
        item
        for (group, item), answer in label.items.items()
        if (group, answer) == ("kept", "breaks")
    ]
    return (*said_no, *(f"{item} was kept and breaks the wish" for item in sorted(kept)))


def vote(label: Label) -> Vote | None:
    """Return the vote of a label, None if it was skipped."""
    if label.skipped:
        return None
    return "rejected" if objections(label) else "accepted"


def merge_reviews(conversations: Iterable[Conversation], labels: Iterable[Label]) -> list[Review]:
    """Return one review per conversation, in the order of the conversations."""
    labels_by_id: dict[str, list[Label]] = defaultdict(list)
    for label in sorted(labels, key=lambda one: one.annotator):
        labels_by_id[label.conversation_id].append(label)
    return [
        _review(row.conversation_id, labels_by_id[row.conversation_id]) for row in conversations
    ]


def _review(conversation_id: str, labels: Sequence[Label]) -> Review:
    votes = [label_vote for label in labels if (label_vote := vote(label)) is not None]
    n_accepted = votes.count("accepted")
    n_rejected = len(votes) - n_accepted
    status: Status = "unreviewed"
    if n_accepted != n_rejected:
        status = "accepted" if n_accepted > n_rejected else "rejected"
    notes = []
    if votes:
        notes.append(f"{n_accepted} of {len(votes)} accept")
        notes += ["a tie"] if n_accepted == n_rejected else []
    n_skipped = len(labels) - len(votes)
    notes += [f"{n_skipped} skipped"] if n_skipped else []
    return Review(
        conversation_id=conversation_id,
        status=status,
        annotators=tuple(label.annotator for label in labels if not label.skipped),
        note="; ".join([*notes, *_remarks(labels)]),
    )


def _remarks(labels: Sequence[Label]) -> list[str]:
    """Return what the labels say beyond their votes, without repetition."""
    remarks: dict[str, None] = {}
    for label in labels:
        remarks.update(dict.fromkeys(objections(label)))
        remarks.update(dict.fromkeys(_partly(label.answers)))
        remarks.update(dict.fromkeys(_second_opinions(label.items)))
        if label.comment:
            remarks[f"comment: {label.comment}"] = None
    return list(remarks)


def _partly(answers: Mapping[str, str]) -> list[str]:
    return [f"{question} only partly" for question in _NO if answers.get(question) == "partly"]


def _second_opinions(items: Mapping[tuple[str, str], str]) -> list[str]:
    """Return the answers on items that contradict the oracle or settle what it does not know."""
    return [
        f"{item} ({group.replace('_', ' ')}) {answer} the wish"
        for (group, item), answer in sorted(items.items())
        if (group, answer) not in {("kept", "fits"), ("kept", "breaks"), ("left_out", "breaks")}
    ]


def count_statuses(reviews: Iterable[Review]) -> dict[str, int]:
    """Return how many reviews have each status, all of them named."""
    counts = Counter(review.status for review in reviews)
    return {status: counts[status] for status in STATUSES}
