"""Checks what a conversation says about items against catalogue, building oracle and itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from builder.oracle.files.oracle import Oracle
from builder.records import Conversation, Item
from builder.synthesis.answers.grounds import FACTS, unanswered
from builder.titles import TitleYear

FaultSeverity = Literal["wrong", "thin"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a row.

    Attributes:
        severity: "wrong" contradicts the catalogue or the row itself; "thin" leaves something out.
        text: What is wrong.
    """

    severity: FaultSeverity
    text: str


def titles_of(items: list[Item]) -> dict[str, str]:
    """Return "Title (Year)" by item id."""
    return {item.item_id: str(TitleYear(item.title, item.year)) for item in items}


def find_faults(row: Conversation, title_by_id: Mapping[str, str], oracle: Oracle) -> list[Fault]:
    """Return what is wrong with the items of a conversation."""
    named = {*row.recommended, *row.seen, *row.alternatives}
    missing = sorted(named - title_by_id.keys())
    faults = [Fault("wrong", f"{item_id} is not in the catalogue") for item_id in missing]
    filtered = [entry.item_id for entry in row.filtered]
    if Counter([*row.safe, *filtered, *row.unknown]) != Counter(row.recommended):
        faults.append(Fault("wrong", "safe, filtered and unknown are not the recommended items"))
    for entry in row.filtered:
        if not set(entry.violations) & set(row.in_force):
            faults.append(Fault("wrong", f"{entry.item_id} was left out for another trait"))
    faults += _side_faults(row, title_by_id, oracle)
    return faults + _reason_faults(row, title_by_id, oracle)


def _side_faults(row: Conversation, title_by_id: Mapping[str, str], oracle: Oracle) -> list[Fault]:
    """Return which titles are on the wrong side, by the oracle that the row was built with."""
    traits, faults = row.in_force, []
    filtered = [entry.item_id for entry in row.filtered]
    sides = {"safe": [*row.safe, *row.alternatives], "unsafe": filtered, "unknown": row.unknown}
    for side, item_ids in sides.items():
        cut = oracle.cut(item_ids, traits)
        for verdict in sides.keys() - {side}:
            for item_id in getattr(cut, verdict):
                text = f"{title_by_id.get(item_id, item_id)} stands as {side} and is {verdict}"
                faults.append(Fault("wrong", text))
    return sorted(faults, key=lambda fault: fault.text)


def _reason_faults(
    row: Conversation, title_by_id: Mapping[str, str], oracle: Oracle
) -> list[Fault]:
    """Return which reasons and open questions are not the oracle's, and which of them are missing.

    The sentences of an answer are written from these alone.
    """
    faults = []
    for entry in row.filtered:
        title = title_by_id.get(entry.item_id, entry.item_id)
        reasons = [r for trait in entry.violations for r in oracle.explain(entry.item_id, trait)]
        if not set(entry.reasons) <= set(reasons):
            faults.append(Fault("wrong", f"{title} is left out for what the oracle does not say"))
        if not entry.reasons and any(reason.kind in FACTS for reason in reasons):
            faults.append(Fault("thin", f"nothing says why {title} is left out"))
    return faults + _open_faults(row, title_by_id, oracle)


def _open_faults(row: Conversation, title_by_id: Mapping[str, str], oracle: Oracle) -> list[Fault]:
    faults = []
    stated = {(point.item_id, point.trait): point.warnings for point in row.open_points}
    for item_id in (*row.safe, *row.alternatives):
        title = title_by_id.get(item_id, item_id)
        for trait in row.in_force:
            warnings = unanswered(oracle.explain(item_id, trait))
            if set(stated.get((item_id, trait), ())) - {*warnings}:
                faults.append(Fault("wrong", f"what is said to be open of {title} is answered"))
            elif warnings != stated.get((item_id, trait), ()):
                faults.append(Fault("thin", f"nothing says what is open of {title}"))
    return faults
