"""`saferec household`: whether a title suits several people at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from builder.errors import InputError
from builder.records import Verdict
from builder.taxonomy import Taxonomy
from builder.taxonomy.households import load_households
from pipelines.cli.commands.show import NotOne, look_up, name_of
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
    households = load_households(file, Taxonomy.load(read_layout(folder)["taxonomy"]))
    shown = look_up(folder, words)
    if isinstance(shown, NotOne):
        return shown
    build: dict[str, Verdict] = {told.trait: told.build.verdict for told in shown.traits}
    grade: dict[str, Verdict] = {told.trait: told.grade.verdict for told in shown.traits}
    return [
        HouseholdVerdict(
            household=household.id,
            title=name_of(shown.item),
            build=household.verdict(build),
            grade=household.verdict(grade),
            unsafe_for=household.spared(build),
        )
        for household in households.values()
    ]
