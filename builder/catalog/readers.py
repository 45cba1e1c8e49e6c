"""The readers of catalogue sources by the name that params.yaml calls them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from builder.catalog.draft import Draft
from builder.catalog.maintained import read_maintained
from builder.catalog.movielens import read_movielens
from builder.catalog.mpaa import read_mpaa
from builder.catalog.parents_guide import read_parents_guide
from builder.catalog.tmdb import read_tmdb
from builder.catalog.wikipedia import read_wikipedia
from builder.errors import InputError
from builder.sources import Reject, SourceSpec, require

_READERS: dict[str, Callable[[Path, SourceSpec, Reject], Iterator[Draft]]] = {
    "movielens": read_movielens,
    "mpaa": read_mpaa,
    "parents_guide": read_parents_guide,
    "tmdb": read_tmdb,
    "wikipedia": read_wikipedia,
}


def read_source(
    root: Path, spec: SourceSpec, warnings: Collection[str], reject: Reject
) -> Iterator[Draft]:
    """Yield the drafts of one configured source.

    Raises:
        InputError: If its reader is unknown or its path does not exist.
    """
    path = require(root / spec.path)
    if spec.reader == "maintained":
        yield from read_maintained(path, spec, warnings, reject)
    elif spec.reader in _READERS:
        yield from _READERS[spec.reader](path, spec, reject)
    else:
        known = ", ".join(sorted([*_READERS, "maintained"]))
        raise InputError(
            f"source {spec.name}", f"unknown reader {spec.reader!r}", f"one of {known}"
        )
