"""The readers of catalogue sources by the name that params.yaml calls them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path

from builder.catalog.draft import Draft
from builder.catalog.maintained import read_maintained
from builder.catalog.movielens import read_movielens
from builder.catalog.mpaa import read_mpaa
from builder.catalog.parents_guide import read_parents_guide
from builder.catalog.source import CatalogSource, NoOptions, read_options
from builder.catalog.tidy import tidy_draft
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
_WITH_OPTIONS: frozenset[str] = frozenset()


def read_source(
    root: Path, spec: CatalogSource, warnings: Collection[str], max_text_chars: int, reject: Reject
) -> Iterator[Draft]:
    """Yield the drafts of one configured source, their words tidied.

    Raises:
        InputError: If its reader is unknown, its path does not exist, or an option is wrong.
    """
    for draft in _drafts(require(root / spec.path), spec, warnings, reject):
        habit = draft.adds_item if spec.adds_items is None else spec.adds_items
        tidy = tidy_draft(replace(draft, adds_item=habit), max_text_chars, reject)
        if tidy is not None:
            yield tidy


def _drafts(
    path: Path, spec: CatalogSource, warnings: Collection[str], reject: Reject
) -> Iterator[Draft]:
    if spec.reader not in _WITH_OPTIONS:
        read_options(spec, NoOptions)
    if spec.reader == "maintained":
        return read_maintained(path, spec, warnings, reject)
    if spec.reader in _READERS:
        return _READERS[spec.reader](path, spec, reject)
    known = ", ".join(sorted([*_READERS, "maintained"]))
    raise InputError(f"source {spec.name}", f"unknown reader {spec.reader!r}", f"one of {known}")
