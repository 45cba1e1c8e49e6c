"""`saferec catalog coverage`: how much each source tells about each trait."""

from __future__ import annotations

from pathlib import Path

from builder.catalog.coverage import Coverage, measure_coverage
from builder.records import Evidence, Item
from builder.tables import iter_table
from builder.taxonomy import Taxonomy
from pipelines.layout import read_layout


def catalog_coverage(folder: Path) -> list[Coverage]:
    """Return the coverage of a project's catalogue, see `measure_coverage`.

    Raises:
        InputError: If the catalogue was not mined yet.
    """
    layout = read_layout(folder)
    return measure_coverage(
        iter_table(layout["items"], Item),
        iter_table(layout["evidence"], Evidence),
        Taxonomy.load(layout["taxonomy"]),
    )
