"""The stage report over small tables, and what DVC needs to draw its plots."""

from __future__ import annotations

import configparser
import json
from pathlib import Path

import pytest
import yaml

from builder.records import (
    Constraint,
    Conversation,
    Filtered,
    Item,
    Message,
    Reason,
    Scenario,
)
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
from tests.support.report_documents import TEXTS, write_report_documents


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
    tables = ("items", "conversations", "scenarios", "oracle_build")
    names = (*tables, *TEXTS, "count_files", "rejection_files")
    path_by_name = {name: tmp_path / name for name in names}
    write_report_documents(path_by_name)
    return {"taxonomy": Path("data/taxonomy"), **path_by_name}


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
        "the share of known violations is 25.0%",
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
