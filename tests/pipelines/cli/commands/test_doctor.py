"""What the doctor finds, on literal input and on this project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from pipelines.cli.commands import doctor
from pipelines.cli.commands.doctor import Check

PARAMS = """
run: {seed: 1, workers: 1}
inputs: {taxonomy: t, tombstones: t, link_decisions: d}
mine_catalog: {root: x, sources: [], max_title_chars: 9, max_text_chars: 9}
"""
DVC = "vars: [paths: {items: i}]\nstages: {mine_catalog: {cmd: a}}\n"


@pytest.mark.parametrize(
    ("version", "state"),
    [((3, 11, 7), "ok"), ((3, 13, 0), "ok"), ((3, 10, 9), "missing"), ((3, 14, 0), "missing")],
)
def test_pythons_outside_the_pins_are_missing(version: tuple[int, ...], state: str) -> None:
    assert doctor.check_python(version).state == state


def test_requirements_are_told_apart_by_extra() -> None:
    needs = doctor.needs_by_extra(["pytest>=9", 'ruff; extra == "dev"', 'trl; extra == "train"'])
    names = {extra: [need.name for need in group] for extra, group in needs.items()}
    assert names == {"": ["pytest"], "train": ["trl"], "dev": ["ruff"], "annotate": [], "gpu": []}


@pytest.mark.parametrize(
    ("extra", "line", "state", "found"),
    [
        ("", "no-such-thing>=2", "missing", "missing: no-such-thing>=2 (found none)"),
        ("gpu", "no-such-thing", "absent", "missing: no-such-thing (found none)"),
    ],
    ids=["needed", "optional"],
)
def test_a_package_that_is_not_there_is_named(
    extra: str, line: str, state: str, found: str
) -> None:
    check = doctor.check_packages(extra, [Requirement(line)])
    assert (check.state, check.found, check.fix) == (state, found, doctor.FIX_BY_EXTRA[extra])


def test_a_package_that_is_too_old_is_named_with_its_version() -> None:
    check = doctor.check_packages("train", [Requirement("pydantic>=99")])
    assert check.state == "missing"
    assert check.found.startswith("missing: pydantic>=99 (found 2.")


def faults(folder: Path) -> list[tuple[str, str]]:
    return [(check.name, check.found) for check in doctor.check_params(folder)]


def test_params_are_checked_against_every_stage(tmp_path: Path) -> None:
    (tmp_path / "dvc.yaml").write_text(DVC)
    (tmp_path / "calibration.yaml").write_text("{}")
    (tmp_path / "params.yaml").write_text(PARAMS)
    assert [name for name, _ in faults(tmp_path)] == ["params.yaml: mine_catalog.sources"]
    (tmp_path / "params.yaml").write_text(PARAMS.replace("workers: 1", "workers: many"))
    assert faults(tmp_path)[0][0] == "params.yaml: run.workers"
    (tmp_path / "params.yaml").write_text(PARAMS.replace("workers: 1", "workers: many, x: 1"))
    assert faults(tmp_path)[0][0] == "params.yaml: run.x"
    (tmp_path / "params.yaml").write_text("zoo: {}")
    assert faults(tmp_path) == [(str(tmp_path / "params.yaml"), "unknown section 'zoo'")]


def test_the_projects_own_params_are_valid() -> None:
    assert [check.state for check in doctor.check_params(Path())] == ["ok"]


def test_a_stage_that_cannot_be_imported_is_told() -> None:
    check = doctor.stage_fault("no_such_stage", {})
    assert check is not None
    assert (check.name, check.state, check.fix) == (
        "stage no_such_stage",
        "missing",
        "make venv",
    )


def test_the_encoder_is_found_in_the_environment() -> None:
    check = doctor.check_encoder()
    assert check.state == "ok"
    assert check.found.endswith("MiB")


def test_a_folder_without_git_or_dvc_is_told(tmp_path: Path) -> None:
    assert doctor.check_git(tmp_path).found == "not a repository"
    assert doctor.check_dvc(tmp_path).state == "missing"


def test_the_environment_is_asked_for_servers() -> None:
    checks: Iterator[Check] = doctor.check_endpoints({"LABEL_STUDIO_URL": "http://127.0.0.1:1"})
    assert [(check.state, check.found) for check in checks] == [
        ("absent", "OPENAI_BASE_URL is not set; the bundled run needs none"),
        ("absent", "http://127.0.0.1:1 does not answer"),
    ]
