"""Dialogs from a Hugging Face data set, saved to a folder or named as on the Hub.

Its columns are named as for a table, see builder/dialogs/readers/dialog_table.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.reader_context import ReaderContext
from builder.dialogs.readers.dialog_table import threads_of_rows
from builder.dialogs.thread import Thread
from builder.errors import InputError


def read_huggingface(path: Path, spec: DialogSource, context: ReaderContext) -> Iterator[Thread]:
    """Yield the threads of a data set, in the order of their first rows.

    Args:
        path: The folder; if it does not exist, `spec.path` is a name on the Hub.
        spec: The source, with columns, and with a split if the data set has several.
        context: Where to report rows that cannot be used.

    Raises:
        InputError: If the data set cannot be loaded, or its split is not named.
    """
    rows = _load(path, spec)
    placed = ((f"{spec.path}:{number}", row) for number, row in enumerate(rows, start=1))
    yield from threads_of_rows(placed, spec, context.reject, path)


def _load(path: Path, spec: DialogSource) -> Any:
    from datasets import DatasetDict, load_dataset, load_from_disk  # seconds to import

    try:
        if (path / "dataset_info.json").exists() or (path / "dataset_dict.json").exists():
            data_set = load_from_disk(str(path))
        else:
            data_set = load_dataset(str(path) if path.exists() else spec.path)
    except Exception as exc:  # the library raises whatever its back ends do
        message = " ".join(str(exc).split())[:200] or type(exc).__name__
        fix = "name a folder written by save_to_disk, or a data set on the Hub that can be reached"
        raise InputError(spec.path, f"cannot be loaded ({message})", fix) from exc
    if isinstance(data_set, DatasetDict):
        if spec.split not in data_set:
            raise InputError(
                f"source {spec.name}", f"split {spec.split!r}", f"one of {', '.join(data_set)}"
            )
        return data_set[spec.split]
    return data_set
