"""How far scores can be trusted: a sample of conversations is judged again, and by another prompt.

The same prompt asked again shows how consistent a judge is (rules always are); another wording of
the same rubrics shows how much depends on the wording. Neither changes the scores of the rows.
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
    JudgeRequester,
    judge_requests,
)

_SCORES = (1, 2, 3, 4, 5)
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """A way of judging a second time.

    Attributes:
        name: In the report.
        task: Names the prompt.
        suffix: Added to the row's id, so that the same question is asked again.
    """

    name: str
    task: str
    suffix: str


SECOND_OPINIONS = (
    SecondOpinion("again", CONVERSATION_TASK, AGAIN),
    SecondOpinion("other_prompt", OTHER_TASK, ""),
)


def judge_sample(
    client: ChatClient,
    rows: Iterable[Conversation],
    requester: JudgeRequester,
    *,
    share: float,
    seed: int,
    workers: int,
    reject: Reject,
) -> dict[str, list[Judgement]]:
    """Return the judgements of each second opinion, under the rows' own ids.

    Args:
        client: The judge.
        rows: All of a run; those without a constraint are skipped.
        requester: Makes the requests.
        share: Share of the rows to judge again, in [0, 1], drawn row by row.
        seed: Seed of the run.
        workers: For a client that answers one request at a time.
        reject: Called with what gets no usable reply.
    """
    sample = [
        row
        for row in rows
        if row.constraint and keyed_rng(seed, "again", row.conversation_id).random() < share
    ]
    return {
        opinion.name: judge_requests(
            client,
            [requester.request(row, task=opinion.task, suffix=opinion.suffix) for row in sample],
            requester.rubrics,
            workers=workers,
            reject=reject,
        )
        for opinion in SECOND_OPINIONS
    }


def agreement(
    first: Iterable[Judgement], second_opinions: Mapping[str, Sequence[Judgement]]
) -> dict[str, list[dict[str, Any]]]:
    """Return how far each second opinion agrees with the first, rubric by rubric.

    `krippendorff_alpha` is for ordinal scores (Krippendorff 2011), -1 to 1, and None if it is not
    defined, as all scores of both are equal.
    """
    score_by_key = {(j.row_id, j.rubric): j.score for j in first}
    report = {}
    for name, judgements in second_opinions.items():
        pairs = defaultdict[str, list[tuple[int, int]]](list)
        for j in judgements:
            if (j.row_id, j.rubric) in score_by_key:
                pairs[j.rubric].append((score_by_key[j.row_id, j.rubric], j.score))
        report[name] = [
            _agreement(rubric, rubric_pairs) for rubric, rubric_pairs in sorted(pairs.items())
        ]
    return report


def _agreement(rubric: str, pairs: Sequence[tuple[int, int]]) -> dict[str, Any]:
    alpha = krippendorff_alpha(pairs, _SCORES, "ordinal")
    return {
        "rubric": rubric,
        "n": len(pairs),
        "equal": round(sum(one == other for one, other in pairs) / len(pairs), _DIGITS),
        "krippendorff_alpha": None if alpha is None else round(alpha, _DIGITS),
    }
