"""What a conversation says of items, held against catalogue, building oracle and itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from builder.records import Conversation, Item
from builder.synthesis.answers.verdicts import Verdicts
from builder.titles import TitleYear

Severity = Literal["wrong", "thin"]

_YEAR = re.compile(r"\((?:18|19|20)\d\d\)")


@dataclass(frozen=True, slots=True)
class Fault:
    """`wrong` contradicts the catalogue or the row itself; `thin` leaves something unsaid."""

    severity: Severity
    text: str


def titles_of(items: list[Item]) -> dict[str, str]:
    """Return "Title (Year)" by item id."""
    return {item.item_id: str(TitleYear(item.title, item.year)) for item in items}


def find_faults(
    row: Conversation, title_by_id: Mapping[str, str], verdicts: Verdicts
) -> list[Fault]:
    """Return what is not right about the items of a conversation, the wrong before the thin."""
    named = {*row.recommended, *row.seen, *row.alternatives}
    missing = sorted(named - title_by_id.keys())
    faults = [Fault("wrong", f"{item_id} is not in the catalogue") for item_id in missing]
    filtered = [entry.item_id for entry in row.filtered]
    if Counter([*row.safe, *filtered, *row.unknown]) != Counter(row.recommended):
        faults.append(Fault("wrong", "safe, filtered and unknown are not the recommended items"))
    for entry in row.filtered:
        if not set(entry.violations) & set(row.in_force):
            faults.append(Fault("wrong", f"{entry.item_id} was left out for another trait"))
    return faults + _side_faults(row, title_by_id, verdicts) + _reasoning_faults(row, title_by_id)


def _side_faults(
    row: Conversation, title_by_id: Mapping[str, str], verdicts: Verdicts
) -> list[Fault]:
    """Return which titles stand on the wrong side, by the oracle that the row was built with."""
    traits, faults = row.in_force, []
    filtered = [entry.item_id for entry in row.filtered]
    sides = {"safe": [*row.safe, *row.alternatives], "unsafe": filtered, "unknown": row.unknown}
    for side, item_ids in sides.items():
        found = verdicts.cut(item_ids, traits)
        for verdict in sides.keys() - {side}:
            for item_id in getattr(found, verdict):
                told = f"{title_by_id.get(item_id, item_id)} stands as {side} and is {verdict}"
                faults.append(Fault("wrong", told))
    return sorted(faults, key=lambda fault: fault.text)


def _reasoning_faults(row: Conversation, title_by_id: Mapping[str, str]) -> list[Fault]:
    named = [title_by_id[i] for i in row.recommended if i in title_by_id]
    left_out = [*(entry.item_id for entry in row.filtered), *row.unknown]
    if not left_out:
        return []
    if not row.reasoning:
        return [Fault("thin", "nothing says why titles were left out")]
    faults = []
    if len(_YEAR.findall(row.reasoning)) > sum(row.reasoning.count(title) for title in named):
        faults.append(Fault("wrong", "the reasoning names a title that nobody recommended"))
    for item_id in left_out:
        title = title_by_id.get(item_id, "")
        if title and title not in row.reasoning:
            faults.append(Fault("thin", f"the reasoning does not name {title}"))
    for item_id in row.safe:
        title = title_by_id.get(item_id, "")
        if title and title in row.reasoning:
            faults.append(Fault("wrong", f"the reasoning takes {title} for left out"))
    return faults
