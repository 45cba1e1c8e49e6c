"""The one oracle that everything asks: by item, or by a title as somebody writes it.

    oracle = Oracle.open(Path("data/interim/oracle_build.arrow"), "build")
    oracle.verdict("imdb:tt0387564", "Anti-gore / squeamish")    # "unsafe"
    oracle.find(parse_title("Saw (2004)"))                       # "imdb:tt0387564"

It is compiled once, by stage fuse, and mapped into memory: training processes share its pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from builder.oracle.files.compiled import VERDICTS, Compiled, compile_oracle, read_oracle
from builder.oracle.files.label import OracleLabel, Role, require_role
from builder.oracle.files.title_rows import Strings, TitleRows, numbered
from builder.records import Item, Reason, Risk, Verdict
from builder.rows import from_row
from builder.taxonomy.joint import joint_verdict
from builder.titles import TitleYear

_UNKNOWN, _SAFE = VERDICTS.index("unknown"), VERDICTS.index("safe")


@dataclass(frozen=True, slots=True)
class Cut:
    """Items by verdict, each in the order given."""

    safe: tuple[str, ...]
    unsafe: tuple[str, ...]
    unknown: tuple[str, ...]


class Oracle:
    """What one oracle says of every item and trait; what it does not know is unknown, never safe.

    Whoever has several traits at once is asked about all of them: an item is safe for them only
    if it is safe for each.

    Attributes:
        label: What it may be used for, and what fed and taught it.
        traits: The names of its traits, in the taxonomy's order.
    """

    def __init__(self, label: OracleLabel, compiled: Compiled) -> None:
        """Answer from a compiled oracle; see `open` for the guarded way in."""
        self.label, self._compiled = label, compiled
        self.traits: tuple[str, ...] = tuple(compiled.traits.to_pylist())
        self._column_by_trait = {trait: column for column, trait in enumerate(self.traits)}
        # an index of -1 must have something to point at, also where there is no item
        self._codes = compiled.verdicts if len(compiled.verdicts) else np.zeros(1, np.int8)
        self._title_rows = TitleRows(compiled)
        self._safe_by_trait: dict[str, frozenset[str]] = {}

    @classmethod
    def open(cls, path: Path, role: Role) -> Oracle:
        """Return the oracle of a file, mapped into memory.

        Args:
            path: As `write_oracle` wrote it.
            role: What it is wanted for.

        Raises:
            InputError: If the file is missing, damaged, or of the other role: a model that is
                rewarded and graded by the same list learns the list.
        """
        label, compiled = read_oracle(path)
        require_role(label.role, role, path, label.fed_by)
        return cls(label, compiled)

    @classmethod
    def of(cls, risks: Iterable[Risk], items: Iterable[Item], role: Role = "build") -> Oracle:
        """Return the oracle of these risks, in memory.

        Raises:
            InputError: If a risk is of the other role.
        """
        label = OracleLabel(role, {}, {})
        return cls(label, compile_oracle(label, risks, items))

    def __contains__(self, item_id: object) -> bool:
        """Return whether an item is in the catalogue."""
        return item_id in self._row_by_id

    def verdict(self, item_id: str, *traits: str) -> Verdict:
        """Return the verdict on an item for somebody with all of these traits, safe without any."""
        return joint_verdict(VERDICTS[self._code(item_id, trait)] for trait in traits)

    def risk(self, item_id: str, trait: str) -> Risk | None:
        """Return the whole answer on an item and a trait, None where there is none."""
        place = self._place(item_id, trait)
        number = -1 if place is None else int(self._compiled.answer_of[place])
        if number < 0:
            return None
        answer = self._compiled.answers[number].as_py()
        place_of_it = {"item_id": item_id, "trait": trait, "oracle": self.label.role}
        return from_row(Risk, place_of_it | answer)

    def explain(self, item_id: str, trait: str) -> tuple[Reason, ...]:
        """Return the reasons for a verdict, the strongest first; none where there is no answer."""
        risk = self.risk(item_id, trait)
        return risk.reasons if risk else ()

    def risks(self) -> Iterator[Risk]:
        """Yield all answers, item by item."""
        for item_id in self.item_ids:
            for trait in self.traits:
                if risk := self.risk(item_id, trait):
                    yield risk

    def having(self, item_id: str, verdict: Verdict, traits: Sequence[str]) -> tuple[str, ...]:
        """Return those of the traits on which an item has that verdict."""
        return tuple(trait for trait in traits if self.verdict(item_id, trait) == verdict)

    def cut(self, item_ids: Iterable[str], traits: Sequence[str]) -> Cut:
        """Return the items parted by their verdict on all the traits; with none all are safe."""
        parts: dict[Verdict, list[str]] = {"safe": [], "unsafe": [], "unknown": []}
        for item_id in item_ids:
            parts[self.verdict(item_id, *traits)].append(item_id)
        return Cut(*(tuple(parts[verdict]) for verdict in ("safe", "unsafe", "unknown")))

    def safe_ids(self, traits: Sequence[str]) -> frozenset[str]:
        """Return every item of the catalogue that is safe for all of one trait or more."""
        first, *others = map(self._safe_ids_of, traits)
        return first.intersection(*others)

    def verdict_counts(self, trait: str) -> dict[Verdict, int]:
        """Return how many items of the catalogue have each verdict on a trait."""
        counts = np.bincount(self._codes_of(trait), minlength=len(VERDICTS))
        return dict(zip(VERDICTS, counts.tolist(), strict=True))

    def find(self, title: TitleYear) -> str | None:
        """Return the item that a title means, None where it means none or could mean several."""
        item_ids = self.meant(title)
        return item_ids[0] if len(item_ids) == 1 else None

    def meant(self, title: TitleYear) -> tuple[str, ...]:
        """Return the items that a title and its year can mean, by the rules of builder/titles.py.

        The exact year wins, then what is within `YEAR_TOLERANCE`; without a year every item of
        that title can be meant.
        """
        return self._ids(self._title_rows.meant(title.title, title.year))

    def year(self, item_id: str) -> int | None:
        """Return the year of an item of the catalogue, None where none is known."""
        return int(self._compiled.years[self._row_by_id[item_id]]) or None

    def bearing(self, title: str) -> tuple[str, ...]:
        """Return all items of that title, whatever their year."""
        return self._ids(self._title_rows.bearing(title))

    def check_many(
        self, titles: Strings, years: NDArray[np.int64], traits: Strings
    ) -> NDArray[np.int8]:
        """Return (n,) codes of verdicts, positions in `VERDICTS`, for n titles and traits.

        Args:
            titles: n titles as anybody writes them, without year; a list or an Arrow array.
            years: (n,), 0 where none was given.
            traits: n names of traits; one the oracle does not know is answered unknown.

        Raises:
            ValueError: If the lengths differ.
        """
        if not len(titles) == len(years) == len(traits):
            raise ValueError(f"{len(titles)} titles, {len(years)} years, {len(traits)} traits")
        rows = self._title_rows.of(titles, years)
        columns = numbered(
            traits, lambda names: {name: self._column_by_trait.get(name, -1) for name in names}
        )
        is_there = (rows >= 0) & (columns >= 0)
        places = np.where(is_there, rows * np.int32(len(self.traits)) + columns, 0)
        codes: NDArray[np.int8] = np.where(is_there, self._codes[places], np.int8(_UNKNOWN))
        return codes

    @cached_property
    def item_ids(self) -> tuple[str, ...]:
        """The catalogue's items, in its order."""
        return tuple(self._compiled.item_ids.to_pylist())

    @cached_property
    def _row_by_id(self) -> Mapping[str, int]:
        return {item_id: row for row, item_id in enumerate(self.item_ids)}

    def _ids(self, rows: NDArray[np.int32]) -> tuple[str, ...]:
        return tuple(self._compiled.item_ids[row].as_py() for row in rows.tolist())

    def _place(self, item_id: str, trait: str) -> int | None:
        row, column = self._row_by_id.get(item_id), self._column_by_trait.get(trait)
        return None if row is None or column is None else row * len(self.traits) + column

    def _code(self, item_id: str, trait: str) -> int:
        place = self._place(item_id, trait)
        return _UNKNOWN if place is None else int(self._codes[place])

    def _codes_of(self, trait: str) -> NDArray[np.int8]:
        """Return (n_items,) codes; a trait that the oracle lacks is unknown of every item."""
        column = self._column_by_trait.get(trait)
        if column is None:
            return np.full(len(self.item_ids), _UNKNOWN, dtype=np.int8)
        return self._compiled.verdicts[column :: len(self.traits)]

    def _safe_ids_of(self, trait: str) -> frozenset[str]:
        if trait not in self._safe_by_trait:
            rows = np.flatnonzero(self._codes_of(trait) == _SAFE).tolist()
            self._safe_by_trait[trait] = frozenset(self.item_ids[row] for row in rows)
        return self._safe_by_trait[trait]
