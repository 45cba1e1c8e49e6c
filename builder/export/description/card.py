"""The dataset card of a release: README.md with the front matter that the Hugging Face Hub reads.

The text is card.md beside this module; all numbers come from `facts.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from huggingface_hub import DatasetCard, DatasetCardData
from jinja2 import Environment, StrictUndefined
from pydantic import Field, field_validator

from builder.export.choose import Config, ExportRule
from builder.export.description.facts import RowFacts, SourceLine, VerdictLine, WriterLine
from builder.export.release_layout import FOLDER_OF, SPLITS_OF
from builder.records import Split
from builder.settings import Strict

_TEMPLATE = Path(__file__).with_name("card.md").read_text(encoding="utf-8")

_HUB_LICENCES = {
    *("apache-2.0", "mit", "odbl", "cc0-1.0", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0"),
    *("cc-by-sa-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0", "pddl", "gpl-3.0"),
}
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"))


Words = Annotated[str, Field(min_length=1)]


class Release(Strict):
    """What people decide about a release.

    Attributes:
        name: Its title on the Hub.
        version: Its version number.
        published: Its date, YYYY-MM-DD.
        summary: A description in a sentence or two.
        creator: The organization that publishes it.
        cite_as: How to cite it.
    """

    name: Words
    version: Words
    published: str
    summary: Words
    creator: Words
    cite_as: Words

    @field_validator("published")
    @classmethod
    def _is_a_date(cls, value: str) -> str:
        date.fromisoformat(value)
        return value


@dataclass(frozen=True, slots=True)
class CardFacts:
    """Everything that the card counts.

    Attributes:
        rule: When a conversation became a row.
        rows: Counts over the SafeRec rows.
        n_scenarios: Rows of PENGUIN.
        writers: Who wrote the rows.
        sources: Sources of threads, titles and evidence.
        build_verdicts: Verdicts of the building oracle, one line per trait.
        grade_verdicts: Verdicts of the grading oracle, for the same traits in the same order.
    """

    rule: ExportRule
    rows: RowFacts
    n_scenarios: int
    writers: Sequence[WriterLine]
    sources: Sequence[SourceLine]
    build_verdicts: Sequence[VerdictLine]
    grade_verdicts: Sequence[VerdictLine]


def hub_licences(sources: Sequence[SourceLine]) -> list[str]:
    """Return the licences as the Hub spells them; those it has no name for become "other"."""
    spelled = {source.licence.casefold() for source in sources}
    return sorted({licence if licence in _HUB_LICENCES else "other" for licence in spelled})


def render_card(release: Release, facts: CardFacts) -> str:
    """Return the README.md of a release.

    Raises:
        ValueError: If the Hub's own reader does not accept the front matter.
    """
    places = [(c, s, facts.rows.n_by_place.get((c, s), 0)) for c in SPLITS_OF for s in SPLITS_OF[c]]
    front = DatasetCardData(
        pretty_name=release.name,
        language=["en"],
        license=hub_licences(facts.sources),
        annotations_creators=["machine-generated"],
        task_categories=["text-generation"],
        size_categories=[_size_of(facts.rows.n_rows + facts.n_scenarios)],
        tags=["recommendation", "conversational", "safety", "saferec", "penguin"],
        configs=_configs(places),
    )
    template = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    ).from_string(_TEMPLATE)
    verdicts = list(zip(facts.build_verdicts, facts.grade_verdicts, strict=True))
    body = template.render(
        release=release, facts=facts, places=places, verdicts=verdicts, folder_of=FOLDER_OF
    )
    return str(DatasetCard(f"---\n{front.to_yaml()}\n---\n\n{body}"))


def _configs(places: Sequence[tuple[Config, Split, int]]) -> list[dict[str, Any]]:
    # One configuration per split: the Hub's reader wants one schema per configuration, and the
    # reference's `constraints` differ from split to split. It also wants one file format per
    # repository, so PENGUIN, which is JSON, is loaded by its path.
    return [
        {
            "config_name": f"{config}_{split}",
            "data_files": [
                {"split": split, "path": f"saferec/{FOLDER_OF[config]}/{split}/data-*.arrow"}
            ],
        }
        for config, split, n_rows in places
        if n_rows
    ]


def _size_of(n_rows: int) -> str:
    return next((name for below, name in _SIZES if n_rows < below), "n>1M")
