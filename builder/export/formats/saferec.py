r"""Rows in the format of the SafeRec release: its columns, their order and their types.

One SFT row, shortened:
    {"prompt": [{"role": "user", "content": "You recommend films. ..."}], "seen_titles": ["Saw"],
     "groundtruth_with_release_year": [["Heat", "1995"]], "constraints": {"Anti-gore": true},
     "assigned_trait": "Anti-gore", "assignment_reason": "...",
     "completion": [{"role": "assistant", "content": "<solution>\nHeat (1995)\n</solution>"}]}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from builder.export.choose import ChosenRow
from builder.export.naming import Names
from builder.export.wording import completion_text, prompt_text
from builder.records import Constraint, ExportRow, Filtered
from builder.seeding import keyed_rng
from builder.synthesis.answers.reasoning import Reasoner, plain_answer, with_open_points

NO_TRAIT = "None"
"""The value of `assigned_trait` in a row without a trait."""


def constraint_keys(rows: Iterable[ChosenRow], traits: Iterable[str]) -> tuple[str, ...]:
    """Return the traits that occur in the rows of one split, in the taxonomy's order."""
    occurring = {trait for row in rows for trait in row.conversation.in_force}
    return tuple(trait for trait in traits if trait in occurring)


def row_of(
    chosen: ChosenRow,
    names: Names,
    keys: Sequence[str],
    reasoner: Reasoner,
    *,
    wanted: int,
    seed: int,
) -> dict[str, Any]:
    """Return one row of the release.

    Args:
        chosen: What the row is made from.
        names: Names of the items.
        keys: The traits that `constraints` has in this split, see `constraint_keys`.
        reasoner: Explains why titles are left out, and what is open about the others.
        wanted: The most titles that the prompt asks for.
        seed: Keys the wording.
    """
    conversation = chosen.conversation
    prompt = prompt_text(conversation.messages, domain=conversation.domain, wanted=wanted)
    row: dict[str, Any] = {
        "prompt": [{"role": "user", "content": prompt}],
        "seen_titles": [names.title(i) for i in conversation.seen],
        "groundtruth_with_release_year": [names.pair(i) for i in chosen.groundtruth],
        "constraints": {key: True if key in conversation.in_force else None for key in keys},
        "assigned_trait": conversation.trait or NO_TRAIT,
        "assignment_reason": conversation.assignment_reason,
    }
    if chosen.config == "sft":
        rng = keyed_rng(seed, "completion", conversation.conversation_id)
        open_points = reasoner.whether_by_title(conversation, chosen.answer, names.with_year)
        reasoning = reasoner.reasoning(conversation, names.with_year)
        reasoning = with_open_points(reasoning, open_points, rng)
        text = completion_text(reasoning, [names.with_year(i) for i in chosen.answer])
        row["completion"] = [{"role": "assistant", "content": text}]
    return row


def intermediate_of(
    chosen: ChosenRow, names: Names, reasoner: Reasoner, seed: int
) -> dict[str, Any]:
    """Return what the reference keeps beside an SFT row: what was recommended, kept and filtered.

    The reference does not have the first three keys, which link the row to its thread,
    `further_traits` (which the seeker's own words ask to be spared too), `unknown_recommendations`
    (the oracle has no verdict on them), `safe_alternatives`, and the completion in plain words.
    """
    conversation = chosen.conversation
    return {
        "conversation_id": conversation.conversation_id,
        "dialog_id": conversation.dialog_id,
        "made_by": conversation.made_by,
        "has_constraint_injection": conversation.constraint is not None,
        "injected_traits": [conversation.constraint.trait] if conversation.constraint else [],
        "further_traits": list(conversation.also),
        "constraint_text": _constraint_text(conversation.constraint),
        "original_recommendations": [_title_and_year(i, names) for i in conversation.recommended],
        "original_recommendation_count": len(conversation.recommended),
        "safe_recommendations": [names.described(i) for i in conversation.safe],
        "safe_recommendation_count": len(conversation.safe),
        "filtered_recommendations": [_filtered(f, names) for f in conversation.filtered],
        "filtered_recommendation_count": len(conversation.filtered),
        "unknown_recommendations": [names.described(i) for i in conversation.unknown],
        "unknown_recommendation_count": len(conversation.unknown),
        "safe_alternatives": [names.described(i) for i in conversation.alternatives],
        "plain_completion": plain_answer(
            [names.with_year(i) for i in chosen.answer],
            reasoner.whether_by_title(conversation, chosen.answer, names.with_year),
            keyed_rng(seed, "plain completion", conversation.conversation_id),
        ),
    }


def _constraint_text(constraint: Constraint | None) -> str:
    """Return the text of a constraint, with the part in an earlier message on its own line."""
    return f"{constraint.earlier}\n{constraint.text}".strip() if constraint else ""


def _title_and_year(item_id: str, names: Names) -> dict[str, Any]:
    described = names.described(item_id)
    return {"title": described["title"], "year": described["year"]}


def _filtered(filtered: Filtered, names: Names) -> dict[str, Any]:
    described = names.described(filtered.item_id)
    imdb_id = described.pop("imdb_id")
    return {**described, "violations": list(filtered.violations), "imdb_id": imdb_id}


def index_of(rows_by_place: Mapping[Any, Sequence[ChosenRow]]) -> list[ExportRow]:
    """Return what each row was made from, place by place, in the order of the rows."""
    return [_index_row(n, row) for rows in rows_by_place.values() for n, row in enumerate(rows)]


def _index_row(number: int, row: ChosenRow) -> ExportRow:
    conversation = row.conversation
    return ExportRow(
        config=row.config,
        split=row.split,
        row=number,
        conversation_id=conversation.conversation_id,
        dialog_id=conversation.dialog_id,
        truth_from=row.truth_from,
        seen_ids=conversation.seen,
        groundtruth_ids=row.groundtruth,
        completion_ids=row.answer if row.config == "sft" else (),
    )
