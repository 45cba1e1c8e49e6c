"""An oracle compiled for look-ups: one Arrow file, one row, mapped into memory and never copied.

Column by column, with I items, T traits, S spellings and C candidates:

    traits     (T,) names
    verdicts   (I * T,) codes by item, then trait: 0 unknown, 1 safe, 2 unsafe
    years      (I,) year of each item, 0 where none is known
    spellings  (S,) what a title can be found by, sorted: every title and alias as the catalogue
               writes it, every title key after KEY, every key without its article after BARE_KEY
    first      (S + 1,) where each spelling's candidates start
    rows       (C,) the items a spelling can mean
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from builder.errors import InputError
from builder.oracle.files.store import Label, Role
from builder.records import Item, Risk, Verdict
from builder.tables import replacing
from builder.titles import Named, TitleIndex, title_key, without_article

VERDICTS: tuple[Verdict, ...] = ("unknown", "safe", "unsafe")
"""What the codes mean, by position."""

KEY, BARE_KEY = "\x1e", "\x1f"
"""Set apart a title key, and one without its article, from titles as written."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """See the module; integers are int32 but for the codes, which are int8."""

    traits: pa.StringArray
    verdicts: NDArray[np.int8]
    years: NDArray[np.int32]
    spellings: pa.StringArray
    first: NDArray[np.int32]
    rows: NDArray[np.int32]


def compile_oracle(risks: Iterable[Risk], items: Iterable[Item], role: Role) -> Compiled:
    """Return an oracle compiled for look-ups in a catalogue.

    Raises:
        InputError: If the risks are not of that role.
    """
    named = [Named(item.item_id, (item.title, *item.aliases), item.year) for item in items]
    row_by_id = {own.item_id: row for row, own in enumerate(named)}
    verdicts, traits = _verdicts(risks, row_by_id, role)
    rows_by_spelling = _rows_by_spelling(named, row_by_id)
    spellings = sorted(rows_by_spelling, key=str.encode)
    sizes = [len(rows_by_spelling[spelling]) for spelling in spellings]
    return Compiled(
        traits=pa.array(traits, pa.string()),
        verdicts=verdicts.ravel(),
        years=np.array([own.year or 0 for own in named], dtype=np.int32),
        spellings=pa.array(spellings, pa.string()),
        first=np.append(0, np.cumsum(sizes)).astype(np.int32),
        rows=np.array([r for s in spellings for r in rows_by_spelling[s]], dtype=np.int32),
    )


def _verdicts(
    risks: Iterable[Risk], row_by_id: dict[str, int], role: Role
) -> tuple[NDArray[np.int8], list[str]]:
    code = {verdict: number for number, verdict in enumerate(VERDICTS)}
    column_by_trait: dict[str, NDArray[np.int8]] = {}
    for risk in risks:
        if risk.oracle != role:
            raise InputError(
                f"oracle {risk.oracle!r}",
                f"was asked to {role}",
                f"hand on the table of the oracle {role!r}: the two must not mix",
            )
        if risk.trait not in column_by_trait:
            column_by_trait[risk.trait] = np.zeros(len(row_by_id), dtype=np.int8)
        if risk.item_id in row_by_id:
            column_by_trait[risk.trait][row_by_id[risk.item_id]] = code[risk.verdict]
    columns = [*column_by_trait.values()]
    codes = np.stack(columns, axis=1) if columns else np.zeros((len(row_by_id), 0), dtype=np.int8)
    return codes, list(column_by_trait)


def _rows_by_spelling(
    named: Iterable[Named], row_by_id: dict[str, int]
) -> dict[str, tuple[int, ...]]:
    """Return the candidates of every spelling, each as `TitleIndex` resolves it."""
    index = TitleIndex(named)
    ids_by_spelling: dict[str, tuple[str, ...]] = {}
    bare: dict[str, dict[str, None]] = {}
    for own in named:
        for title in own.titles:
            key = title_key(title)
            ids_by_spelling[title] = ids_by_spelling[KEY + key] = index.candidates(title)
            bare.setdefault(BARE_KEY + without_article(key), {})[own.item_id] = None
    ids_by_spelling |= {spelling: tuple(ids) for spelling, ids in bare.items()}
    return {s: tuple(row_by_id[i] for i in ids) for s, ids in ids_by_spelling.items()}


def write_compiled(path: Path, label: Label, compiled: Compiled) -> None:
    """Write a compiled oracle with its label."""
    columns = {field.name: getattr(compiled, field.name) for field in fields(Compiled)}
    values = {name: pa.array(column) for name, column in columns.items()}
    row = {name: pa.array([column], pa.list_(column.type)) for name, column in values.items()}
    table = pa.table(row).replace_schema_metadata(label.as_metadata())
    with (
        replacing(path) as new,
        pa.OSFile(str(new), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as writer,
    ):
        writer.write_table(table)


def read_compiled(path: Path) -> tuple[Label, Compiled]:
    """Return a compiled oracle with its label, mapped into memory.

    Raises:
        InputError: If the file is missing, damaged, or no compiled oracle.
    """
    try:
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        columns = {field.name: _column(table, field.name) for field in fields(Compiled)}
    except FileNotFoundError as exc:
        raise InputError(path, "no such file", "run `dvc repro fuse` to make it") from exc
    except (pa.ArrowInvalid, OSError, KeyError, IndexError) as exc:
        fix = "delete it and run `dvc repro fuse`"
        raise InputError(path, "is not a compiled oracle", fix) from exc
    metadata = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
    return Label.parse(metadata, path), Compiled(**columns)


def _column(table: pa.Table, name: str) -> Any:
    values = table.column(name).chunk(0).flatten()
    return values if pa.types.is_string(values.type) else values.to_numpy(zero_copy_only=True)
