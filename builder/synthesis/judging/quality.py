"""The quality report: scores by rubric and group, and how diverse the texts are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.records import Conversation, Judgement, Scenario
from builder.synthesis.diversity import copies, distinct, nearest_overlaps, self_bleu, spread
from builder.synthesis.judging.judge_agreement import agreement
from builder.synthesis.judging.judging_context import GRAM_WORDS, full_text

_DIGITS = 4


def make_report(
    judgements: Sequence[Judgement],
    conversations: Sequence[Conversation],
    scenarios: Sequence[Scenario],
    *,
    threshold: int,
    near_copy: float,
    n_lowest: int,
    second_opinions: Mapping[str, Sequence[Judgement]],
    vector_by_text: Mapping[str, NDArray[np.float32]],
) -> dict[str, Any]:
    """Return the report, plain data in a fixed order.

    Args:
        judgements: All of a run.
        conversations: Judged or not; those with a constraint count.
        scenarios: All of a run.
        threshold: Scores below it are counted as `share_below`.
        near_copy: Overlap of word runs from which a text is a near copy of another of its group.
        n_lowest: How many of the lowest scores are listed for each rubric, with their notes.
        second_opinions: Judgements of a sample, see builder/synthesis/judging/judge_agreement.py.
        vector_by_text: Of every constraint and query, see `texts_to_compare`.
    """

    def diversity(texts: Sequence[str]) -> dict[str, Any]:
        return _diversity(texts, near_copy, vector_by_text)

    written = {row.conversation_id: row for row in conversations if row.constraint is not None}
    rows = {row.scenario_id: row for row in scenarios}
    constraints = [row for row in conversations if row.constraint is not None]
    return {
        "judges": dict(sorted(Counter(j.judge for j in judgements).items())),
        "threshold": threshold,
        "rubrics": _scores(judgements, threshold),
        "by_trait": _grouped(
            judgements, lambda i: _trait_of(written[i]) if i in written else None, threshold
        ),
        "by_style": _grouped(
            judgements, lambda i: written[i].variant if i in written else None, threshold
        ),
        "by_domain": _grouped(
            judgements, lambda i: rows[i].domain if i in rows else None, threshold
        ),
        "by_source": _grouped(
            judgements, lambda i: rows[i].source if i in rows else None, threshold
        ),
        "lowest": _lowest(judgements, threshold, n_lowest),
        "agreement": agreement(judgements, second_opinions),
        "diversity": {
            "gram_words": GRAM_WORDS,
            "near_copy": near_copy,
            "constraints": diversity(_texts(constraints)),
            "constraints_by_trait": _by_group(constraints, _trait_of, _texts, diversity),
            "constraints_by_style": _by_group(
                constraints, lambda row: row.variant, _texts, diversity
            ),
            "queries": diversity([row.query for row in scenarios]),
            "queries_by_domain": _by_group(
                scenarios, lambda row: row.domain, lambda rs: [r.query for r in rs], diversity
            ),
        },
    }


def _scores(judgements: Iterable[Judgement], threshold: int) -> list[dict[str, Any]]:
    by_rubric: dict[str, list[int]] = defaultdict(list)
    for judgement in judgements:
        by_rubric[judgement.rubric].append(judgement.score)
    return [
        {
            "rubric": rubric,
            "n": len(scores),
            "mean": round(fmean(scores), _DIGITS),
            "share_below": round(sum(s < threshold for s in scores) / len(scores), _DIGITS),
        }
        for rubric, scores in sorted(by_rubric.items())
    ]


def _grouped(
    judgements: Iterable[Judgement], group_of: Callable[[str], str | None], threshold: int
) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        group = group_of(judgement.row_id)
        if group is not None:
            groups[group].append(judgement)
    return {group: _scores(of_group, threshold) for group, of_group in sorted(groups.items())}


def _lowest(
    judgements: Iterable[Judgement], threshold: int, n_lowest: int
) -> dict[str, list[dict[str, Any]]]:
    below: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        if judgement.score < threshold:
            below[judgement.rubric].append(judgement)
    return {
        rubric: [
            {"row_id": j.row_id, "score": j.score, "note": j.note}
            for j in sorted(of_rubric, key=lambda j: (j.score, j.row_id))[:n_lowest]
        ]
        for rubric, of_rubric in sorted(below.items())
    }


def _trait_of(row: Conversation) -> str:
    """Return the trait that a constraint is about, in force or not."""
    return row.constraint.trait if row.constraint else ""


def texts_to_compare(
    conversations: Sequence[Conversation], scenarios: Sequence[Scenario]
) -> list[str]:
    """Return the distinct constraints and queries whose vectors the report needs."""
    queries = [row.query for row in scenarios]
    return list(dict.fromkeys([*_texts(conversations), *queries]))


def _texts(rows: Sequence[Conversation]) -> list[str]:
    """Return the distinct constraint texts of each thread, in the rows' order."""
    pairs = [
        (row.dialog_id, full_text(row.constraint)) for row in rows if row.constraint is not None
    ]
    return [text for _, text in dict.fromkeys(pairs)]


def _diversity(
    texts: Sequence[str], near_copy: float, vector_by_text: Mapping[str, NDArray[np.float32]]
) -> dict[str, Any]:
    overlaps, equal = nearest_overlaps(texts, GRAM_WORDS), copies(texts)
    vectors = np.array([vector_by_text[text] for text in texts])
    return {
        "n": len(texts),
        **{f"distinct_{n}": round(distinct(texts, n), _DIGITS) for n in (1, 2, 3)},
        "self_bleu": round(self_bleu(texts), _DIGITS),
        "embedding_spread": round(spread(vectors), _DIGITS),
        "mean_nearest_overlap": round(fmean(overlaps), _DIGITS) if overlaps else 0.0,
        "near_copies": sum(overlap >= near_copy for overlap in overlaps),
        "exact_copies": sum(n > 0 for n in equal),
    }


def _by_group(
    rows: Sequence[Any],
    group_of: Callable[[Any], str],
    texts_of: Callable[[Sequence[Any]], list[str]],
    diversity: Callable[[Sequence[str]], dict[str, Any]],
) -> Mapping[str, dict[str, Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[group_of(row)].append(row)
    return {group: diversity(texts_of(of_group)) for group, of_group in sorted(groups.items())}
