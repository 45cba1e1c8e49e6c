"""The stage report over small tables, and what DVC needs to draw its plots."""

from __future__ import annotations

import configparser
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.records import Constraint, Conversation, Filtered, Item, Message, Reason, Scenario
from builder.tables import write_table
from pipelines.runtime.layout import read_layout
from pipelines.runtime.stage import Job
from pipelines.stages import report
from tests.factories import (
    GORE,
    make_conversation,
    make_item,
    make_risk,
    make_scenario,
    write_oracle_file,
)

BOTH = {"both_known": 2, "agreement": 0.5, "only_build_unsafe": 1, "only_grade_unsafe": 0}
SIZES = {"train": 1, "validation": 0, "test": 1}
FIGURE = {"value": 0.25, "low": 0.2, "high": 0.3}
MEASURES = ("recall", "ndcg", "svr_lower", "svr_upper", "s_dcg", "unknown_share")


def conversation() -> Conversation:
    asked = Message("user", "Tense films? No gore, please.")
    ids = ("imdb:tt1", "imdb:tt2", "imdb:tt3")
    return make_conversation(
        "c1",
        variant="stated",
        trait=GORE,
        constraint=Constraint(GORE, "stated", "No gore, please.", 0),
        messages=(asked,),
        recommended=ids,
        safe=ids[:2],
        filtered=(Filtered("imdb:tt3", (GORE,)),),
        unknown=(),
    )


def counts(stage: str) -> dict[str, Any]:
    made = {"tasks": 60, "items": 3, "dialogs": 1, "conversations": 1, "scenarios": 1}
    return {
        "stage": stage,
        "in": {"threads/.": 1},
        "out": made,
        "rejected": {},
        "encoder": "offline",
    }


@pytest.fixture
def paths(tmp_path: Path) -> dict[str, Path]:
    films = [("imdb:tt1", "Heat"), ("imdb:tt2", "Up"), ("imdb:tt3", "Saw")]
    items = [make_item(i, title, 2004) for i, title in films]
    risk = make_risk(
        "imdb:tt3", GORE, "unsafe", ddd_trigger=1, source="DDD", reasons=(Reason("base_rate", ()),)
    )
    scenario = make_scenario(domain="health", query="Can I run?")
    write_table(tmp_path / "items", Item, items)
    write_table(tmp_path / "conversations", Conversation, [conversation()])
    write_table(tmp_path / "scenarios", Scenario, [scenario])
    write_oracle_file(tmp_path / "oracle_build", [risk])
    documents: dict[str, Any] = {
        "oracle_report": {
            "agreement": {"all": BOTH, GORE: BOTH},
            "fed_by": {"build": {"maintainers:statement": 7}},
            "calibration": {},
            "text_against_statements": {},
        },
        "quality_report": {"judges": {}, "rubrics": []},
        "annotation_report": {
            "note": "",
            "labels": 0,
            "reviews": {"accepted": 0, "rejected": 0, "unreviewed": 1},
            "krippendorff_alpha": None,
            "annotators": [],
        },
        "leakage_report": {
            "threads": SIZES,
            "conversations": SIZES,
            "threads_in_two_splits": 0,
            "near_copies_across_splits": 0,
            **{name: {} for name in ("askers", "groundtruth_items", "constraint_texts")},
        },
        "metrics": {
            "systems": {
                name: {f"{measure}@10": FIGURE for measure in MEASURES}
                for name in ("plain_sft", "safe_gdpo")
            },
            **{
                f"safe_gdpo_minus_plain_sft{at}": {
                    f"{measure}@10": {"value": 0.0, "low": -0.1, "high": 0.1}
                    for measure in MEASURES
                }
                for at in ("", "_at_equal_length")
            },
            "split": "test",
            "n_rows": 30,
            "n_threads": 21,
        },
    }
    for name, document in documents.items():
        (tmp_path / name).write_text(json.dumps(document))
    rows = [f"{GORE},{o},{v},0.3" for o in ("build", "grade") for v in ("safe", "unsafe")]
    rows += [f"{GORE},{o},unknown,0.4" for o in ("build", "grade")]
    (tmp_path / "coverage_plot").write_text("\n".join(["trait,oracle,verdict,share", *rows]))
    for name in ("sft_log", "gdpo_log"):
        (tmp_path / name).write_text("step,series,value\n0,plain,3.0\n10,plain,2.0\n")
    (tmp_path / "card").write_text("---\nlicense: other\n---\n# saferec-test 9.9.9\n\nText.")
    stages = read_layout().counted_stages
    for folder in ("count_files", "rejection_files"):
        (tmp_path / folder).mkdir()
    for stage in stages:
        (tmp_path / "count_files" / f"{stage}.json").write_text(json.dumps(counts(stage)))
        (tmp_path / "rejection_files" / f"{stage}.jsonl").touch()
    rejection = {"stage": "link", "place": "d1", "reason": "common word", "detail": "Up"}
    (tmp_path / "rejection_files/link.jsonl").write_text(json.dumps(rejection) + "\n")
    names = [*documents, "items", "conversations", "scenarios", "oracle_build", "coverage_plot"]
    names += ["sft_log", "gdpo_log", "card", "count_files", "rejection_files"]
    return {"taxonomy": Path("data/taxonomy"), **{name: tmp_path / name for name in names}}


def test_the_stage_writes_a_page_of_what_the_stages_wrote(
    paths: dict[str, Path], tmp_path: Path
) -> None:
    job = Job("report", seed=1, workers=1)
    page, plots_page = tmp_path / "index.html", tmp_path / "plots.html"
    report.main(job, report.Params(cutoff=10), **paths, page=page, plots_page=plots_page)
    html = page.read_text()
    for words in (
        "saferec-test 9.9.9",
        "<mark>No gore, please.</mark>",
        "no single fact: by how often",
        "are 25.0% with Plain SFT and 25.0% with Safe-GDPO: about the same",
        "30 test rows from 21 threads",
        "common word",
    ):
        assert words in html
    assert "{plot_divs}" in plots_page.read_text()
    assert job.rows_in == {"stages": 18, "systems": 2}
    assert job.figures["bytes"] == len(page.read_bytes())


def test_dvc_is_told_of_the_page_for_its_plots() -> None:
    config = configparser.ConfigParser()
    config.read(".dvc/config")
    template = Path(".dvc", config["plots"]["html_template"])
    assert template.resolve() == read_layout()["plots_page"].resolve()
    assert config["core"]["analytics"] == "false"


def test_every_plot_names_a_template_that_is_there() -> None:
    stages = yaml.safe_load(Path("dvc.yaml").read_text())["stages"]
    plots = [plot for stage in stages.values() for plot in stage.get("plots", [])]
    assert plots
    for plot in plots:
        ((_, told),) = plot.items()
        spec = Path(".dvc/plots", f"{told['template']}.json").read_text()
        assert {"x", "y"} <= told.keys()
        assert json.loads(spec)["data"] == {"values": "<DVC_METRIC_DATA>"}
