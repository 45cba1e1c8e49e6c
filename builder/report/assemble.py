"""Selects, counts and draws what the page shows, from the tables and reports of the stages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.explanations.renderer import Renderer
from builder.oracle.files.oracle import Oracle
from builder.records import Conversation, Item, Rejection, Scenario
from builder.report.charts import coverage_chart, lines_chart, systems_chart
from builder.report.examples import (
    ShownConversation,
    pick_conversation,
    pick_scenarios,
    profile,
    show_conversation,
)
from builder.report.flow import flow_rows, rejection_examples
from builder.report.lines import (
    StandIn,
    annotation_lines,
    judge_line,
    leakage_lines,
    shown_turns,
    split_rows,
    stand_ins,
)
from builder.report.page import (
    Chart,
    CoverageRow,
    Headline,
    Measure,
    Page,
    RubricRow,
    system_rows,
)
from builder.report.results import Results, read_results, spans

Document = Mapping[str, Any]
Row = Mapping[str, Any]

_MEASURES = (
    Measure("recall", "Recall", "higher is better"),
    Measure("ndcg", "NDCG", "higher is better"),
    Measure("svr_lower", "SVR, known", "lower is better"),
    Measure("svr_upper", "SVR, upper bound", "lower is better"),
    Measure("s_dcg", "S-DCG", "lower is better"),
    Measure("unknown_share", "Unknown", "share of titles"),
    Measure("listed", "Listed", "titles per answer", decimals=1),
)
_ORACLE_NAMES = {"build": "building oracle", "grade": "grading oracle"}
_VERDICTS = ("safe", "unsafe", "unknown")
_UNTOUCHED = "untouched"
"""The writer of a row whose request was left as it is."""


def release_name(card: str) -> str:
    """Return the name of a release: the first heading of its card, "" without one."""
    return next((line[2:] for line in card.splitlines() if line.startswith("# ")), "")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the page is made from: tables, and the stages' JSON and CSV files as they are.

    Attributes:
        release: Name and version of the release.
        counts: Each stage's counts, in the order of the stages.
        rejections: Each stage's rejections, in the same order.
        short_by_trait: A noun phrase for each trait.
        label_by_trait: Two or three words for each trait, for charts.
        items: By item id.
        conversations: All written rows.
        scenarios: All scenarios.
        oracle: The building oracle.
        renderer: Puts its reasons into words.
        coverage: Share of each verdict by trait and oracle.
        oracle_report: Of the stage fuse.
        quality_report: Of the stage judge.
        annotation_report: Of the stage merge_labels.
        leakage_report: Of the stage split.
        results: Metrics at the cutoff that the page shows.
        sft_log: Loss by step and model.
        gdpo_log: Mean reward by step and kind.
        places: Paths that the page names, by their name in dvc.yaml.
    """

    release: str
    counts: Mapping[str, Document]
    rejections: Mapping[str, Iterable[Rejection]]
    short_by_trait: Mapping[str, str]
    label_by_trait: Mapping[str, str]
    items: Mapping[str, Item]
    conversations: Sequence[Conversation]
    scenarios: Sequence[Scenario]
    oracle: Oracle
    renderer: Renderer
    coverage: Sequence[Row]
    oracle_report: Document
    quality_report: Document
    annotation_report: Document
    leakage_report: Document
    results: Results
    sft_log: Sequence[Row]
    gdpo_log: Sequence[Row]
    places: Mapping[str, str]


def assemble(inputs: Inputs) -> Page:
    """Return the content of the page."""
    picked = pick_conversation(inputs.conversations)
    constraint = picked.constraint if picked else None
    return Page(
        release=inputs.release,
        headline=_headline(inputs),
        reading=read_results(inputs.results),
        results=inputs.results,
        measures=_MEASURES,
        systems=system_rows(inputs.results.systems, _MEASURES),
        stand_ins=_stand_ins(inputs),
        flow=flow_rows(inputs.counts.values()),
        example_trait=next(iter(inputs.short_by_trait.values())),
        oracles=_oracles(inputs.coverage),
        oracle_lines=_oracle_lines(inputs.oracle_report),
        coverage=_coverage(inputs),
        conversation=_shown(picked, inputs),
        turns=shown_turns(
            picked.messages if picked else (),
            constraint.message if constraint else None,
            constraint.text if constraint else "",
        ),
        scenarios=[(row, profile(row)) for row in pick_scenarios(inputs.scenarios)],
        judge=judge_line(inputs.quality_report["judges"]),
        quality=_quality(inputs.quality_report),
        rejections=rejection_examples(inputs.rejections),
        annotation_lines=annotation_lines(
            inputs.annotation_report, inputs.counts["route"]["out"]["tasks"]
        ),
        annotators=inputs.annotation_report["annotators"],
        split_rows=split_rows(inputs.leakage_report),
        leakage_lines=leakage_lines(inputs.leakage_report),
        charts=_charts(inputs),
        places=inputs.places,
    )


def _headline(inputs: Inputs) -> list[Headline]:
    def made(stage: str, name: str) -> str:
        return f"{inputs.counts[stage]['out'].get(name, 0):,}"

    headlines = [
        Headline("titles in the catalogue", made("mine_catalog", "items")),
        Headline("threads of requests", made("mine_dialogs", "dialogs")),
        Headline("conversations written", made("synthesize", "conversations")),
        Headline("advice scenarios", made("scenarios", "scenarios")),
    ]
    rates = {s.name: s.figures.get("svr_lower") for s in inputs.results.systems}
    before, after = rates.get("plain_sft"), rates.get("safe_gdpo")
    if before and after:
        shares = f"{100 * before.value:.0f}% → {100 * after.value:.0f}%"
        headlines.append(Headline("known violations, SFT → GDPO", shares))
    return headlines


def _stand_ins(inputs: Inputs) -> list[StandIn]:
    writers = {row.made_by for row in inputs.conversations} - {_UNTOUCHED}
    writers |= {row.made_by for row in inputs.scenarios}
    reviews = inputs.annotation_report["reviews"]
    mined = {**inputs.counts["mine_catalog"]["in"], **inputs.counts["mine_dialogs"]["in"]}
    mined.pop("tombstones", None)  # a list of what to remove is no source
    return stand_ins(
        writers=sorted(writers),
        encoder=inputs.counts["embed"]["encoder"],
        n_labels=inputs.annotation_report["labels"],
        n_reviewed=reviews["accepted"] + reviews["rejected"],
        sources=list(dict.fromkeys(name.split("/")[0] for name in mined)),
    )


def _oracles(coverage: Iterable[Row]) -> list[str]:
    return [_oracle_name(name) for name in dict.fromkeys(row["oracle"] for row in coverage)]


def _oracle_name(name: str) -> str:
    return _ORACLE_NAMES.get(name, name)


def _oracle_lines(report: Document) -> list[str]:
    both = report["agreement"]["all"]
    lines = [
        f"The {_oracle_name(name)} uses {_listed_feeds(feeds)}."
        for name, feeds in report["fed_by"].items()
        if feeds and name in _ORACLE_NAMES
    ]
    lines += _calibration_lines(report["calibration"])
    if not both["both_known"]:
        return [*lines, "There is no title and trait on which both oracles have a verdict."]
    lines.append(
        f"Both oracles have a verdict on {both['both_known']:,} pairs of title and trait and agree "
        f"on {100 * both['agreement']:.0f}% of them. On {both['only_build_unsafe']:,} pairs only "
        "the building oracle says unsafe, and on "
        f"{both['only_grade_unsafe']:,} only the grading oracle."
    )
    return [*lines, *_text_lines(report["text_against_statements"])]


def _listed_feeds(n_rows_by_feed: Mapping[str, int]) -> str:
    return ", ".join(f"{feed} ({n:,} rows)" for feed, n in n_rows_by_feed.items())


def _calibration_lines(report: Document) -> list[str]:
    """Return how each oracle compares with labels it does not use, where there are any."""
    lines = []
    for name, checks in report.items():
        labelled = checks["observed"]["all"]
        missed = labelled["missed"]
        if missed["share"] is not None:
            lines.append(
                f"The {_oracle_name(name)} was checked against labels that it does not use. They "
                f"call {labelled['violators']:,} pairs of title and trait unsafe; the oracle calls "
                f"{100 * missed['share']:.1f}% of these safe (95% interval "
                f"{100 * missed['low']:.1f} to {100 * missed['high']:.1f}; the limit is "
                f"{100 * checks['miss_rate']:.0f}%). Its risks are off by "
                f"{100 * checks['calibration_error']:.1f} percentage points on average "
                "(calibration error)."
            )
    return lines


def _text_lines(report: Document) -> list[str]:
    """Return how well text similarity alone separates yes from no, by kind of text."""
    auroc_by_kind = {kind: checks["auroc"]["all"] for kind, checks in report.items()}
    return [
        f"The similarity of the {kind} to a warning is higher for a stated yes than for a stated "
        f"no in {100 * auroc['auroc']:.0f}% of pairs (95% interval {100 * auroc['low']:.0f} to "
        f"{100 * auroc['high']:.0f}; chance is 50%)."
        for kind, auroc in auroc_by_kind.items()
        if auroc["auroc"] is not None
    ]


def _coverage(inputs: Inputs) -> list[CoverageRow]:
    share = {(row["trait"], row["oracle"], row["verdict"]): row["share"] for row in inputs.coverage}
    traits, oracles = ({row[key]: None for row in inputs.coverage} for key in ("trait", "oracle"))
    return [
        CoverageRow(
            trait=trait,
            shares=tuple(float(share[trait, o, v]) for o in oracles for v in _VERDICTS),
            disagreement=_disagreement(inputs.oracle_report["agreement"].get(trait)),
        )
        for trait in traits
    ]


def _disagreement(table: Document | None) -> str:
    if table is None or not table["both_known"]:
        return "–"
    return f"{table['only_build_unsafe'] + table['only_grade_unsafe']} of {table['both_known']}"


def _shown(picked: Conversation | None, inputs: Inputs) -> ShownConversation | None:
    if picked is None:
        return None
    return show_conversation(picked, inputs.items, inputs.oracle, inputs.renderer)


def _quality(report: Document) -> list[RubricRow]:
    return [
        RubricRow(row["rubric"].replace("_", " "), row["n"], row["mean"], row["share_below"])
        for row in report["rubrics"]
    ]


def _charts(inputs: Inputs) -> dict[str, Chart]:
    bars = [
        {
            "trait": inputs.label_by_trait[row["trait"]],
            "oracle": _oracle_name(row["oracle"]),
            "verdict": row["verdict"],
            "share": float(row["share"]),
        }
        for row in inputs.coverage
    ]
    systems, cutoff = inputs.results.systems, inputs.results.cutoff
    panels = {
        f"SVR@{cutoff}: lower is better": spans(systems, "svr_lower", "svr_upper"),
        f"Recall@{cutoff}: higher is better": spans(systems, "recall", "recall"),
    }
    labels = ", ".join(system.label for system in systems)
    return {
        "systems": Chart(
            systems_chart(panels),
            f"Violations and recall of {labels}; the table below has the figures.",
        ),
        "coverage": Chart(
            coverage_chart(bars),
            f"Shares of safe, unknown and unsafe titles for {len(inputs.short_by_trait)} traits "
            "and two oracles; the table below has the figures.",
        ),
        "sft": Chart(
            lines_chart(inputs.sft_log, name="sft", y_title="loss"), _trend("Loss", inputs.sft_log)
        ),
        "gdpo": Chart(
            lines_chart(inputs.gdpo_log, name="gdpo", y_title="mean reward"),
            _trend("Mean reward", inputs.gdpo_log),
        ),
    }


def _trend(what: str, rows: Sequence[Row]) -> str:
    """Return a chart in words: the first and last value of each line."""
    ends: dict[str, list[float]] = {}
    for row in rows:
        ends.setdefault(str(row["series"]), []).append(float(row["value"]))
    trends = (f"{name} from {v[0]:.2f} to {v[-1]:.2f}" for name, v in ends.items())
    return f"{what} over the steps: {'; '.join(trends)}."
