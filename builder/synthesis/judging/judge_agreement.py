"""A sample of conversations is judged again, and by another prompt: how far can scores be trusted?

The same prompt asked again shows how much a judge wavers (rules never do); another wording of the
same rubrics shows how much hangs on the words. Neither enters the scores of the rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.llm.protocol import ChatClient
from builder.records import Conversation, Judgement
from builder.seeding import keyed_rng
from builder.sources import Reject
from builder.statistics.agreement import krippendorff_alpha
from builder.synthesis.judging.judging import (
    AGAIN,
    CONVERSATION_TASK,
    OTHER_TASK,
    Asking,
    judge_asked,
)

_SCORES = (1, 2, 3, 4, 5)
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Look:
    """A way of looking a second time: `task` names the prompt, `suffix` tells the row apart."""

    name: str
    task: str
    suffix: str


LOOKS = (Look("again", CONVERSATION_TASK, AGAIN), Look("other_prompt", OTHER_TASK, ""))


def judge_sample(
    client: ChatClient,
    rows: Iterable[Conversation],
    asking: Asking,
    *,
    share: float,
    seed: int,
    workers: int,
    reject: Reject,
) -> dict[str, list[Judgement]]:
    """Return the judgements of each second look, under the rows' own ids.

    Args:
        client: The judge.
        rows: All of a run; those without a constraint are passed over.
        asking: What the rows are held against.
        share: Part of the rows that is looked at again, in [0, 1], drawn row by row.
        seed: Keys the draw.
        workers: Requests at once.
        reject: Takes what has no usable reply.
    """
    sample = [
        row
        for row in rows
        if row.constraint and keyed_rng(seed, "again", row.conversation_id).random() < share
    ]
    return {
        look.name: judge_asked(
            client,
            [asking.request(row, task=look.task, suffix=look.suffix) for row in sample],
            asking.rubrics,
            workers=workers,
            reject=reject,
        )
        for look in LOOKS
    }


def agreement(
    first: Iterable[Judgement], looks: Mapping[str, Sequence[Judgement]]
) -> dict[str, list[dict[str, Any]]]:
    """Return how far each second look agrees with the first, rubric by rubric.

    `krippendorff_alpha` is for ordinal scores (Krippendorff 2011), -1 to 1, and None where it is
    not defined: all scores of both looks are equal.
    """
    score_by_key = {(j.row_id, j.rubric): j.score for j in first}
    report = {}
    for name, judgements in looks.items():
        pairs = defaultdict[str, list[tuple[int, int]]](list)
        for j in judgements:
            if (j.row_id, j.rubric) in score_by_key:
                pairs[j.rubric].append((score_by_key[j.row_id, j.rubric], j.score))
        report[name] = [_agreement(rubric, found) for rubric, found in sorted(pairs.items())]
    return report


def _agreement(rubric: str, pairs: Sequence[tuple[int, int]]) -> dict[str, Any]:
    alpha = krippendorff_alpha(pairs, _SCORES, "ordinal")
    return {
        "rubric": rubric,
        "n": len(pairs),
        "equal": round(sum(one == other for one, other in pairs) / len(pairs), _DIGITS),
        "krippendorff_alpha": None if alpha is None else round(alpha, _DIGITS),
    }
