"""The command as people run it: what it prints and the exit code."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from builder.records import Item, Reason
from builder.tables import write_table
from tests.factories import make_item, make_risk, write_oracle_file
from tests.support.projects import saferec

SECRET = "sk-do-not-print-me"
PARAMS = """
run: {seed: 1, workers: 1}
inputs: {taxonomy: data/taxonomy, tombstones: t, link_decisions: d}
mine_catalog:
  root: films
  sources: [{name: a, reader: maintained, path: a.jsonl, licence: CC0-1.0, retrieved: '2026-11-21'}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copyfile("dvc.yaml", tmp_path / "dvc.yaml")
    shutil.copytree("data/taxonomy", tmp_path / "data/taxonomy")
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "calibration.yaml").write_text("{}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


GORE, NEEDLES = "Anti-gore / squeamish", "Needle/medical procedure phobia"
BLOOD = "is-there-blood-gore"
SAYS_YES = tuple(Reason("yes", (BLOOD,), f"[{source}]") for source in "abcd")


def with_saw(folder: Path) -> None:
    item = make_item("imdb:tt1", "Saw", 2004, genres=("Horror",))
    write_table(folder / "data/interim/items.parquet", Item, [item])
    for oracle, verdict, reasons in (
        ("build", "unsafe", SAYS_YES),
        ("grade", "unknown", (Reason("unanswered", (BLOOD,)),)),
    ):
        rows = [
            make_risk("imdb:tt1", GORE, verdict, oracle=oracle, low=0.0, reasons=reasons),
            make_risk("imdb:tt1", NEEDLES, "unknown", oracle=oracle),
        ]
        write_oracle_file(folder / f"data/interim/oracle_{oracle}.arrow", rows, [item], oracle)


def test_version_is_that_of_the_package() -> None:
    result = saferec("--version")
    assert result.exit_code == 0
    assert result.stdout == f"{version('saferec-builder')}\n"


def test_before_any_run_each_command_says_so_in_one_line(folder: Path) -> None:
    for words in (["show", "Saw"], ["summary"]):
        result = saferec(*words)
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
        assert "run `make repro`" in result.stderr
        assert "Traceback" not in result.output


def test_show_tells_verdicts_with_their_reasons(folder: Path) -> None:
    with_saw(folder)
    lines = saferec("show", "Saw (2004)").stdout.splitlines()
    assert lines[0] == "Saw (2004)  imdb:tt1  Horror"
    assert "  building  unsafe   0–100%  [a] says yes: Is there blood/gore" in [
        line.rstrip() for line in lines
    ]
    assert any(line.strip() == "and 1 more: --full" for line in lines)
    assert lines[-1] == f"Unknown to both: {NEEDLES}. Reasons: --full"
    full = saferec("show", "Saw", "--full").stdout
    assert "[d] says yes" in full
    assert "Unknown to both" not in full


def test_show_as_json_holds_all(folder: Path) -> None:
    with_saw(folder)
    told = json.loads(saferec("show", "Saw", "--json").stdout)
    assert told["item"]["title"] == "Saw"
    assert [trait["trait"] for trait in told["traits"]] == [GORE, NEEDLES]
    assert told["traits"][0]["build"]["reasons"][3]["source"] == "[d]"


def test_show_of_another_title_suggests_and_ends_with_1(folder: Path) -> None:
    with_saw(folder)
    result = saferec("show", "Saww")
    assert (result.exit_code, result.stderr) == (1, "No title 'Saww'. Similar: Saw (2004).\n")
    result = saferec("show", "Saw (1999)")
    message = "No single item matches 'Saw (1999)'. Did you mean Saw (2004)?\n"
    assert (result.exit_code, result.stderr) == (1, message)
    assert json.loads(saferec("show", "Saww", "--json").stdout)["near"] == ["Saw (2004)"]


def test_sources_lists_what_is_configured(folder: Path) -> None:
    table = saferec("sources").stdout
    assert "films/a.jsonl" in table
    assert "not read yet" in table
    (told,) = json.loads(saferec("sources", "--json").stdout)
    assert (told["name"], told["licence"], told["rows"]) == ("a", "CC0-1.0", None)


def test_summary_tells_what_was_built(folder: Path) -> None:
    counts = {"stage": "link", "in": {}, "out": {"mentions": 3}, "rejected": {}}
    (folder / "data/reports/counts").mkdir(parents=True)
    (folder / "data/reports/counts/link.json").write_text(json.dumps(counts))
    (folder / "data/reports/index.html").touch()
    text = saferec("summary").stdout
    assert "3 mentions" in text
    assert "data/reports/index.html" in text
    assert "Not run yet: mine_catalog" in text
    assert json.loads(saferec("summary", "--json").stdout)["stages"] == [counts]


def test_doctor_says_what_is_missing_and_never_prints_a_key(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://me:{SECRET}@127.0.0.1:1/v1")
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    result = saferec("doctor")
    assert result.exit_code == 1
    assert SECRET not in result.output
    assert "http://127.0.0.1:1/v1 does not answer" in result.stdout
    assert "section 'mine_dialogs' is missing" in result.stdout
    assert "Missing: " in result.stdout
    checks = json.loads(saferec("doctor", "--json").stdout)
    assert {check["group"] for check in checks} == {
        "machine",
        "packages",
        "project",
        "endpoints",
    }


def test_a_bad_workspace_ends_with_one_line(folder: Path) -> None:
    result = saferec("workspace", "run", "--profile", "nowhere.yaml")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith("saferec: nowhere.yaml: no such file;")
