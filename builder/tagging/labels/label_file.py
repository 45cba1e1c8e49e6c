"""A user's own labels for evaluating text evidence, one (item, trait) per row.

    imdb_id,title,year,trait,label,text
    tt0117951,,,Substance recovery / avoid drugs & alcohol,1,
    ,Paddington,2014,gore,0,A bear from Peru looks for a home in London.

Columns: imdb_id (with or without tt), or title and year; trait, by name, id or short name in
data/taxonomy, upper or lower case; label, 0 or 1; optionally text, which replaces the catalogue's
text of its kind: a reason if it starts with "Rated", else an overview. An item that is not in the
catalogue needs a text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.errors import InputError
from builder.records import Item, TextKind
from builder.sources import Reject, read_year
from builder.taxonomy import Taxonomy
from builder.text_files.csv_rows import read_columns, read_csv
from builder.titles import Named, TitleIndex, parse_title, title_key

_LABELS = {"0": False, "1": True}
_IMDB = re.compile(r"(?:imdb:)?(?:tt)?(\d{1,9})", re.IGNORECASE)
_REASON = re.compile(r"rated\b", re.IGNORECASE)
_PROSE: TextKind = "overview"


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One label.

    Attributes:
        place: File and row.
        item_id: The catalogue's, or made of the row's id or title if it is not in the catalogue.
        trait: The trait's name.
        is_unsafe: The label.
        text: "" if the row has none.
    """

    place: str
    item_id: str
    trait: str
    is_unsafe: bool
    text: str

    @property
    def text_kind(self) -> TextKind:
        """The kind as which its text is read."""
        return "reason" if _REASON.match(self.text) else _PROSE


def read_label_file(
    path: Path, items: Iterable[Item], taxonomy: Taxonomy, reject: Reject
) -> Iterator[LabelRow]:
    """Yield the labels of a file; each row that cannot be used is rejected.

    Raises:
        InputError: If the file is missing, is not CSV in UTF-8, or lacks a column.
    """
    named = [name.strip() for name in read_columns(path, fix="name the CSV file of your labels")]
    if "imdb_id" not in named and not {"title", "year"} <= set(named):
        problem = "has no column 'imdb_id', nor 'title' and 'year'"
        raise InputError(path, problem, "its first line must name the columns, separated by commas")
    catalog = list(items)
    item_ids = {item.item_id for item in catalog}
    titles = TitleIndex(Named(i.item_id, (i.title, *i.aliases), i.year) for i in catalog)
    name_by_word = {
        word.casefold(): name
        for name, trait in taxonomy.traits.items()
        for word in (trait.short, trait.id, name)
    }
    seen: set[tuple[str, str]] = set()
    for place, row in read_csv(path, ("trait", "label"), reject):
        cells = {name.strip(): cell.strip() for name, cell in row.items()}
        label = _row(place, cells, titles, name_by_word, reject)
        if label is None:
            continue
        if (label.item_id, label.trait) in seen:
            reject(place, "duplicate label", f"{label.item_id} for {label.trait}")
        elif label.item_id not in item_ids and not label.text:
            reject(place, "not in the catalogue and no text", _named(cells))
        else:
            seen.add((label.item_id, label.trait))
            yield label


def _row(
    place: str,
    cells: Mapping[str, str],
    titles: TitleIndex,
    name_by_word: Mapping[str, str],
    reject: Reject,
) -> LabelRow | None:
    trait, label = name_by_word.get(cells["trait"].casefold()), _LABELS.get(cells["label"])
    if trait is None:
        reject(place, "unknown trait", _nearest(cells["trait"], name_by_word))
    elif label is None:
        reject(place, "label is not 0 or 1", repr(cells["label"]))
    elif (item_id := _item_id(place, cells, titles, reject)) is not None:
        return LabelRow(place, item_id, trait, label, cells.get("text", ""))
    return None


def _item_id(
    place: str, cells: Mapping[str, str], titles: TitleIndex, reject: Reject
) -> str | None:
    if imdb := cells.get("imdb_id", ""):
        match = _IMDB.fullmatch(imdb)
        if match is None:
            reject(place, "bad id", repr(imdb))
            return None
        return f"imdb:tt{int(match[1]):07}"
    title, year = cells.get("title", ""), cells.get("year", "")
    if not title:
        reject(place, "neither id nor title", "give imdb_id, or title and year")
        return None
    asked = parse_title(title)
    number = read_year(year) if year else asked.year
    if number is None:
        reject(place, "bad year", repr(year))
        return None
    resolution = titles.resolve(asked.title, number)
    if resolution.item_id is None and resolution.candidates:
        reject(place, "ambiguous title", f"{_named(cells)}: {', '.join(resolution.candidates)}")
        return None
    return resolution.item_id or f"title:{title_key(asked.title).replace(' ', '-')}-{number}"


def _nearest(word: str, name_by_word: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(word.casefold(), name_by_word, n=1, cutoff=0.4)
    meant = f"; did you mean {name_by_word[near[0]]!r}?" if near else ""
    return f"{word!r}{meant}"


def _named(cells: Mapping[str, str]) -> str:
    return cells.get("imdb_id") or f"{cells.get('title')} ({cells.get('year')})"
