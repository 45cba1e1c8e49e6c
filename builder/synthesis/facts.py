"""What a conversation says of items, held against the catalogue and against itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from builder.records import Conversation, Item
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


def find_faults(row: Conversation, title_by_id: Mapping[str, str]) -> list[Fault]:
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
    return faults + _reasoning_faults(row, title_by_id)


def _reasoning_faults(row: Conversation, title_by_id: Mapping[str, str]) -> list[Fault]:
    named = [title_by_id[i] for i in row.recommended if i in title_by_id]
    if not row.filtered:
        return []
    if not row.reasoning:
        return [Fault("thin", "nothing says why titles were left out")]
    faults = []
    if len(_YEAR.findall(row.reasoning)) > sum(row.reasoning.count(title) for title in named):
        faults.append(Fault("wrong", "the reasoning names a title that nobody recommended"))
    for entry in row.filtered:
        title = title_by_id.get(entry.item_id, "")
        if title and title not in row.reasoning:
            faults.append(Fault("thin", f"the reasoning does not name {title}"))
    return faults
