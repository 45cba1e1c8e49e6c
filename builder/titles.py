"""Titles as people and publishers write them, brought to one key, and looked up with abstention.

Both sides of every look-up (catalogue, running text, model answers) go through `title_key`, so an
article or an accent can never make the two miss each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

YEAR_TOLERANCE = 2
"""Years by which a title may be off and still be the same item (SafeRec's rule for a hit)."""

_YEAR_AT_END = re.compile(r"\(((?:18|19|20)\d\d)\)\Z")
_TRAILING_ARTICLE = re.compile(r"^(.*), (The|A|An|Le|La|Les|Il|El|Der|Die|Das|L')$", re.IGNORECASE)
_LEADING_ARTICLE = re.compile(r"^(?:the|a|an) (?=.)")
_NOT_WORD = re.compile(r"[\W_]+")
_SUBTITLE = re.compile(r":\s|\s[-–—]\s|\s\(")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
"""Letters that Unicode does not take apart into a plain letter and a mark."""


@dataclass(frozen=True, slots=True)
class TitleYear:
    """A title with its year, None where none was given."""

    title: str
    year: int | None

    def __str__(self) -> str:
        return self.title if self.year is None else f"{self.title} ({self.year})"


def parse_title(text: str) -> TitleYear:
    """Return title and year of "Shining, The (1980)": TitleYear("The Shining", 1980)."""
    text = text.rstrip()
    match = _YEAR_AT_END.search(text)
    title = article_first((text[: match.start()] if match else text).strip())
    return TitleYear(title, int(match[1]) if match else None)


def article_first(title: str) -> str:
    """Return "The Shining" for "Shining, The"; any other title as it is."""
    article = _TRAILING_ARTICLE.match(title) if ", " in title else None
    if not article:
        return title
    gap = "" if article[2].endswith("'") else " "
    return f"{article[2]}{gap}{article[1]}"


def title_key(title: str) -> str:
    """Return the form under which titles are compared: no case, accents or punctuation."""
    if title.isascii():
        plain = title.casefold().replace("'", "").replace("&", " and ")
        return _NOT_WORD.sub(" ", plain).strip()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", title).casefold())
    plain = "".join(c for c in folded if not _is_unseen(c))
    return _NOT_WORD.sub(" ", plain.translate(_LETTERS).replace("&", " and ")).strip()


def _is_unseen(letter: str) -> bool:
    """Return whether a letter is a mark on another, an apostrophe, or a sign without width."""
    return (
        bool(unicodedata.combining(letter))
        or letter in "'’"
        or unicodedata.category(letter) == "Cf"
    )


def without_article(key: str) -> str:
    """Return a title key without its leading English article."""
    return _LEADING_ARTICLE.sub("", key)


def main_title(title: str) -> str:
    """Return what stands before the first subtitle mark, the whole title without one.

    "Dune: Part Two" gives "Dune", "Birdman or (The Unexpected Virtue of Ignorance)" "Birdman or".
    """
    return _SUBTITLE.split(title, maxsplit=1)[0].strip() or title


@dataclass(frozen=True, slots=True)
class Named:
    """What the index needs to know of an item."""

    item_id: str
    titles: tuple[str, ...]
    year: int | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The item a title means, or None with the candidates it might have meant."""

    item_id: str | None
    candidates: tuple[str, ...]


class TitleIndex:
    """Items by title key; a title that could mean two items means neither."""

    def __init__(self, items: Iterable[Named]) -> None:
        self._year_by_id: dict[str, int | None] = {}
        self._ids_by_key: dict[str, list[str]] = defaultdict(list)
        bare: dict[str, list[str]] = defaultdict(list)
        for item in items:
            self._year_by_id[item.item_id] = item.year
            keys = dict.fromkeys(title_key(title) for title in item.titles)
            for key in keys:
                self._ids_by_key[key].append(item.item_id)
            for key in dict.fromkeys(without_article(key) for key in keys):
                bare[key].append(item.item_id)
        self._ids_by_bare_key = dict(bare)

    def candidates(self, title: str) -> tuple[str, ...]:
        """Return the ids of all items of that title; those with the article as written first."""
        key = title_key(title)
        exact = self._ids_by_key.get(key, [])
        return tuple(exact or self._ids_by_bare_key.get(without_article(key), []))

    def resolve(self, title: str, year: int | None) -> Resolution:
        """Return the one item of that title and year.

        The exact year wins, then the only one within `YEAR_TOLERANCE`; without a year the title
        must be unique. Anything else is an abstention.
        """
        candidates = self.candidates(title)
        if year is None:
            return _only(candidates, candidates)
        for tolerance in (0, YEAR_TOLERANCE):
            near = [i for i in candidates if self._is_near(i, year, tolerance)]
            if near:
                return _only(near, candidates)
        return Resolution(None, candidates)

    def _is_near(self, item_id: str, year: int, tolerance: int) -> bool:
        own = self._year_by_id[item_id]
        return own is not None and abs(own - year) <= tolerance

    def keys(self) -> Iterable[str]:
        """Return every title key, for matching in running text."""
        return self._ids_by_key.keys()


def _only(found: Iterable[str], candidates: tuple[str, ...]) -> Resolution:
    ids = tuple(found)
    return Resolution(ids[0] if len(ids) == 1 else None, candidates)
