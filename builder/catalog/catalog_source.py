"""A catalogue source as params.yaml configures it: what every source says, and its reader's own."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import Field, ValidationError

from builder.errors import InputError
from builder.settings import Strict
from builder.sources import SourceSpec


class CatalogSource(SourceSpec):
    """One configured catalogue source.

    `adds_items` overrides its reader's habit: true lets each row be an item of its own, false
    lets rows only add to items that other sources bring. `options` are the reader's own settings,
    see docs/catalogs.md.
    """

    adds_items: bool | None = None
    options: dict[str, Any] = Field(default_factory=dict)


class Options(Strict):
    """What one reader wants to be told: unknown keys are refused."""


OptionsT = TypeVar("OptionsT", bound=Options)


def read_options(spec: SourceSpec, kind: type[OptionsT]) -> OptionsT:
    """Return the reader's own settings of a source.

    Raises:
        InputError: For a missing, unknown or ill-typed one, by name.
    """
    try:
        return kind.model_validate(getattr(spec, "options", {}))
    except ValidationError as exc:
        error = exc.errors()[0]
        key = ".".join(["options", *map(str, error["loc"])])
        known = ", ".join(kind.model_fields)
        raise InputError(
            f"source {spec.name}: {key}", error["msg"], f"the {spec.reader} reader knows {known}"
        ) from exc


class NoOptions(Options):
    """For readers that need not be told anything."""
