"""`saferec catalog coverage`: how much each source tells about each trait, and its texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from builder.catalog.coverage import Coverage, TextCoverage, measure_coverage, measure_texts
from builder.records import Evidence, Item
from builder.tables import iter_table
from builder.taxonomy import Taxonomy
from pipelines.runtime.layout import read_layout


@dataclass(frozen=True, slots=True)
class CatalogCoverage:
    """What sources state of traits, and the texts that they bring."""

    evidence: list[Coverage]
    texts: list[TextCoverage]


def catalog_coverage(folder: Path) -> CatalogCoverage:
    """Return the coverage of a project's catalogue, see `measure_coverage` and `measure_texts`.

    Raises:
        InputError: If the catalogue was not mined yet.
    """
    layout = read_layout(folder)
    stated = measure_coverage(
        iter_table(layout["items"], Item),
        iter_table(layout["evidence"], Evidence),
        Taxonomy.load(layout["taxonomy"]),
    )
    return CatalogCoverage(stated, measure_texts(iter_table(layout["items"], Item)))
