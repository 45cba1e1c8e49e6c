"""Save SafeRec rows as `datasets.load_from_disk` reads them, the same bytes on every run.

`datasets` identifies the state of a table by a fingerprint, which it may draw at random or from the
date of a cache file; here it is a hash of the rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa

if TYPE_CHECKING:  # importing it takes half a second, so each function does so when called
    from datasets import Dataset, Features

_ROWS_PER_FILE = 100_000


def features_of(constraint_keys: Sequence[str], *, has_completion: bool) -> Features:
    """Return the columns of the SafeRec release, in its order (arXiv 2603.03536)."""
    from datasets import Features, List, Value

    messages = List({"role": Value("string"), "content": Value("string")})
    columns: dict[str, Any] = {
        "prompt": messages,
        "seen_titles": List(Value("string")),
        "groundtruth_with_release_year": List(List(Value("string"))),
        "constraints": {key: Value("bool") for key in constraint_keys},
        "assigned_trait": Value("string"),
        "assignment_reason": Value("string"),
    }
    if has_completion:
        columns["completion"] = messages
    return Features(columns)


def as_dataset(rows: Sequence[Mapping[str, Any]], features: Features, split: str) -> Dataset:
    """Return a dataset whose fingerprint depends only on its rows and columns."""
    from datasets import Dataset, DatasetInfo
    from datasets.table import InMemoryTable

    table = pa.Table.from_pylist(list(rows), schema=features.arrow_schema)
    content = orjson.dumps([split, features.to_dict(), list(rows)])
    return Dataset(
        InMemoryTable(table),
        info=DatasetInfo(features=features),
        split=split,
        fingerprint=hashlib.blake2b(content, digest_size=8).hexdigest(),
    )


def save_splits(folder: Path, dataset_by_split: Mapping[str, Dataset]) -> None:
    """Write the splits of one configuration, each into a folder of its name."""
    from datasets import DatasetDict, disable_progress_bars

    disable_progress_bars()
    n_files = {split: 1 + len(rows) // _ROWS_PER_FILE for split, rows in dataset_by_split.items()}
    DatasetDict(dataset_by_split).save_to_disk(str(folder), num_shards=n_files)
