"""YAML files as plain values: safe tags only, bounded, and every word read as DVC reads it.

DVC reads YAML 1.2, where `1e-3` is a number and `no` a word; PyYAML knows 1.1 alone. So the numbers
and booleans are resolved here (https://yaml.org/spec/1.2.2/#1032-tag-resolution, and underscores
within numbers as ruamel.yaml takes them). A key that stands twice is an error, as it is there.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import yaml

from builder.errors import InputError, quoted
from builder.text_files.open_files import read_text

try:  # the same safe loader, written in C: twelve times as fast
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # pragma: no cover - PyYAML built without libyaml
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

Key = str | int

MAX_DEPTH = 50
"""Lists and maps within each other."""
MAX_ALIASED = 10_000
"""Values that aliases repeat: nested ones would fill any memory ("billion laughs")."""

_TAG = "tag:yaml.org,2002:"
_INT = r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)"
_DECIMAL = r"(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*|[0-9][0-9_]*(?=[eE]))(?:[eE][-+]?[0-9]+)?"
_FLOAT = rf"[-+]?(?:{_DECIMAL}|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)"
_BOOL = "true|True|TRUE|false|False|FALSE"
_OF_1_2 = (
    ("bool", _BOOL, "tTfF"),
    ("float", _FLOAT, "-+.0123456789"),
    ("int", _INT, "-+0123456789"),
)
_NUMBERS_AND_BOOLEANS = {f"{_TAG}{name}" for name, _, _ in _OF_1_2}
_BASE_BY_PREFIX = {"0b": 2, "0o": 8, "0x": 16}


class _Loader(_SafeLoader):
    """Reads the numbers and booleans of YAML 1.2; a key may stand once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return a map, as the base does."""
        line_by_key: dict[Hashable, int] = {}
        for key_node, _ in node.value:
            is_merge = key_node.tag == f"{_TAG}merge"
            key = None if is_merge else self.construct_object(key_node, deep=True)
            if is_merge or not isinstance(key, Hashable):
                continue  # what the base merges, or refuses
            if key in line_by_key:
                problem = f"key {quoted(key)} stands in line {line_by_key[key]} already"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            line_by_key[key] = key_node.start_mark.line + 1
        return super().construct_mapping(node, deep)


def _read_int(loader: _Loader, node: yaml.ScalarNode) -> int:
    text = loader.construct_scalar(node).replace("_", "")
    return int(text, _BASE_BY_PREFIX.get(text.lstrip("-+")[:2], 10))


def _read_float(loader: _Loader, node: yaml.ScalarNode) -> float:
    text = loader.construct_scalar(node).replace("_", "").lower()
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


class _Dumper(yaml.SafeDumper):
    """Quotes what either version of YAML would take for something else than a text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _NUMBERS_AND_BOOLEANS]
    for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
}
for _name, _pattern, _first in _OF_1_2:
    for _kind in (_Loader, _Dumper):
        _kind.add_implicit_resolver(
            f"{_TAG}{_name}", re.compile(f"(?:{_pattern})$", re.ASCII), list(_first)
        )
_Loader.add_constructor(f"{_TAG}int", _read_int)
_Loader.add_constructor(f"{_TAG}float", _read_float)


def read_yaml_document(path: Path, *, fix: str = "restore it from git") -> Any:
    """Return a YAML file as plain values.

    Args:
        path: The file.
        fix: What to do where there is none.

    Raises:
        InputError: With the line, if the file is missing or is not YAML in UTF-8, if a key stands
            twice in a map, if it is nested deeper than `MAX_DEPTH` or repeats more than
            `MAX_ALIASED` values by aliases.
    """
    text = read_text(path, fix=fix)
    try:
        _check_bounds(path, text)
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        raise _refusal(path, mark.line if mark else 0, exc.problem or exc.context) from exc
    except yaml.reader.ReaderError as exc:  # a character that no YAML may hold
        raise _refusal(path, text.count("\n", 0, exc.position), exc.reason) from exc
    except (ValueError, LookupError, AttributeError, TypeError) as exc:  # `!!int x`, 30 February
        raise InputError(path, f"is not valid YAML ({exc})", "fix the file") from exc


def _refusal(path: Path, line: int, problem: object) -> InputError:
    found = f"is not valid YAML ({' '.join(str(problem).split())})"
    return InputError(f"{path}:{line + 1}", found, "fix the line or the one above")


def to_yaml(document: Any) -> str:
    """Return plain values as YAML that is read as the same values by YAML 1.1 and 1.2."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def line_of(path: Path, keys: Sequence[Key]) -> int:
    """Return the line, from 1, of the value at the end of the keys, as far as they lead.

    The file is one that `read_yaml_document` has read.
    """
    node = yaml.compose(read_text(path), _Loader)
    line = 1
    for key in keys:
        child = _child(node, key)
        if child is None:
            break
        line, node = child
    return line


def _child(node: Any, key: Key) -> tuple[int, Any] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        child = node.value[key]
        return child.start_mark.line + 1, child
    if isinstance(node, yaml.MappingNode):
        for name, child in node.value:
            if name.value == str(key):
                return name.start_mark.line + 1, child
    return None


def _check_bounds(path: Path, text: str) -> None:
    """Refuse a document before it is built, which might not end or overflow the stack."""
    bounds = _Bounds()
    for event in yaml.parse(text, _Loader):
        problem = bounds.problem_after(event)
        if problem:
            raise _refusal(path, event.start_mark.line if event.start_mark else 0, problem)


class _Bounds:
    """Follows the events of a document: how deep it is, and how many values aliases repeat."""

    def __init__(self) -> None:
        self._size_by_anchor: dict[str, int] = {}
        self._open: list[tuple[str | None, int]] = []  # anchors, and the values before them
        self._n_values = self._n_aliased = 0

    def problem_after(self, event: yaml.Event) -> str | None:
        if isinstance(event, yaml.AliasEvent):
            return self._repeat(str(event.anchor))
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, n_before = self._open.pop()
            if anchor:
                self._size_by_anchor[anchor] = self._n_values - n_before
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open.append((event.anchor, self._n_values))
            self._n_values += 1
            if len(self._open) > MAX_DEPTH:
                return f"nested deeper than {MAX_DEPTH} levels"
        elif isinstance(event, yaml.ScalarEvent):
            self._n_values += 1
            if event.anchor:
                self._size_by_anchor[event.anchor] = 1
        return None

    def _repeat(self, anchor: str) -> str | None:
        if anchor not in self._size_by_anchor:
            return f"alias {anchor!r} stands for nothing that ends before it"
        size = self._size_by_anchor[anchor]
        self._n_values += size
        self._n_aliased += size
        if self._n_aliased > MAX_ALIASED:
            return f"aliases repeat more than {MAX_ALIASED:,} values"
        return None
