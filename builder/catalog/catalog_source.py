"""Settings of a catalogue source in params.yaml: every source's fields and its reader's options."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import Field, ValidationError

from builder.errors import InputError
from builder.settings import Strict
from builder.sources import SourceSpec


class CatalogSource(SourceSpec):
    """One configured catalogue source.

    Attributes:
        adds_items: Overrides its reader's default: true makes each row an item, false lets rows
            only add to items of other sources.
        options: Settings of its reader, see docs/catalogs.md.
    """

    adds_items: bool | None = None
    options: dict[str, Any] = Field(default_factory=dict)


class Options(Strict):
    """Settings of one reader; unknown keys are refused."""


OptionsT = TypeVar("OptionsT", bound=Options)


def read_options(spec: SourceSpec, kind: type[OptionsT]) -> OptionsT:
    """Return the settings that a source has for its reader.

    Raises:
        InputError: For a missing, unknown or ill-typed one, by name.
    """
    try:
        return kind.model_validate(getattr(spec, "options", {}))
    except ValidationError as exc:
        error = exc.errors()[0]
        key = ".".join(["options", *map(str, error["loc"])])
        options = ", ".join(kind.model_fields)
        raise InputError(
            f"source {spec.name}: {key}", error["msg"], f"the {spec.reader} reader knows {options}"
        ) from exc


class NoOptions(Options):
    """For readers without settings."""
