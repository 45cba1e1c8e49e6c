"""A pipe, a folder or a link to itself in the place of a file: one line at every door, at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotation.labels import LabelReader
from annotation.screen import Screen
from builder.catalog.readers.catalog_readers import read_source
from builder.catalog.tidy import Limits
from builder.dialogs.privacy.tombstones import read_tombstones
from builder.dialogs.reader_context import ReaderContext, Scratch
from builder.dialogs.readers.dialog_readers import read_source as read_dialogs
from builder.errors import InputError, refuse
from builder.linking.review.decisions import read_decisions
from builder.llm.ledger.prices import read_price
from builder.records import Item
from builder.tables import read_table
from builder.tagging.labels.label_file import read_label_file
from builder.taxonomy import Taxonomy
from builder.taxonomy.official import Vocabulary
from builder.text_files.json_text import read_json
from tests.factories import make_catalog_source, make_dialog_source

TAXONOMY = Path("data/taxonomy")
COLUMNS = {"thread": "t", "text": "x", "author": "a", "is_chat": False, "is_markdown": False}


def catalogue(reader: str, **options: Any) -> Callable[[Path], Any]:
    def read(path: Path) -> Any:
        spec = make_catalog_source(reader=reader, path=path.name, options=options)
        vocabulary = Vocabulary.load(TAXONOMY)
        limits = Limits(max_title_chars=100, max_text_chars=1000)
        return list(read_source(path.parent, spec, vocabulary, limits, refuse))

    return read


def dialogs(reader: str) -> Callable[[Path], Any]:
    def read(path: Path) -> Any:
        context = ReaderContext(refuse, Scratch(path.parent / "scratch", 100, 1.0))
        spec = make_dialog_source(
            reader=reader, path=path.name, columns=COLUMNS if reader == "table" else None
        )
        return list(read_dialogs(path.parent, spec, context))

    return read


TABLE = {"domain": "film", "columns": {"title": "t"}}
DOORS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "maintained": ("a.jsonl", catalogue("maintained")),
    "table of lines": ("a.jsonl", catalogue("table", **TABLE)),
    "table of cells": ("a.csv", catalogue("table", **TABLE)),
    "table of columns": ("a.parquet", catalogue("table", **TABLE)),
    "ddd": ("a.json", catalogue("ddd")),
    "tmdb": ("a.ndjson", catalogue("tmdb")),
    "reddit": ("RS_x.ndjson", dialogs("reddit")),
    "redial": ("a.jsonl", dialogs("redial")),
    "inspired": ("a.tsv", dialogs("inspired")),
    "dialogs of lines": ("a.jsonl", dialogs("table")),
    "dialogs of cells": ("a.csv", dialogs("table")),
    "dialogs of columns": ("a.parquet", dialogs("table")),
    "tombstones": ("a.jsonl", read_tombstones),
    "decisions": ("a.jsonl", lambda path: read_decisions(path, (), refuse)),
    "labels": (
        "a.json",
        lambda path: LabelReader({}, Screen.load(), str, refuse).read(path.parent),
    ),
    "label file": (
        "a.csv",
        lambda path: list(read_label_file(path, (), Taxonomy.load(TAXONOMY), refuse)),
    ),
    "prices": ("a.yaml", lambda path: read_price(path, "m", in_batch=False)),
    "taxonomy": ("traits.yaml", Taxonomy.load),
    "json": ("a.json", read_json),
    "records": ("a.parquet", lambda path: read_table(path, Item)),
}
KINDS: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "link to itself": lambda path: path.symlink_to(path.name),
    "device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("door", DOORS)
def test_fifo_and_folders_as_sources(tmp_path: Path, door: str, kind: str) -> None:
    name, read = DOORS[door]
    KINDS[kind](tmp_path / name)
    with pytest.raises(InputError) as caught:
        read(tmp_path / name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
