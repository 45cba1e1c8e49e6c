"""What is known of one title: its item and what both oracles say of it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.errors import InputError
from builder.explanations.renderer import Renderer
from builder.oracle.files.explain import TraitExplanation, explain_item
from builder.records import Item, Risk
from builder.tables import iter_table
from builder.taxonomy import Taxonomy
from builder.titles import Named, TitleIndex, TitleYear, parse_title, title_key
from pipelines.runtime.layout import read_layout

_MAX_SUGGESTIONS = 5
_MIN_LIKENESS = 0.6
"""Share of characters in common, from which a title is worth suggesting; difflib's own default."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One item with both oracles' answers, trait by trait."""

    item: Item
    traits: tuple[TraitExplanation, ...]


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


def look_up(folder: Path, words: str) -> Shown | NotOne:
    """Return what is known of "Saw (2004)", of a title without year, or of an item id.

    Raises:
        InputError: If the catalogue or the oracles have not been made yet.
    """
    layout = read_layout(folder)
    for name in ("items", "oracle_build", "oracle_grade"):
        if not layout[name].exists():
            raise InputError(layout[name], "not made yet", "run `make repro` first")
    items = {item.item_id: item for item in iter_table(layout["items"], Item)}
    found = find_item(items, words)
    if isinstance(found, NotOne):
        return found
    told = explain_item(found, layout["oracle_build"], layout["oracle_grade"])
    return Shown(items[found], tuple(told))


def find_item(items: Mapping[str, Item], words: str) -> str | NotOne:
    """Return the id of the one item that the words mean, or what they might have meant."""
    if words in items:
        return words
    index = TitleIndex(Named(i.item_id, (i.title, *i.aliases), i.year) for i in items.values())
    asked = parse_title(words)
    resolution = index.resolve(asked.title, asked.year)
    if resolution.item_id is not None:
        return resolution.item_id
    if resolution.candidates:
        named = (items[item_id] for item_id in resolution.candidates)
        return NotOne(tuple(sorted(name_of(item) for item in named)), ())
    return NotOne((), near_titles(items, asked.title))


def near_titles(items: Mapping[str, Item], title: str) -> tuple[str, ...]:
    """Return titles spelled like the one asked for, the nearest first."""
    names_by_key: dict[str, list[str]] = {}
    for item in items.values():
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
