"""An oracle compiled for look-ups: one Arrow file, one row, mapped into memory and never copied.

Column by column, with I items, T traits, A answers, S spellings and C candidates:

    item_ids   (I,) the catalogue's items, in its order
    years      (I,) year of each item, 0 where none is known
    traits     (T,) names
    verdicts   (I * T,) codes by item, then trait: 0 unknown, 1 safe, 2 unsafe
    answer_of  (I * T,) place among the answers, -1 where the oracle says nothing
    answers    (A,) every different answer once: a `Risk` without item, trait and oracle
    spellings  (S,) what a title can be found by, sorted: every title and alias as the catalogue
               writes it, every title key after KEY, every key without its article after BARE_KEY
    first      (S + 1,) where each spelling's candidates start
    rows       (C,) the items a spelling can mean

Of most titles little is known, and of many the same, so that there are far fewer answers than
pairs of item and trait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from builder.errors import InputError
from builder.oracle.files.label import OracleLabel, require_role
from builder.records import Item, Risk, Verdict
from builder.rows import schema_of, to_row
from builder.tables import replacing
from builder.titles import Named, TitleIndex, title_key, without_article

VERDICTS: tuple[Verdict, ...] = ("unknown", "safe", "unsafe")
"""What the codes mean, by position."""

KEY, BARE_KEY = "\x1e", "\x1f"
"""Set apart a title key, and one without its article, from titles as written."""

_PLACE = ("item_id", "trait", "oracle")
_ANSWER = tuple(field.name for field in fields(Risk) if field.name not in _PLACE)
_ANSWER_TYPE = pa.struct([schema_of(Risk).field(name) for name in _ANSWER])


@dataclass(frozen=True, slots=True)
class Compiled:
    """The columns, see the module; integers are int32 but for the codes, which are int8."""

    item_ids: pa.StringArray
    years: NDArray[np.int32]
    traits: pa.StringArray
    verdicts: NDArray[np.int8]
    answer_of: NDArray[np.int32]
    answers: pa.StructArray
    spellings: pa.StringArray
    first: NDArray[np.int32]
    rows: NDArray[np.int32]


def compile_oracle(label: OracleLabel, risks: Iterable[Risk], items: Iterable[Item]) -> Compiled:
    """Return an oracle compiled for look-ups in a catalogue.

    Args:
        label: Of the oracle.
        risks: Its answers; one on an item that the catalogue lacks is left out.
        items: The catalogue.

    Raises:
        InputError: If a risk is of the other oracle.
    """
    named = [Named(item.item_id, (item.title, *item.aliases), item.year) for item in items]
    row_by_id = {item.item_id: row for row, item in enumerate(named)}
    rows_by_spelling = _rows_by_spelling(named, row_by_id)
    spellings = sorted(rows_by_spelling, key=str.encode)
    sizes = [len(rows_by_spelling[spelling]) for spelling in spellings]
    return Compiled(
        item_ids=pa.array(list(row_by_id), pa.string()),
        years=np.array([item.year or 0 for item in named], dtype=np.int32),
        **_answers(label, risks, row_by_id),
        spellings=pa.array(spellings, pa.string()),
        first=np.append(0, np.cumsum(sizes)).astype(np.int32),
        rows=np.array([r for s in spellings for r in rows_by_spelling[s]], dtype=np.int32),
    )


def _answers(
    label: OracleLabel, risks: Iterable[Risk], row_by_id: Mapping[str, int]
) -> dict[str, Any]:
    """Return the columns traits, verdicts, answer_of and answers."""
    code_by_verdict = {verdict: code for code, verdict in enumerate(VERDICTS)}
    values_of, number_by_answer = attrgetter(*_ANSWER), dict[tuple[Any, ...], int]()
    column_by_trait: dict[str, int] = {}
    cells: list[tuple[int, int, int, int]] = []
    for risk in risks:
        if risk.oracle != label.role:
            require_role(risk.oracle, label.role, f"{risk.item_id}, {risk.trait}")
        column = column_by_trait.setdefault(risk.trait, len(column_by_trait))
        if (row := row_by_id.get(risk.item_id)) is not None:
            number = number_by_answer.setdefault(values_of(risk), len(number_by_answer))
            cells.append((row, column, code_by_verdict[risk.verdict], number))
    rows, columns, codes, numbers = np.array(cells, dtype=np.int32).reshape(-1, 4).T
    verdicts = np.zeros((len(row_by_id), len(column_by_trait)), dtype=np.int8)
    answer_of = np.full(verdicts.shape, -1, dtype=np.int32)
    verdicts[rows, columns], answer_of[rows, columns] = codes, numbers
    answers = [dict(zip(_ANSWER, map(to_row, values), strict=True)) for values in number_by_answer]
    return {
        "traits": pa.array(list(column_by_trait), pa.string()),
        "verdicts": verdicts.ravel(),
        "answer_of": answer_of.ravel(),
        "answers": pa.array(answers, _ANSWER_TYPE),
    }


def _rows_by_spelling(
    named: Iterable[Named], row_by_id: Mapping[str, int]
) -> dict[str, tuple[int, ...]]:
    """Return the candidates of every spelling, each as `TitleIndex` resolves it."""
    index = TitleIndex(named)
    ids_by_spelling: dict[str, tuple[str, ...]] = {}
    bare: dict[str, dict[str, None]] = {}
    for item in named:
        for title in item.titles:
            key = title_key(title)
            ids_by_spelling[title] = ids_by_spelling[KEY + key] = index.candidates(title)
            bare.setdefault(BARE_KEY + without_article(key), {})[item.item_id] = None
    ids_by_spelling |= {spelling: tuple(ids) for spelling, ids in bare.items()}
    return {s: tuple(row_by_id[i] for i in ids) for s, ids in ids_by_spelling.items()}


def write_oracle(
    path: Path, label: OracleLabel, risks: Sequence[Risk], items: Iterable[Item]
) -> int:
    """Write an oracle compiled for look-ups in a catalogue and return how many risks it has.

    Raises:
        InputError: If a risk is of the other oracle.
    """
    compiled = compile_oracle(label, risks, items)
    columns = {field.name: pa.array(getattr(compiled, field.name)) for field in fields(Compiled)}
    row = {
        name: pa.ListArray.from_arrays(pa.array([0, len(column)], pa.int32()), column)
        for name, column in columns.items()
    }
    table = pa.table(row).replace_schema_metadata(label.as_metadata())
    with (
        replacing(path) as new,
        pa.OSFile(str(new), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as writer,
    ):
        writer.write_table(table)
    return len(risks)


def read_oracle(path: Path) -> tuple[OracleLabel, Compiled]:
    """Return a compiled oracle with its label, mapped into memory.

    Raises:
        InputError: If the file is missing, damaged, or no compiled oracle of this version.
    """
    try:
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        columns = {field.name: _column(table, field.name) for field in fields(Compiled)}
    except FileNotFoundError as exc:
        raise InputError(path, "no such file", "run `dvc repro fuse` to make it") from exc
    except (pa.ArrowInvalid, OSError, KeyError, IndexError) as exc:
        fix = "delete it and run `dvc repro fuse`"
        raise InputError(path, "is not a compiled oracle", fix) from exc
    compiled = Compiled(**columns)
    if compiled.answers.type != _ANSWER_TYPE:
        raise InputError(
            path, "was written by another version", "delete it and run `dvc repro fuse`"
        )
    metadata = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
    return OracleLabel.parse(metadata, path), compiled


def _column(table: pa.Table, name: str) -> Any:
    values = table.column(name).chunk(0).flatten()
    is_number = pa.types.is_integer(values.type)
    return values.to_numpy(zero_copy_only=True) if is_number else values
