"""What is known of one title: its item and what both oracles say of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from builder.errors import InputError
from builder.explanations.renderer import Renderer
from builder.oracle.files.oracle import Oracle
from builder.records import Item, Risk
from builder.tables import iter_table, read_where
from builder.taxonomy import Taxonomy
from builder.titles import TitleYear, parse_title, title_key
from pipelines.runtime.layout import Layout, read_layout

_MAX_SUGGESTIONS = 5
_MIN_LIKENESS = 0.6
"""Share of characters in common, from which a title is worth suggesting; difflib's own default."""


@dataclass(frozen=True, slots=True)
class TraitRisks:
    """What both oracles answer on one item and trait."""

    trait: str
    build: Risk
    grade: Risk


@dataclass(frozen=True, slots=True)
class Shown:
    """One item with both oracles' answers, traits in the taxonomy's order."""

    item: Item
    traits: tuple[TraitRisks, ...]


def read_renderer(folder: Path) -> Renderer:
    """Return what puts the reasons of a project's oracles into words."""
    return Renderer(Taxonomy.load(read_layout(folder)["taxonomy"]))


@dataclass(frozen=True, slots=True)
class NotOne:
    """The words fit no item, or more than one.

    Attributes:
        candidates: Items with this title, perhaps of another year.
        near: Titles spelled similarly, where there are no candidates.
    """

    candidates: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Oracles:
    """Both oracles, each opened for its own purpose."""

    build: Oracle
    grade: Oracle


def open_oracles(layout: Layout) -> Oracles:
    """Return both oracles of a project.

    Raises:
        InputError: If the catalogue or the oracles have not been made yet.
    """
    for name in ("items", "oracle_build", "oracle_grade"):
        if not layout[name].exists():
            raise InputError(layout[name], "does not exist yet", "run `make repro` first")
    return Oracles(
        Oracle.open(layout["oracle_build"], "build"), Oracle.open(layout["oracle_grade"], "grade")
    )


def look_up(folder: Path, words: str) -> Shown | NotOne:
    """Return what is known of "Saw (2004)", of a title without year, or of an item id.

    Raises:
        InputError: If the catalogue or the oracles have not been made yet.
    """
    layout = read_layout(folder)
    oracles = open_oracles(layout)
    item_id = find_item(oracles.build, layout["items"], words)
    if isinstance(item_id, NotOne):
        return item_id
    [item] = items_of(layout["items"], [item_id])
    return Shown(item, tuple(_trait_risks(item_id, oracles)))


def _trait_risks(item_id: str, oracles: Oracles) -> Iterable[TraitRisks]:
    for trait in oracles.build.traits:
        build, grade = oracles.build.risk(item_id, trait), oracles.grade.risk(item_id, trait)
        if build and grade:
            yield TraitRisks(trait, build, grade)


def find_item(oracle: Oracle, items: Path, words: str) -> str | NotOne:
    """Return the id of the one item that the words mean, or what they might have meant.

    Args:
        oracle: That knows the catalogue's titles.
        items: The catalogue.
        words: A title, best with its year, or an item id.
    """
    if words in oracle:
        return words
    asked = parse_title(words)
    if item_id := oracle.find(asked):
        return item_id
    if bearing := oracle.bearing(asked.title):
        return NotOne(tuple(sorted(map(name_of, items_of(items, bearing)))), ())
    return NotOne((), near_titles(iter_table(items, Item), asked.title))


def items_of(items: Path, item_ids: Iterable[str]) -> list[Item]:
    """Return items of the catalogue, in its order.

    Raises:
        InputError: If one is not there.
    """
    wanted = list(dict.fromkeys(item_ids))
    rows = read_where(items, Item, {"item_id": wanted})
    if missing := set(wanted) - {item.item_id for item in rows}:
        raise InputError(
            items, f"has no {min(missing)}, which other files refer to", "run `make repro`"
        )
    return rows


def near_titles(items: Iterable[Item], title: str) -> tuple[str, ...]:
    """Return titles spelled like the one asked for, the nearest first."""
    names_by_key: dict[str, list[str]] = {}
    for item in items:
        for title_of_it in (item.title, *item.aliases):
            names_by_key.setdefault(title_key(title_of_it), []).append(name_of(item))
    keys = difflib.get_close_matches(
        title_key(title), names_by_key, n=_MAX_SUGGESTIONS, cutoff=_MIN_LIKENESS
    )
    names = dict.fromkeys(name for key in keys for name in names_by_key[key])
    return tuple(names)[:_MAX_SUGGESTIONS]


def name_of(item: Item) -> str:
    """Return "Saw (2004)"."""
    return str(TitleYear(item.title, item.year))


def interval_of(risk: Risk) -> str:
    """Return how likely a violation is, from the interval's lower to its upper end: "3–28%"."""
    low, high = _percent(risk.low), _percent(risk.high)
    return f"{low}%" if low == high else f"{low}–{high}%"


def _percent(share: float) -> str:
    """Return whole percents; what is not quite sure does not read as if it were."""
    rounded = round(100 * share)
    if rounded in (0, 100) and share != rounded / 100:
        return ">99" if rounded else "<1"
    return str(rounded)
