"""The page as one HTML file that loads nothing from the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from builder.records import Scenario
from builder.report.examples import ShownConversation
from builder.report.flow import FlowRow, RejectionExample
from builder.report.lines import Line, ShownTurn, SplitRow, StandIn
from builder.report.results import Figure, Results, SystemResult

SECTIONS = (
    ("results", "Does it work?"),
    ("standins", "What this run used"),
    ("stages", "What each stage did"),
    ("oracles", "What is known about the titles"),
    ("conversation", "An example conversation"),
    ("scenario", "Advice scenarios"),
    ("rejections", "What was left out"),
    ("people", "Review by people"),
    ("splits", "Train, validation, test"),
    ("training", "Training"),
    ("next", "What to do next"),
)
"""Anchor and heading of each section, in the page's order."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A large number at the top."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of the table of systems; `better` gives the better direction, or the unit."""

    key: str
    label: str
    better: str
    decimals: int = 3


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Shares of safe, unsafe and unknown items for a trait, oracle by oracle."""

    trait: str
    shares: tuple[float, ...]
    disagreement: str


@dataclass(frozen=True, slots=True)
class RubricRow:
    """The judge's scores on one rubric; `share_below` of the rows are below its threshold."""

    rubric: str
    n: int
    mean: float
    share_below: float


@dataclass(frozen=True, slots=True)
class SystemRow:
    """One system's figures in the order of the measures."""

    label: str
    what: str
    figures: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, and what it shows in words for readers who cannot see it."""

    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template shows."""

    release: str
    headline: Sequence[Headline]
    reading: Sequence[str]
    results: Results
    measures: Sequence[Measure]
    systems: Sequence[SystemRow]
    stand_ins: Sequence[StandIn]
    flow: Sequence[FlowRow]
    example_trait: str
    oracles: Sequence[str]
    oracle_lines: Sequence[str]
    coverage: Sequence[CoverageRow]
    conversation: ShownConversation | None
    turns: Sequence[ShownTurn]
    scenarios: Sequence[tuple[Scenario, Sequence[tuple[str, str]]]]
    judge: str
    quality: Sequence[RubricRow]
    rejections: Sequence[RejectionExample]
    annotation_lines: Sequence[str]
    annotators: Sequence[Mapping[str, Any]]
    split_rows: Sequence[SplitRow]
    leakage_lines: Sequence[Line]
    charts: Mapping[str, Chart]
    places: Mapping[str, str]


def system_rows(systems: Sequence[SystemResult], measures: Sequence[Measure]) -> list[SystemRow]:
    """Return the table of systems, with None for a measure that a system lacks."""
    return [
        SystemRow(s.label, s.what, tuple(s.figures.get(measure.key) for measure in measures))
        for s in systems
    ]


def render_page(page: Page) -> str:
    """Return the HTML."""
    environment = Environment(
        loader=PackageLoader("builder.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    css = (resources.files("builder.report") / "page.css").read_text(encoding="utf-8")

    template = environment.get_template("page.html.j2")
    return template.render(page=page, css=Markup(css), sections=SECTIONS)
