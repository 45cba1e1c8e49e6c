"""`saferec synth plan`: what would be asked, found by asking nobody."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.errors import InputError
from builder.records import Dialog, Item, Request
from builder.tables import write_table
from pipelines.cli.commands.plan import plan_run, remarks
from pipelines.runtime.params import PARAMS_FILE, read_params
from pipelines.runtime.stage import Job
from pipelines.stages import assign
from tests.factories import (
    GORE,
    make_dialog,
    make_item,
    make_request,
    make_risk,
    make_turn,
    write_oracle_file,
)
from tests.support.chat_calls import settings_for, write_prices
from tests.support.chat_server import counted, running
from tests.support.projects import saferec

N_SAMPLES = 4


@pytest.fixture
def folder(tmp_path: Path, gore_taxonomy: Path) -> Path:
    """Make a project's folder with four requests and an endpoint as the writer of `assign`."""
    folder = tmp_path / "project"
    (folder / "data/interim").mkdir(parents=True)
    for name in ("dvc.yaml", "calibration.yaml"):
        shutil.copy(name, folder)
    gore_taxonomy.rename(folder / "data/taxonomy")
    ids = [f"t{n}#1" for n in range(N_SAMPLES)]
    text = "Films for a long weekend, please."
    requests = [make_request(text, i, recommended=("a", "b")) for i in ids]
    risks = [
        make_risk("a", GORE, "unsafe", ddd_trigger=1, source="DDD"),
        make_risk("b", GORE, "safe"),
    ]
    turn = make_turn("I am 31 and a nurse. What should I watch?", turn_id="u1")
    dialogs = [make_dialog(turn)]
    items = [make_item(i) for i in "ab"]
    interim = folder / "data/interim"
    write_table(interim / "requests.parquet", Request, requests)
    write_table(interim / "items.parquet", Item, items)
    write_oracle_file(interim / "oracle_build.arrow", risks)
    write_table(interim / "dialogs.parquet", Dialog, dialogs)
    write_prices(folder / "prices.yaml")
    write_params(folder)
    return folder


def write_params(folder: Path, **changes: object) -> None:
    params = read_params()
    changes = {"prices": str(folder / "prices.yaml"), **changes}
    settings = settings_for(folder / "ledger.sqlite", **changes)
    params.sections["writers"]["small"] = settings.model_dump(mode="json")
    params.sections["assign"]["writer"] = "small"
    params.sections["scenarios"]["per_domain"] = 3
    (folder / PARAMS_FILE).write_text(yaml.safe_dump(params.of_file(PARAMS_FILE)))


def run_assign(folder: Path) -> dict[str, Any]:
    settings, interim = read_params(folder), folder / "data/interim"
    job = Job("assign", settings.sections["run"]["seed"], workers=1)
    paths = {name: interim / f"{name}.parquet" for name in ("requests", "items", "assignments")}
    paths["oracle_build"] = interim / "oracle_build.arrow"
    params = settings.section(assign.Params, "assign")
    assign.main(job, params, taxonomy=folder / "data/taxonomy", **paths)
    return job.log["chat"]  # type: ignore[no-any-return]


def test_what_is_planned_is_what_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    before = sorted(folder.rglob("*"))
    plans = {plan.stage: plan for plan in plan_run(folder)}
    assert sorted(folder.rglob("*")) == before
    assert list(plans) == ["assign", "synthesize", "scenarios", "judge"]
    planned = plans["assign"]
    assert planned.forecast.requests >= N_SAMPLES
    assert (planned.model, planned.forecast.paid_before) == ("small-model", 0)
    assert str(planned.price_as_of) == "2026-01-02"
    assert plans["judge"].model is None
    assert plans["scenarios"].forecast.requests > 21
    assert planned.cost is not None
    assert 0 < planned.cost.low < planned.cost.high
    with running("naive", 0, 0.0) as url:
        chat = run_assign(folder)
        assert counted(url)["calls"] == planned.forecast.requests
    assert chat["used"]["calls"] == planned.forecast.requests
    [after, *_] = plan_run(folder)
    assert after.forecast.paid_before == planned.forecast.requests
    assert after.cost is not None
    assert (after.cost.low, after.cost.high) == (0, 0)
    assert after.spent_tokens == sum(chat["used"][f"{n}_tokens"] for n in ("prompt", "completion"))


def test_an_unknown_price_is_said_so(folder: Path) -> None:
    write_params(folder, model="another")
    plans = plan_run(folder)
    assert plans[0].cost is None
    assert "assign: no price is known for another, so its cost is unknown." in [*remarks(plans)]


def test_a_budget_that_is_too_small_is_told(folder: Path) -> None:
    write_params(folder, budget_usd=0.00001)
    [told] = [line for line in remarks(plan_run(folder)) if "budget" in line]
    assert re.fullmatch(
        r"assign: at the high end \$0\.\d{4} would be spent by its end, beyond budget_usd 1e-05; "
        r"the run would stop there\.",
        told,
    )
    write_params(folder, budget_tokens=1)
    assert any("beyond budget_tokens 1; the run" in line for line in remarks(plan_run(folder)))
    write_params(folder, budget_usd=0.0)
    with pytest.raises(InputError, match="budget_usd: is 0"):
        plan_run(folder)


def test_the_command_prints_a_table_or_json(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    told = saferec("synth", "plan", columns=120)
    assert told.exit_code == 0, told.output
    row = next(line for line in told.stdout.splitlines() if "assign" in line)
    assert "small-model" in row
    *stages, total = [line.split() for line in told.stdout.splitlines()[1:6]]
    assert total[0] == "all"
    assert int(total[1]) == sum(int(cells[2]) for cells in stages)
    as_json = saferec("synth", "plan", "--json")
    assert json.loads(as_json.stdout)["stages"][0]["stage"] == "assign"
    os.remove("data/interim/requests.parquet")
    told = saferec("synth", "plan")
    assert told.exit_code == 2
    assert "does not exist yet; run `dvc repro link` first" in told.stderr
