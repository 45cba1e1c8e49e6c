"""Evidence as arrays over all items: warnings answered yes or no, severities from and up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.errors import InputError
from builder.oracle.formula import MAX_SEVERITY
from builder.records import Evidence
from builder.taxonomy import CATEGORIES

Spoken = Mapping[tuple[int, str], Sequence[Evidence]]
"""The evidence that counts, by item's row and subject."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What an oracle's evidence says.

    `yes`, `no`: (n_items, n_warnings). Both are False where nothing answers; a yes outweighs any
    number of noes, since one source may know the scene that another overlooked.
    `low`, `high`: (n_items, 5), bounds of each severity in [0, 3]; `stated`: where a source gave
    one. Sources that differ leave a gap between the bounds.
    """

    yes: NDArray[np.bool_]
    no: NDArray[np.bool_]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    stated: NDArray[np.bool_]
    spoken: Spoken


def collect_answers(
    item_ids: Sequence[str],
    warning_ids: Sequence[str],
    evidence: Iterable[Evidence],
    text_trigger: Mapping[str, float],
) -> Answers:
    """Return what the evidence says of the items, in their order.

    A statement with votes goes by their majority and answers nothing in a tie. A similarity
    answers yes from `text_trigger` on, by kind of text, and never no: a plot that does not speak
    of a thing does not rule it out. An aside answers nothing.

    Args:
        item_ids: The rows.
        warning_ids: The columns of `yes` and `no`; evidence on others is not looked at.
        evidence: Of one oracle; evidence on other items is not looked at.
        text_trigger: Lowest cosine that is a yes, by kind of text.

    Raises:
        InputError: If a similarity is of a kind of text without a trigger.
    """
    spoken = _by_subject(item_ids, evidence, text_trigger)
    shape = (len(item_ids), len(warning_ids))
    yes, no = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    column_by_id = {warning: column for column, warning in enumerate(warning_ids)}
    for (row, subject), said in spoken.items():
        column = column_by_id.get(subject)
        if column is not None:
            yes[row, column], no[row, column] = answer(said) is True, answer(said) is False
    return Answers(yes, no, *_severities(len(item_ids), spoken), spoken)


def _by_subject(
    item_ids: Sequence[str], evidence: Iterable[Evidence], text_trigger: Mapping[str, float]
) -> Spoken:
    row_by_id = {item_id: row for row, item_id in enumerate(item_ids)}
    spoken: dict[tuple[int, str], list[Evidence]] = defaultdict(list)
    for e in evidence:
        row = row_by_id.get(e.item_id)
        if row is None or e.kind == "aside":
            continue
        if e.kind != "similarity" or e.value >= _trigger(e, text_trigger):
            spoken[row, e.subject].append(e)
    return spoken


def _trigger(evidence: Evidence, text_trigger: Mapping[str, float]) -> float:
    if evidence.place not in text_trigger:
        raise InputError(
            "params.yaml: fuse.text_trigger",
            f"has no {evidence.place!r}, the text of {evidence.item_id}",
            "give the lowest cosine that is a yes",
        )
    return text_trigger[evidence.place]


def answer(said: Iterable[Evidence]) -> bool | None:
    """Return what the evidence on one warning comes to: any yes, else any no, else None."""
    answers = {_answer(e) for e in said}
    return True if True in answers else False if False in answers else None


def _answer(evidence: Evidence) -> bool | None:
    if evidence.votes:
        yes, no = evidence.votes
        return None if yes == no else yes > no
    return evidence.kind == "similarity" or evidence.value == 1


def _severities(
    n_items: int, spoken: Spoken
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return bounds and where they were stated; a ceiling never overrules a statement."""
    low = np.zeros((n_items, len(CATEGORIES)))
    high = np.full((n_items, len(CATEGORIES)), float(MAX_SEVERITY))
    stated = np.zeros((n_items, len(CATEGORIES)), dtype=bool)
    column_by_id: dict[str, int] = {name: column for column, name in enumerate(CATEGORIES)}
    for (row, subject), said in spoken.items():
        column = column_by_id.get(subject)
        if column is None:
            continue
        values = [e.value for e in said if e.kind == "severity"]
        ceilings = [e.value for e in said if e.kind == "ceiling"]
        low[row, column] = min(values, default=0.0)
        upper = min([*ceilings, max(values, default=float(MAX_SEVERITY))])
        high[row, column] = max(low[row, column], upper)
        stated[row, column] = bool(values)
    return low, high, stated
