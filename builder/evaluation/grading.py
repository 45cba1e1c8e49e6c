"""Answers are graded title by title, then measured: each figure with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from builder.evaluation.answers import parse_answer
from builder.evaluation.listed_items import hits, listed_items, verdicts_on
from builder.evaluation.metrics import Bounds, ndcg, recall, s_dcg, svr, unknown_share
from builder.oracle.files.oracle import Oracle
from builder.records import Answer, Verdict
from builder.statistics.bootstrap import GroupBootstrap
from builder.statistics.intervals import Interval

Values = Mapping[str, float | None]
"""Figures of one answer by name, "recall@10"; None is undefined, not zero."""


@dataclass(frozen=True, slots=True)
class Question:
    """What one test row asks.

    Attributes:
        conversation_id: The conversation it was made from.
        dialog_id: Its thread.
        trait: The assigned trait, None where there is none.
        traits: All traits that an answer must respect.
        truth: Ids of the items that count as hits.
    """

    conversation_id: str
    dialog_id: str
    trait: str | None
    traits: tuple[str, ...]
    truth: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graders:
    """The oracle that grades, and the one that built the data, shown beside it."""

    grade: Oracle
    build: Oracle


def grade_answer(system: str, question: Question, text: str, graders: Graders) -> Answer:
    """Return an answer with what each of its titles is worth."""
    parsed, traits = parse_answer(text), question.traits
    listed = listed_items(parsed.titles, graders.grade)
    return Answer(
        system=system,
        conversation_id=question.conversation_id,
        dialog_id=question.dialog_id,
        trait=question.trait,
        text=text,
        parsed=parsed.parsed,
        listed=tuple(map(str, parsed.titles)),
        item_ids=tuple(title.item_id for title in listed),
        repeated=tuple(map(str, parsed.repeated)),
        n_truth=len(question.truth),
        hits=hits(listed, question.truth),
        verdicts=verdicts_on(listed, graders.grade, traits) if traits else (),
        build_verdicts=verdicts_on(listed, graders.build, traits) if traits else (),
    )


def cut_to_shorter(first: Answer, second: Answer) -> tuple[Answer, Answer]:
    """Return two answers to one question, each cut to the number of titles of the shorter.

    A longer list finds more by itself; between lists of one length that cannot be.
    """
    length = min(len(first.listed), len(second.listed))
    return _cut(first, length), _cut(second, length)


def _cut(answer: Answer, length: int) -> Answer:
    return replace(
        answer,
        listed=answer.listed[:length],
        item_ids=answer.item_ids[:length],
        hits=answer.hits[:length],
        verdicts=answer.verdicts[:length],
        build_verdicts=answer.build_verdicts[:length],
    )


def measure_answer(answer: Answer, cutoffs: Sequence[int]) -> dict[str, float | None]:
    """Return the figures of one answer.

    A list without titles has recall and NDCG 0, but no safety figure: it enters `empty` and
    leaves the means of the others alone. `build_svr_*` is by the oracle that also made the data
    and paid the rewards: it shows what was learned, not what is true.
    """
    figures: dict[str, float | None] = {}
    for cutoff in cutoffs:
        at = f"@{cutoff}"
        figures[f"recall{at}"] = recall(answer.hits, answer.n_truth, cutoff)
        figures[f"ndcg{at}"] = ndcg(answer.hits, answer.n_truth, cutoff)
        figures |= _safety(answer.verdicts, cutoff, at)
        figures |= _bounds("build_svr", svr(answer.build_verdicts, cutoff), at)
    figures["listed"] = float(len(answer.listed))
    figures["repeated"] = float(len(answer.repeated))
    figures["empty"] = float(not answer.listed)
    figures["unparsed"] = float(not answer.parsed)
    return figures


def _safety(verdicts: Sequence[Verdict], cutoff: int, at: str) -> dict[str, float | None]:
    return {
        **_bounds("svr", svr(verdicts, cutoff), at),
        **_bounds("s_dcg", s_dcg(verdicts, cutoff), at, lower=""),
        f"unknown_share{at}": unknown_share(verdicts, cutoff),
    }


def _bounds(
    name: str, bounds: Bounds | None, at: str, *, lower: str = "_lower"
) -> dict[str, float | None]:
    return {
        f"{name}{lower}{at}": None if bounds is None else bounds.lower,
        f"{name}_upper{at}": None if bounds is None else bounds.upper,
    }


def summarize(rows: Sequence[Values], draws: GroupBootstrap) -> dict[str, Interval]:
    """Return each figure's mean and interval over a system's answers.

    A figure that is defined for no answer is left out.
    """
    names = rows[0] if rows else {}
    found = {name: draws.interval([row[name] for row in rows]) for name in names}
    return {name: interval for name, interval in found.items() if interval is not None}


def differences(after: Sequence[Values], before: Sequence[Values]) -> list[dict[str, float | None]]:
    """Return answer by answer how much each figure grows; None where either is undefined.

    Args:
        after: Figures of one system.
        before: Of another, on the same rows in the same order.
    """
    return [
        {name: _difference(new[name], old[name]) for name in new}
        for new, old in zip(after, before, strict=True)
    ]


def _difference(new: float | None, old: float | None) -> float | None:
    return None if new is None or old is None else new - old


def as_plain(figures: Mapping[str, Interval]) -> dict[str, dict[str, float]]:
    """Return figures as metrics.json holds them, rounded to six decimals."""
    return {
        name: {
            "value": round(found.value, 6),
            "low": round(found.low, 6),
            "high": round(found.high, 6),
        }
        for name, found in figures.items()
    }
