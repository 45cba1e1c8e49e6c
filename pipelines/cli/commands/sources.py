"""The configured sources with what was read of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from builder.errors import InputError
from builder.sources import SourceSpec
from builder.text_files.json_text import read_json
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import PARAMS_FILE, read_params


class _Listed(SourceSpec):
    model_config = ConfigDict(extra="ignore")  # what a stage's readers want besides is its own


_SPECS = TypeAdapter(list[_Listed])


@dataclass(frozen=True, slots=True)
class ConfiguredSource:
    """One source of params.yaml; `rows` is None where its stage has not read it yet."""

    stage: str
    name: str
    reader: str
    path: str
    licence: str
    retrieved: str
    rows: int | None


def configured_sources(folder: Path) -> Iterator[ConfiguredSource]:
    """Yield the sources of every stage that has some, in the order of params.yaml.

    Raises:
        InputError: If params.yaml is missing or a source in it is malformed.
    """
    for stage, parameters in read_params(folder).sections.items():
        if "sources" not in parameters:
            continue
        rows_by_name = _rows(folder, stage)
        for spec in _specs(stage, parameters["sources"]):
            yield ConfiguredSource(
                stage=stage,
                name=spec.name,
                reader=spec.reader,
                path=str(Path(str(parameters.get("root", "")), spec.path)),
                licence=spec.licence,
                retrieved=spec.retrieved,
                rows=rows_by_name.get(f"{spec.name}/{spec.path}"),
            )


def _specs(stage: str, rows: Any) -> list[_Listed]:
    try:
        return _SPECS.validate_python(rows)
    except ValidationError as exc:
        error = exc.errors()[0]
        place = ".".join([stage, "sources", *map(str, error["loc"])])
        raise InputError(f"{PARAMS_FILE}: {place}", error["msg"], "fix the source") from exc


def _rows(folder: Path, stage: str) -> dict[str, int]:
    counts = read_layout(folder).counts(stage)
    if not counts.exists():
        return {}
    return dict(read_json(counts)["in"])
