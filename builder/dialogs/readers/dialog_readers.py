"""The readers of dialog sources, by their name in params.yaml."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.reader_context import ReaderContext
from builder.dialogs.readers.dialog_table import read_table_threads
from builder.dialogs.readers.huggingface import read_huggingface
from builder.dialogs.readers.inspired import read_inspired
from builder.dialogs.readers.reddit import read_reddit
from builder.dialogs.readers.redial import read_redial
from builder.dialogs.readers.turns import read_turns
from builder.dialogs.thread import Thread
from builder.errors import InputError
from builder.sources import require

_READERS: dict[str, Callable[[Path, DialogSource, ReaderContext], Iterator[Thread]]] = {
    "huggingface": read_huggingface,
    "inspired": read_inspired,
    "reddit": read_reddit,
    "redial": read_redial,
    "table": read_table_threads,
    "turns": read_turns,
}
_BY_COLUMNS = ("huggingface", "table")


def read_source(root: Path, spec: DialogSource, context: ReaderContext) -> Iterator[Thread]:
    """Yield the threads of one configured source.

    Raises:
        InputError: If its reader is unknown, its settings belong to another reader, or its path
            does not exist.
    """
    place = f"source {spec.name}"
    if spec.reader not in _READERS:
        readers = ", ".join(sorted(_READERS))
        raise InputError(place, f"unknown reader {spec.reader!r}", f"use one of {readers}")
    if spec.select is not None and spec.reader != "reddit":
        raise InputError(place, "has `select`, which is for dumps only", "remove it")
    if (spec.columns is None) == (spec.reader in _BY_COLUMNS):
        problem = "has no `columns`" if spec.columns is None else "has `columns`"
        raise InputError(place, problem, f"only the readers {' and '.join(_BY_COLUMNS)} need them")
    if spec.split is not None and spec.reader != "huggingface":
        raise InputError(
            place, "has `split`, which is for Hugging Face data sets only", "remove it"
        )
    path = root / spec.path
    is_hub_name = spec.reader == "huggingface" and not path.exists()
    yield from _READERS[spec.reader](path if is_hub_name else require(path), spec, context)
