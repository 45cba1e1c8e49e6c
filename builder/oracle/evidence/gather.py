"""Evidence as arrays over all items, and the records behind each number, for explanations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.errors import InputError
from builder.oracle.evidence.answers import Answers, Bools, Floats
from builder.records import Evidence, TextLikelihood
from builder.taxonomy import CATEGORIES, MAX_SEVERITY

LEVELS = MAX_SEVERITY + 1
"""None, mild, moderate, severe."""

Spoken = Mapping[tuple[int, str], Sequence[Evidence]]
"""The evidence that counts, by item's row and subject."""

Texts = Mapping[tuple[int, str], Sequence[TextLikelihood]]
"""What texts say as a whole, by item's row and trait."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What an oracle's evidence says of n items, w warnings, 5 categories and t traits.

    `answers`: to warnings. `severity_votes`, `severity_said`: (n, 5, 4), votes on severities, and
    statements without any. `ceilings`: (n, 5), the highest severity left possible, 3 where nothing
    bounds it. `log_ratios`: (n, t), what texts say; `has_text`;
    `silence`: what those say whose silence counts.
    """

    answers: Answers
    severity_votes: Floats
    severity_said: Floats
    ceilings: NDArray[np.int64]
    log_ratios: Floats
    silence: Floats
    has_text: Bools
    spoken: Spoken
    texts: Texts

    @property
    def is_spoken_of(self) -> Bools:
        """Return (n,), where there is any evidence on an item."""
        parts = (
            np.bincount(self.answers.rows, minlength=len(self.ceilings)) > 0,
            self.severity_votes.any(axis=(1, 2)),
            self.severity_said.any(axis=(1, 2)),
            (self.ceilings < MAX_SEVERITY).any(axis=1),
            self.has_text.any(axis=1),
        )
        return np.asarray(np.stack(parts).any(axis=0), dtype=np.bool_)

    @property
    def n_spoken_of(self) -> int:
        """Return the number of items on which there is any evidence."""
        return int(self.is_spoken_of.sum())


def gather(
    item_ids: Sequence[str],
    warning_ids: Sequence[str],
    trait_names: Sequence[str],
    evidence: Iterable[Evidence],
    likelihoods: Iterable[TextLikelihood],
    text_trigger: Mapping[str, float],
    no_scenes: Collection[str],
) -> Gathered:
    """Return what the evidence says of the items, in their order.

    Args:
        item_ids: The rows; evidence on other items is not looked at.
        warning_ids: The columns of answers; evidence on other warnings is not looked at.
        trait_names: The columns of `log_ratios`.
        evidence: Of one oracle. An aside says nothing, a likeness below its trigger neither.
        likelihoods: Of one oracle.
        text_trigger: Lowest cosine that counts, by kind of text.
        no_scenes: Kinds of text that tell of no scene, so that their silence does not count.

    Raises:
        InputError: If a similarity is of a kind of text without a trigger.
    """
    row_by_id = {item_id: row for row, item_id in enumerate(item_ids)}
    spoken = _spoken(row_by_id, evidence, text_trigger)
    texts: dict[tuple[int, str], list[TextLikelihood]] = defaultdict(list)
    for told in likelihoods:
        if told.item_id in row_by_id:
            texts[row_by_id[told.item_id], told.trait].append(told)
    n, t = len(item_ids), len(trait_names)
    found = Gathered(
        answers=_answers(spoken, {w: column for column, w in enumerate(warning_ids)}, n),
        severity_votes=np.zeros((n, len(CATEGORIES), LEVELS)),
        severity_said=np.zeros((n, len(CATEGORIES), LEVELS)),
        ceilings=np.full((n, len(CATEGORIES)), MAX_SEVERITY, dtype=np.int64),
        log_ratios=np.zeros((n, t)),
        silence=np.zeros((n, t)),
        has_text=np.zeros((n, t), dtype=bool),
        spoken=spoken,
        texts=texts,
    )
    _fill_severities(found)
    column_by_trait = {name: column for column, name in enumerate(trait_names)}
    for (row, trait), rows in texts.items():
        if trait in column_by_trait:
            place = row, column_by_trait[trait]
            found.log_ratios[place] = sum(told.log_ratio for told in rows)
            found.silence[place] = sum(t.log_ratio for t in rows if t.kind not in no_scenes)
            found.has_text[place] = True
    return found


def _spoken(
    row_by_id: Mapping[str, int], evidence: Iterable[Evidence], text_trigger: Mapping[str, float]
) -> Spoken:
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
            "calibration.yaml: fuse.text_trigger",
            f"has no {evidence.place!r}, the text of {evidence.item_id}",
            "add the lowest cosine that counts as a yes",
        )
    return text_trigger[evidence.place]


def _answers(spoken: Spoken, column_by_id: Mapping[str, int], n_items: int) -> Answers:
    pairs = sorted(
        (row, column_by_id[subject], said)
        for (row, subject), said in spoken.items()
        if subject in column_by_id
    )
    stated = [[e for e in said if e.kind != "similarity"] for *_, said in pairs]
    votes = [[e.votes for e in own if e.votes] for own in stated]
    answers = Answers(
        shape=(n_items, len(column_by_id)),
        rows=np.array([row for row, *_ in pairs], dtype=np.int64),
        columns=np.array([column for _, column, _ in pairs], dtype=np.int64),
        votes=np.array(
            [[sum(v[i] for v in own) for i in (0, 1)] for own in votes], dtype=float
        ).reshape(-1, 2),
        said=np.array(
            [
                [any(not e.votes and (e.value == 1) is yes for e in own) for yes in (True, False)]
                for own in stated
            ],
            dtype=bool,
        ).reshape(-1, 2),
        alike=np.array(
            [len(own) < len(said) for own, (*_, said) in zip(stated, pairs, strict=True)],
            dtype=bool,
        ),
    )
    return answers.of(answers.stated | answers.alike)


def _fill_severities(found: Gathered) -> None:
    column_by_id: dict[str, int] = {name: column for column, name in enumerate(CATEGORIES)}
    for (row, subject), rows in found.spoken.items():
        column = column_by_id.get(subject, -1)
        for e in rows if column >= 0 else ():
            if e.kind == "ceiling":
                lowest = min(int(found.ceilings[row, column]), int(e.value))
                found.ceilings[row, column] = lowest
            elif sum(e.votes):
                found.severity_votes[row, column] += e.votes
            else:
                found.severity_said[row, column, int(e.value)] += 1


def answer(said: Iterable[Evidence]) -> bool | None:
    """Return what the evidence on one warning comes to: any yes, else any no, else None.

    A statement with votes goes by their majority and answers nothing in a tie; a likeness is a yes.
    """
    answers = {_answer(e) for e in said}
    return True if True in answers else False if False in answers else None


def _answer(evidence: Evidence) -> bool | None:
    if evidence.votes:
        yes, no = evidence.votes
        return None if yes == no else yes > no
    return evidence.kind == "similarity" or evidence.value == 1
