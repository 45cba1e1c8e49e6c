"""The settings: params.yaml, which a user edits, and calibration.yaml, what was measured once.

Both are sections of keys. A key stands in one of the two files, and a stage reads its sections of
both as one. Writers, encoders and decodings have names; a stage says which it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from builder.errors import InputError, quoted
from builder.yaml_files import read_yaml_document

P = TypeVar("P", bound=BaseModel)

PARAMS_FILE = Path("params.yaml")
CALIBRATION_FILE = Path("calibration.yaml")
FILES = (PARAMS_FILE, CALIBRATION_FILE)

SHARED_SECTIONS = ("run", "inputs", "balance", "training", "labels", "prompts", "queries")
NAMED = {"writer": "writers", "encoder": "encoders", "decoding": "decoding"}
"""Keys of a stage whose value is a name, with the section that says what the name stands for."""

_STAGES = Path(__file__).parents[1] / "stages"


@dataclass(frozen=True, slots=True)
class Parameters:
    """The sections of both files as one.

    Attributes:
        sections: By name, each by key.
        homes: The file of each (section, key); a key that is not there is of params.yaml.
    """

    sections: dict[str, dict[str, Any]]
    homes: Mapping[tuple[str, str], Path] = field(default_factory=dict)

    def home(self, name: str, key: str) -> Path:
        """Return the file in which a key stands."""
        return self.homes.get((name, key), PARAMS_FILE)

    def of_file(self, file: Path) -> dict[str, dict[str, Any]]:
        """Return the sections of one of the files, with its own keys."""
        kept = {
            name: {key: value for key, value in keys.items() if self.home(name, key) == file}
            for name, keys in self.sections.items()
        }
        return {name: keys for name, keys in kept.items() if keys}

    def section(self, kind: type[P], name: str) -> P:
        """Return one section, validated, with the shared sections that `kind.reads_also` names.

        Raises:
            InputError: For a missing section, for a missing, unknown or ill-typed parameter, and
                for the name of a writer, an encoder or a decoding that is not there.
        """
        shared: tuple[str, ...] = getattr(kind, "reads_also", ())
        for wanted in (name, *shared):
            if wanted not in self.sections:
                raise InputError(
                    PARAMS_FILE, f"section {wanted!r} is missing", "restore it from git"
                )
        values = {**self.sections[name], **{other: self.sections[other] for other in shared}}
        for key, registry in NAMED.items():
            if values.get(key) is not None:
                values[key] = self._named(name, key, registry)
        try:
            return kind.model_validate(values)
        except ValidationError as exc:
            error = _most_telling(exc)
            raise InputError(self._place(name, shared, error["loc"]), *_explain(error)) from exc

    def _named(self, name: str, key: str, registry: str) -> Any:
        given = self.sections[name][key]
        entries = self.sections.get(registry, {})
        if not isinstance(given, str) or given not in entries:
            place = f"{self.home(name, key)}: {name}.{key}"
            fix = f"write one of {', '.join(entries)}, or name it under {registry}"
            raise InputError(place, f"is {quoted(given)}, not a name", fix)
        return entries[given]

    def _place(self, name: str, shared: tuple[str, ...], where: tuple[Any, ...]) -> str:
        """Return the file and the key as it stands there."""
        first, *rest = where or ("",)
        if not where:
            path: tuple[Any, ...] = (name,)
        elif first in NAMED and rest:
            path = (NAMED[first], self.sections[name][first], *_without_tag(rest))
        elif first in shared:
            path = where
        else:
            path = (name, *where)
        home = self.home(*map(str, path[:2])) if len(path) > 1 else PARAMS_FILE
        return f"{home}: {'.'.join(map(str, path))}"


def _without_tag(where: list[Any]) -> list[Any]:
    """Return a place within a writer without pydantic's word for its kind."""
    return where[1:] if where[0] in ("offline", "openai") else where


def read_params(folder: Path = Path()) -> Parameters:
    """Return the settings of a project's folder.

    Raises:
        InputError: If a file is missing or no YAML, has a section that no stage owns or that is
            not keys, or says again what the other says.
    """
    sections: dict[str, dict[str, Any]] = {}
    homes: dict[tuple[str, str], Path] = {}
    for file in FILES:
        for name, keys in _read_sections(folder / file).items():
            for key, value in keys.items():
                if (name, key) in homes:
                    found = f"is also in {homes[name, key]}"
                    raise InputError(f"{folder / file}: {name}.{key}", found, "keep one of the two")
                sections.setdefault(name, {})[key] = value
                homes[name, key] = file
    return Parameters(sections, homes)


def _read_sections(path: Path) -> dict[str, dict[str, Any]]:
    document = read_yaml_document(path, fix="run from the project's folder")
    if not isinstance(document, dict):
        raise InputError(path, "has no sections", "restore the file from git")
    known = {*stage_names(), *SHARED_SECTIONS, *NAMED.values()}
    for name, keys in document.items():
        if name not in known:
            raise InputError(path, f"unknown section {name!r}", "remove it or correct its name")
        if not isinstance(keys, dict):
            raise InputError(f"{path}: {name}", f"is {quoted(keys)}", "write keys with values")
    return document


def stage_names() -> tuple[str, ...]:
    """Return the stages: one for each module of pipelines/stages."""
    modules = _STAGES.glob("*.py")
    return tuple(sorted(path.stem for path in modules if path.stem != "__init__"))


def _most_telling(exc: ValidationError) -> Any:
    """Return an unknown parameter before the missing one that it may be a slip for."""
    errors = exc.errors()
    unknown = [error for error in errors if error["type"] == "extra_forbidden"]
    return [*unknown, *errors][0]


def _explain(error: Any) -> tuple[str, str]:
    if error["type"] == "extra_forbidden":
        return "unknown parameter", "remove it or correct its name"
    if error["type"] == "missing":
        return "missing parameter", "add it: every parameter is required"
    return f"is {quoted(error['input'])}", error["msg"][0].lower() + error["msg"][1:]
