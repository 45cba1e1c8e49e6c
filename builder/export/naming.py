"""The names under which a release shows the items of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from builder.records import Item
from builder.titles import TitleYear

_IMDB = "imdb:tt"


class Names:
    """Title, year and IMDb id of every item of the catalogue."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._title_by_id: Mapping[str, TitleYear] = {
            item.item_id: TitleYear(item.title, item.year) for item in items
        }

    def missing(self, item_ids: Iterable[str]) -> list[str]:
        """Return the ids that are not in the catalogue, in the order given."""
        return [i for i in item_ids if i not in self._title_by_id]

    def title(self, item_id: str) -> str:
        """Return "Heat"."""
        return self._title_by_id[item_id].title

    def title_year(self, item_id: str) -> TitleYear:
        """Return title and year."""
        return self._title_by_id[item_id]

    def with_year(self, item_id: str) -> str:
        """Return "Heat (1995)", or "Heat" where the year is unknown."""
        return str(self._title_by_id[item_id])

    def pair(self, item_id: str) -> list[str]:
        """Return ["Heat", "1995"], with "" for an unknown year."""
        title = self._title_by_id[item_id]
        return [title.title, "" if title.year is None else str(title.year)]

    def described(self, item_id: str) -> dict[str, Any]:
        """Return {title, year, imdb_id}; imdb_id is without "tt", None for items that have none."""
        title = self._title_by_id[item_id]
        imdb_id = item_id.removeprefix(_IMDB) if item_id.startswith(_IMDB) else None
        return {"title": title.title, "year": title.year, "imdb_id": imdb_id}
