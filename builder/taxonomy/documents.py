"""YAML files that hold one list of named entries and may extend others, with lines in errors.

extends: ../../data/taxonomy/traits.yaml    # a file or a list of files, relative to this one
traits:
- name: "Anti-gore / squeamish"           # an entry of that name there: only what differs
parents_guide: {weights: {violence_gore: 0.5}}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from builder.errors import InputError, quoted
from builder.yaml_files import Key, line_of, read_yaml_document

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as plain values, and where it was last changed."""

    values: dict[str, Any]
    path: Path
    keys: tuple[Key, ...]

    def at(self, *keys: Key) -> str:
        """Return "file:line" of one of its values, of the entry where it does not state it."""
        return f"{self.path}:{line_of(self.path, (*self.keys, *keys))}"


def read_entries(path: Path, key: str, name: str, above: Sequence[Path] = ()) -> dict[str, Entry]:
    """Return the entries of a file and of those it extends, by their name, in the files' order.

    Args:
        path: The file.
        key: Under which the list stands: "traits".
        name: The field that names an entry: "name". Equal names in two files are one entry.
        above: The files that extend this one, for finding circles.

    Raises:
        InputError: For a missing file, a file that is not such a list, an entry without a name or
            with one that appears twice, a circle of files.
    """
    document = read_document(path, key)
    entries: dict[str, Entry] = {}
    for base in bases(path, document, above):
        entries.update(read_entries(base, key, name, (*above, path)))
    own: set[str] = set()
    for number, values in enumerate(document[key]):
        found = values.get(name) if isinstance(values, dict) else None
        entry = Entry(values, path, (key, number))
        if not isinstance(found, str):
            raise InputError(entry.at(), f"an entry without {name}", f"add its {name}")
        if found in own:
            raise InputError(entry.at(name), f"{found!r} appears twice", "keep one of the two")
        own.add(found)
        if found in entries:
            entry = Entry(_changed(entries[found].values, values), path, (key, number))
        entries[found] = entry
    return entries


def read_document(path: Path, key: str) -> dict[str, Any]:
    """Return a YAML file of one list under this key, and perhaps `extends`.

    Raises:
        InputError: If the file is missing, is not YAML in UTF-8, or is another thing.
    """
    document = read_yaml_document(path, fix="set taxonomy to your folder, or extend one")
    if (
        not isinstance(document, dict)
        or set(document) - {key, "extends"}
        or not isinstance(document.get(key), list)
    ):
        raise InputError(path, "is not a single list", f"start the file with `{key}:`")
    return dict(document)


def bases(path: Path, document: Mapping[str, Any], above: Sequence[Path] = ()) -> list[Path]:
    """Return the files that a file extends.

    Raises:
        InputError: If one does not exist, or extends the file in its turn.
    """
    stated = document.get("extends", [])
    if not isinstance(stated, str | list):
        place = f"{path}:{line_of(path, ('extends',))}"
        raise InputError(place, f"extends {quoted(stated)}", "name a file or a list of files")
    places = []
    for number, name in enumerate([stated] if isinstance(stated, str) else stated):
        keys: tuple[Key, ...] = ("extends",) if isinstance(stated, str) else ("extends", number)
        place = f"{path}:{line_of(path, keys)}"
        base = path.parent / str(name)
        chain = [*above, path]
        if base.resolve() in [file.resolve() for file in chain]:
            circle = " extends ".join(str(file) for file in [*chain, base])
            raise InputError(place, f"a circle: {circle}", "remove one `extends`")
        if not base.is_file():
            raise InputError(place, f"extends {name}, which does not exist", "correct its path")
        places.append(base)
    return places


def validated(kind: type[Model], entry: Entry) -> Model:
    """Return an entry as its model.

    Raises:
        InputError: With the line of the first wrong value.
    """
    try:
        return kind.model_validate(entry.values)
    except ValidationError as exc:
        error = exc.errors()[0]
        keys = tuple(key for key in error["loc"] if key != "[key]")
        field = ".".join(map(str, keys))
        fix = "fix the line"
        if error["type"] == "extra_forbidden":
            fix = f"known are {', '.join(kind.model_fields)}"
        elif error["type"] == "missing":
            fix = "add it to the entry"
        found = error["msg"].replace("valid tuple", "valid list")
        raise InputError(entry.at(*keys), f"{field}: {found}", fix) from exc


def unknown_name(place: str, found: str, name: str, known: Iterable[str], home: str) -> InputError:
    """Return the error for a name that does not exist, with the nearest that does."""
    names = list(known)
    near = get_close_matches(name, names, n=1) or [other for other in names if name in other]
    fix = f"did you mean {near[0]!r}?" if near else f"add it to {home} or correct the name"
    return InputError(place, f"{found} {name!r}, which does not exist", fix)


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return the old values with the new ones over them, maps within maps likewise."""
    changed = dict(old)
    for key, value in new.items():
        before = old.get(key)
        both = isinstance(before, dict) and isinstance(value, dict)
        changed[key] = _changed(before, value) if both else value  # type: ignore[arg-type]
    return changed
