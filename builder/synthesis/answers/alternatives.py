"""Safe titles near a wish, to go on with where the recommended ones have been filtered.

First what others recommended in the same thread, then what the catalogue holds of the same kind:
of the genres that most titles of the thread share, since one reply's two titles tell little.
Only what the oracle calls safe is named: neither unsafe nor unknown titles are alternatives.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from builder.near_copies.shingles import jaccard
from builder.oracle.files.oracle import Oracle
from builder.records import Item, Request
from builder.seeding import keyed_digest
from builder.settings import Strict

_COMMON = 0.5  # of a wish's titles, that share a genre before the wish is for it

Kind = tuple[str, frozenset[str]]
"""Domain and genres, which many items share."""


class AlternativeRule(Strict):
    """How many alternatives a row names at most, and how near they must be.

    `min_likeness` in (0, 1]: overlap (Jaccard) of an item's genres with those of the wish.
    """

    most: Annotated[int, Field(ge=0)]
    min_likeness: Annotated[float, Field(gt=0, le=1)]


class Alternatives:
    """Finds alternatives for the samples of one run."""

    def __init__(
        self,
        items: Iterable[Item],
        requests: Iterable[Request],
        oracle: Oracle,
        rule: AlternativeRule,
        seed: int,
    ) -> None:
        """Gather the catalogue by kind, and what each thread recommends."""
        self._oracle, self._rule, self._seed = oracle, rule, seed
        self._genres: dict[str, frozenset[str]] = {}
        self._ids_by_kind = defaultdict[Kind, list[str]](list)
        for item in items:
            self._genres[item.item_id] = genres = frozenset(item.genres)
            self._ids_by_kind[item.domain, genres].append(item.item_id)
        self._thread = defaultdict[str, dict[str, None]](dict)
        for request in requests:
            self._thread[request.dialog_id].update(dict.fromkeys(request.recommended))

    def of(self, request: Request, traits: Sequence[str]) -> tuple[str, ...]:
        """Return ids of items safe for all traits, the thread's own first, then the likest."""
        known = {*request.recommended, *request.seen}
        safe = self._oracle.safe_ids(traits)
        found = [i for i in self._thread[request.dialog_id] if i in safe and i not in known]
        if len(found) < self._rule.most:
            near = self._near(request, safe, known | {*found}, self._rule.most - len(found))
            found += near
        return tuple(found[: self._rule.most])

    def _near(
        self, request: Request, safe: Collection[str], known: Collection[str], n: int
    ) -> list[str]:
        wish = dict.fromkeys([*request.recommended, *self._thread[request.dialog_id]])
        wanted = self._wanted_genres([*wish, *request.seen])
        if not wanted:
            return []
        likeness_by_kind: Mapping[Kind, float] = {
            kind: likeness
            for kind in self._ids_by_kind
            if kind[0] == request.domain
            and (likeness := jaccard(wanted, kind[1])) >= self._rule.min_likeness
        }
        near: list[str] = []
        for kind in sorted(likeness_by_kind, key=lambda k: (-likeness_by_kind[k], sorted(k[1]))):
            if len(near) >= n:
                break
            ids = [i for i in self._ids_by_kind[kind] if i in safe and i not in known]
            near += sorted(ids, key=lambda i: keyed_digest(self._seed, request.request_id, i))
        return near[:n]

    def _wanted_genres(self, item_ids: Sequence[str]) -> frozenset[str]:
        """Return the genres that the titles of a wish have in common, all of them if none."""
        genres = [self._genres[i] for i in item_ids if i in self._genres]
        counts = Counter(genre for found in genres for genre in found)
        common = {genre for genre, n in counts.items() if n >= _COMMON * len(genres)}
        return frozenset(common or counts)
