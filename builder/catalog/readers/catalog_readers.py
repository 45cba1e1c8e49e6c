"""The readers of catalogue sources, by their name in params.yaml."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from builder.catalog.catalog_source import CatalogSource, NoOptions, read_options
from builder.catalog.draft import Draft
from builder.catalog.readers.catalog_table import read_table_source
from builder.catalog.readers.ddd import read_ddd
from builder.catalog.readers.esrb import read_esrb
from builder.catalog.readers.imdb import read_imdb
from builder.catalog.readers.maintained import read_maintained
from builder.catalog.readers.movielens import read_movielens
from builder.catalog.readers.mpaa import read_mpaa, reason_evidence
from builder.catalog.readers.parents_guide import read_parents_guide
from builder.catalog.readers.steam import read_steam
from builder.catalog.readers.tmdb import read_tmdb
from builder.catalog.readers.wikipedia import read_wikipedia
from builder.catalog.tidy import Limits, tidy_draft
from builder.errors import InputError
from builder.sources import Reject, SourceSpec, require
from builder.taxonomy.official import Vocabulary

_Reader = Callable[[Path, SourceSpec, Reject], Iterator[Draft]]
_VocabularyReader = Callable[[Path, SourceSpec, Vocabulary, Reject], Iterator[Draft]]

_READERS: dict[str, _Reader] = {
    "imdb": read_imdb,
    "movielens": read_movielens,
    "mpaa": read_mpaa,
    "parents_guide": read_parents_guide,
    "steam": read_steam,
    "tmdb": read_tmdb,
    "wikipedia": read_wikipedia,
}
_VOCABULARY_READERS: dict[str, _VocabularyReader] = {
    "ddd": read_ddd,
    "esrb": read_esrb,
    "maintained": read_maintained,
    "table": read_table_source,
}
_EVIDENCE: dict[str, Callable[[Vocabulary], Callable[[Draft], Draft]]] = {"mpaa": reason_evidence}
"""What adds evidence from a draft's texts once they are tidy."""

_WITH_OPTIONS = {"imdb", "steam", "table"}


def read_source(
    root: Path, spec: CatalogSource, vocabulary: Vocabulary, limits: Limits, reject: Reject
) -> Iterator[Draft]:
    """Yield the drafts of one configured source, with tidy titles and texts.

    Raises:
        InputError: If its reader is unknown, its path does not exist, or an option is wrong.
    """
    drafts = _drafts(require(root / spec.path), spec, vocabulary, reject)
    with_evidence = _EVIDENCE[spec.reader](vocabulary) if spec.reader in _EVIDENCE else None
    for draft in drafts:
        if spec.adds_items not in (None, draft.adds_item):
            draft = replace(draft, adds_item=not draft.adds_item)
        tidy = tidy_draft(draft, limits, reject)
        if tidy is not None:
            yield with_evidence(tidy) if with_evidence else tidy


def _drafts(
    path: Path, spec: CatalogSource, vocabulary: Vocabulary, reject: Reject
) -> Iterator[Draft]:
    if spec.reader not in _WITH_OPTIONS:
        read_options(spec, NoOptions)
    if spec.reader in _VOCABULARY_READERS:
        return _VOCABULARY_READERS[spec.reader](path, spec, vocabulary, reject)
    if spec.reader in _READERS:
        return _READERS[spec.reader](path, spec, reject)
    names = ", ".join(reader_names())
    raise InputError(
        f"source {spec.name}", f"unknown reader {spec.reader!r}", f"use one of {names}"
    )


def reader_names() -> list[str]:
    """Return the names of all readers, sorted."""
    return sorted([*_READERS, *_VOCABULARY_READERS])
