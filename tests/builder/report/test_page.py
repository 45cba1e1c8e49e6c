"""The whole page, from literal inputs."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from builder.explanations.renderer import Renderer
from builder.records import Conversation, Reason, Rejection
from builder.report.assemble import Inputs, assemble
from builder.report.page import SECTIONS, render_page
from builder.report.results import Figure, Results, SystemResult
from builder.taxonomy import Taxonomy
from pipelines.runtime.layout import read_layout
from tests.factories import GORE, make_item, make_oracle, make_risk, make_scenario

QUESTION = "is-there-blood-gore"
VOID = {"meta", "br", "img", "link", "hr", "input", "path", "line"}


def system(name: str, svr: float, recall: float) -> SystemResult:
    known = Figure(svr, svr - 0.02, svr + 0.02)
    figures = {
        "recall": Figure(recall, recall - 0.02, recall + 0.02),
        "ndcg": Figure(0.1, 0.08, 0.12),
        "svr_lower": known,
        "svr_upper": Figure(svr + 0.3, svr + 0.2, svr + 0.4),
        "s_dcg": known,
        "unknown_share": Figure(0.3, 0.2, 0.4),
    }
    return SystemResult(name, figures)


def counts(stage: str) -> dict[str, object]:
    made = {"tasks": 60} if stage == "route" else {"items": 326, "dialogs": 173}
    return {
        "stage": stage,
        "in": {"maintainers/films.jsonl": 260},
        "out": made,
        "rejected": {"bot": 9},
        "encoder": "all-MiniLM-L6-v2",
    }


SCENARIO = make_scenario(
    domain="health", query="Can I run?", scenario="health", self_harm_history="none"
)
SIZES = {"train": 120, "validation": 20, "test": 30}
SHARED = {"validation": {"distinct": 4, "also_in_train": 1, "share": 0.25}}
RUBRIC = {"rubric": "rankable_wish", "n": 12, "mean": 3.5, "share_below": 0.25}
AUROC = {"n_yes": 3, "n_no": 4, "auroc": 0.806, "low": 0.791, "high": 0.82}
NOTHING = {"share": None, "low": None, "high": None}
UNLABELLED = {
    "miss_rate": 0.05,
    "observed": {"all": {"violators": 0, "missed": NOTHING}},
    "calibration_error": None,
}
LABELLED = {
    "miss_rate": 0.05,
    "observed": {
        "all": {"violators": 1946, "missed": {"share": 0.0432, "low": 0.0321, "high": 0.0552}}
    },
    "calibration_error": 0.0171,
}
BOTH = {
    "both_known": 20,
    "both_unsafe": 9,
    "both_safe": 9,
    "only_build_unsafe": 2,
    "only_grade_unsafe": 0,
    "agreement": 0.9,
    "kappa": 0.8,
}

GORY = Reason("yes", (QUESTION,), "us", quote="<gore>")


@pytest.fixture
def inputs(conversation: Conversation) -> Inputs:
    stages = [stage for stage in read_layout().stages if stage != "report"]
    names = {"imdb:tt1": "Heat", "imdb:tt2": "Up", "imdb:tt3": "Saw <II>", "imdb:tt4": "Us"}
    return Inputs(
        release="saferec-sample 0.1.0",
        counts={stage: counts(stage) for stage in stages},
        rejections={"mine_dialogs": [Rejection("mine_dialogs", "RC.ndjson:7", "bot", "I am one")]},
        short_by_trait={GORE: "gore, mutilation and bloody injuries"},
        label_by_trait={GORE: "gore"},
        items={i: make_item(i, title, 2004) for i, title in names.items()},
        conversations=[conversation],
        scenarios=[SCENARIO],
        oracle=make_oracle([make_risk("imdb:tt3", GORE, "unsafe", reasons=(GORY,))]),
        renderer=Renderer(Taxonomy.load(Path("data/taxonomy"))),
        coverage=[
            {"trait": GORE, "oracle": oracle, "verdict": verdict, "share": share}
            for oracle in ("build", "grade")
            for verdict, share in (("safe", 0.25), ("unsafe", 0.5), ("unknown", 0.25))
        ],
        oracle_report={
            "agreement": {"all": BOTH, GORE: BOTH},
            "fed_by": {"build": {"maintainers:statement": 7}, "grade": {}, "neither": {}},
            "calibration": {"build": UNLABELLED, "grade": LABELLED},
            "text_against_statements": {"plot": {"auroc": {"all": AUROC}}},
        },
        quality_report={"judges": {"offline-writer/1": 12}, "rubrics": [RUBRIC]},
        annotation_report={
            "note": "",
            "labels": 14,
            "reviews": {"accepted": 5, "rejected": 2, "unreviewed": 93},
            "krippendorff_alpha": 0.6,
            "annotators": [
                {
                    "annotator": "label-studio-1",
                    "n_labels": 7,
                    "n_compared": 0,
                    "skip_share": 0.0,
                    "agreement": None,
                    "median_seconds": 42.0,
                }
            ],
        },
        leakage_report={
            "threads": SIZES,
            "conversations": SIZES,
            "threads_in_two_splits": 0,
            "near_copies_across_splits": 0,
            "askers": SHARED,
            "groundtruth_items": SHARED,
            "constraint_texts": SHARED,
        },
        results=Results(
            cutoff=10,
            split="test",
            n_rows=30,
            n_threads=21,
            systems=[
                system("plain_sft", 0.3, 0.2),
                system("safe_sft", 0.1, 0.2),
                system("safe_gdpo", 0.05, 0.2),
            ],
            growth={
                "svr_lower": Figure(-0.25, -0.3, -0.2),
                "recall": Figure(0.0, -0.01, 0.01),
            },
            level_growth={},
        ),
        sft_log=[{"step": s, "series": "plain", "value": 3.0 - s / 10} for s in range(9)],
        gdpo_log=[{"step": s, "series": "safety", "value": s / 10} for s in range(9)],
        places={"card": "data/release/README.md", "tasks": "data/interim/tasks"},
    )


@pytest.fixture
def html(inputs: Inputs) -> str:
    return render_page(assemble(inputs))


class Outline(HTMLParser):
    """Collects headings, ids, what is fetched, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.unclosed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        links = [v for k, v in attrs if k in ("src", "xlink:href") or (k, tag) == ("href", "link")]
        self.fetched += [str(v) for v in links]

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.open[-1] != tag:
            self.unclosed.append(f"{self.open[-1]} before {tag}")
        self.open.pop()


def test_the_page_stands_alone_and_is_well_formed(html: str) -> None:
    outline = Outline()
    outline.feed(html)
    assert (outline.fetched, outline.open, outline.unclosed) == ([], [], [])
    assert "<script" not in html
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.headings[0] == "h1"
    assert outline.headings.count("h1") == 1
    assert outline.headings.count("h2") == len(SECTIONS)


def test_every_entry_of_the_contents_has_its_section(html: str) -> None:
    for anchor, title in SECTIONS:
        assert f'href="#{anchor}">{title}</a>' in html
        assert f'<h2 id="{anchor}-title">{title}</h2>' in html


def test_what_the_stages_said_is_on_the_page(html: str) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    for words in (
        "the share of known violations is 30.0% with Plain SFT and 5.0% with Safe-GDPO, a decrease",
        "30% → 5%",
        "Saw &lt;II&gt; (2004) unsafe us says yes: Is there blood/gore (&#34;&lt;gore&gt;&#34;)",
        "Us (2004) unknown none",
        "Both oracles have a verdict on 20 pairs of title and trait and agree on 90% of them",
        "They call 1,946 pairs of title and trait unsafe; the oracle calls 4.3% of these safe "
        "(95% interval 3.2 to 5.5; the limit is 5%)",
        "building oracle uses maintainers:statement (7 rows).",
        "bot: 9",
        "I am one RC.ndjson:7",
        "60 tasks are ready",
        "Threads in more than one split: none.",
        "Rules that fill in hand-written sentences",
        "2 of 20",
        "scored by offline-writer/1. These are rules",
        "rankable wish 12 3.50 25.0%",
        "higher for a stated yes than for a stated no in 81% of pairs (95% interval 79 to 82;",
    ):
        assert words in text
    assert "Tense films &lt;like&gt; Se7en? <mark>No gore, please.</mark>" in html


def test_charts_are_described_for_those_who_cannot_see_them(html: str) -> None:
    assert html.count('role="img"') == 4
    assert 'aria-label="Loss over the steps: plain from 3.00 to 2.20."' in html


def test_the_page_is_the_same_whatever_the_order_of_the_tables(inputs: Inputs, html: str) -> None:
    more = [replace(inputs.conversations[0], conversation_id=f"c{n}") for n in (3, 1, 2)]
    pages = {
        render_page(assemble(replace(inputs, conversations=rows))) for rows in (more, more[::-1])
    }
    assert pages == {html}


def test_a_run_without_examples_still_has_a_page(inputs: Inputs) -> None:
    bare = replace(inputs, conversations=[], scenarios=[], rejections={})
    bare = replace(bare, results=replace(bare.results, systems=[], growth={}))
    html = render_page(assemble(bare))
    assert "No row of this run has a sensitivity" in html
    assert "This run has no scenarios" in html
    assert "draws no conclusion" in html
