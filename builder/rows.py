"""Records as rows: the Arrow schema of a record type, and a record to plain values and back."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin

import pyarrow as pa

Record = TypeVar("Record")

_ARROW_BY_TYPE: Mapping[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
}


@cache
def _hints(record: type) -> Mapping[str, Any]:
    return typing.get_type_hints(record)


def _optional(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in (Union, types.UnionType):
        inner = [arg for arg in get_args(hint) if arg is not type(None)]
        return inner[0], True
    return hint, False


def _arrow_type(hint: Any) -> pa.DataType:
    hint, _ = _optional(hint)
    if get_origin(hint) is Literal:
        return pa.string()
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        return pa.list_(pa.field("item", _arrow_type(item), nullable=_optional(item)[1]))
    if is_dataclass(hint):
        return pa.struct(list(schema_of(cast(type, hint))))
    return _ARROW_BY_TYPE[hint]


def schema_of(record: type) -> pa.Schema:
    """Return the Arrow schema of a record type."""
    return pa.schema(
        pa.field(name, _arrow_type(hint), nullable=_optional(hint)[1])
        for name, hint in _hints(cast(Any, record)).items()
    )


_PLAIN = frozenset({str, int, float, bool, type(None)})


@cache
def _field_names(kind: type) -> tuple[str, ...] | None:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None


def to_row(value: Any) -> Any:
    """Return a record as plain dictionaries and lists, fields in their declared order."""
    kind: Any = type(value)
    names = _field_names(kind)
    if names is not None:
        return {
            name: part if type(part := getattr(value, name)) in _PLAIN else to_row(part)
            for name in names
        }
    if isinstance(value, tuple):
        return [part if type(part) in _PLAIN else to_row(part) for part in value]
    return value


def from_row(record: type[Record], row: Mapping[str, Any]) -> Record:
    """Return the record that `to_row` made the row from.

    Raises:
        KeyError: If a field is missing.
        TypeError: If a value is not of its field's type.
    """
    return record(
        **{name: _value(hint, row[name], name) for name, hint in _hints(cast(Any, record)).items()}
    )


def _value(hint: Any, value: Any, name: str) -> Any:
    hint, optional = _optional(hint)
    if value is None:
        if optional:
            return None
        raise TypeError(f"{name} is missing")
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise TypeError(f"{name} is {value!r}, expected one of {', '.join(get_args(hint))}")
        return value
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], part, name) for part in value)
    if is_dataclass(hint):
        return from_row(cast(type, hint), value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise TypeError(f"{name} is {value!r}, expected {hint.__name__}")
    return value
