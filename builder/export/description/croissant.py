"""The Croissant description of a release (MLCommons Croissant 1.0), checked by its validator.

The Arrow files of SafeRec are listed with their hashes; the files that mlcroissant can read (JSON,
JSON lines, Parquet) are also described field by field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import mlcroissant as mlc

from builder.export.description.card import Release
from builder.export.description.checksums import ReleasedFile
from builder.export.formats.penguin import COLUMNS
from builder.export.release_layout import INDEX_FILE, PENGUIN_FILE, SPLITS_OF
from builder.records import ExportRow
from builder.rows import schema_of

_FORMATS = {
    ".arrow": "application/vnd.apache.arrow.stream",
    ".json": "application/json",
    ".jsonl": "application/jsonlines",
    ".parquet": "application/x-parquet",
}


@dataclass(frozen=True, slots=True)
class _Table:
    """A file whose columns are described.

    Attributes:
        name: Name of the record set.
        path: File of the release.
        description: Description of the record set.
        columns: Names of its fields.
        by_json_path: Whether the file is a single JSON document, whose fields have JSON paths.
    """

    name: str
    path: str
    description: str
    columns: Sequence[str]
    by_json_path: bool = False


def _tables() -> list[_Table]:
    penguin = f"penguin/{PENGUIN_FILE}"
    index = f"saferec/{INDEX_FILE}"
    beside = ("conversation_id", "dialog_id", "made_by", "constraint_text")
    return [
        _Table("penguin", penguin, "PENGUIN scenarios", COLUMNS, by_json_path=True),
        _Table("index", index, "The conversation of every SafeRec row", schema_of(ExportRow).names),
        *(
            _Table(
                f"intermediate_{s}",
                f"saferec/intermediate/{s}.jsonl",
                f"What the {s} rows were made from",
                beside,
            )
            for s in SPLITS_OF["sft"]
        ),
    ]


def describe(
    release: Release, licences: Sequence[str], files: Sequence[ReleasedFile]
) -> dict[str, Any]:
    """Return the JSON-LD of a release.

    Raises:
        mlcroissant.ValidationError: If the description violates the format.
    """
    context = mlc.Context()
    metadata = mlc.Metadata(
        ctx=context,
        name=release.name,
        description=release.summary,
        version=release.version,
        date_published=release.published,
        cite_as=release.cite_as,
        license=list(licences),
        creators=[mlc.Organization(ctx=context, name=release.creator)],
        in_language=["en"],
        distribution=[_file(context, file) for file in files],
        record_sets=[_record_set(context, table) for table in _tables()],
    )
    json_ld: dict[str, Any] = metadata.to_json()
    return json_ld


def _file(context: Any, file: ReleasedFile) -> Any:
    path = PurePosixPath(file.path)
    return mlc.FileObject(
        ctx=context,
        id=file.path,
        name=path.name,
        content_url=file.path,
        content_size=f"{file.n_bytes} B",
        encoding_formats=[_FORMATS[path.suffix]],
        sha256=file.sha256,
    )


def _record_set(context: Any, table: _Table) -> Any:
    fields = [_field(context, table, column) for column in table.columns]
    return mlc.RecordSet(
        ctx=context, id=table.name, name=table.name, description=table.description, fields=fields
    )


def _field(context: Any, table: _Table, column: str) -> Any:
    extract = (
        mlc.Extract(ctx=context, json_path=f"$[*].{column}")
        if table.by_json_path
        else mlc.Extract(ctx=context, column=column)
    )
    return mlc.Field(
        ctx=context,
        id=f"{table.name}/{column}",
        name=column,
        data_types=mlc.DataType.INTEGER if column == "row" else mlc.DataType.TEXT,
        repeated=column.endswith("_ids") or None,
        source=mlc.Source(ctx=context, file_object=table.path, extract=extract),
    )
