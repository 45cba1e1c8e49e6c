"""`saferec household`: whether a title suits several people at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from builder.errors import InputError
from builder.records import Verdict
from builder.taxonomy import Taxonomy
from builder.taxonomy.households import load_households
from pipelines.cli.commands.show import NotOne, find_item, items_of, name_of, open_oracles
from pipelines.runtime.layout import read_layout


@dataclass(frozen=True, slots=True)
class HouseholdVerdict:
    """One household's verdicts by both oracles; `unsafe_for` are (person, trait) of the first."""

    household: str
    title: str
    build: Verdict
    grade: Verdict
    unsafe_for: tuple[tuple[str, str], ...]


def household_verdicts(folder: Path, file: Path, words: str) -> list[HouseholdVerdict] | NotOne:
    """Return the verdicts on a title for each household of a YAML file, see `households`.

    Raises:
        InputError: For a wrong household, with its line, or where the oracles were not made yet.
    """
    if not file.is_file():
        raise InputError(file, "no such file", "write one as docs/catalogs.md shows")
    layout = read_layout(folder)
    households = load_households(file, Taxonomy.load(layout["taxonomy"]))
    oracles = open_oracles(layout)
    item_id = find_item(oracles.build, layout["items"], words)
    if isinstance(item_id, NotOne):
        return item_id
    [item] = items_of(layout["items"], [item_id])
    verdicts = []
    for household in households.values():
        build = {trait: oracles.build.verdict(item_id, trait) for trait in household.traits}
        grade = {trait: oracles.grade.verdict(item_id, trait) for trait in household.traits}
        verdicts.append(
            HouseholdVerdict(
                household=household.id,
                title=name_of(item),
                build=household.verdict(build),
                grade=household.verdict(grade),
                unsafe_for=household.spared(build),
            )
        )
    return verdicts
