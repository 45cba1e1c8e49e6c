"""The directions of docs/architecture.md: who may import whom, and what dvc.yaml must depend on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

from pipelines.runtime.stage import stage_names

PACKAGES = ("annotation", "builder", "pipelines")
MODULES = sorted(path for package in PACKAGES for path in Path(package).rglob("*.py"))
FOUNDATION = {
    "delimited",
    "errors",
    "near_copies",
    "settings",
    "statistics",
    "records",
    "rows",
    "seeding",
    "sources",
    "tables",
    "taxonomy",
    "titles",
}
FORBIDDEN = {
    "catalog": {"llm"},
    "dialogs": {"llm"},
    "linking": {"llm"},
    "tagging": {"llm"},
    "oracle": {"llm"},
    "training": {"catalog", "dialogs"},
    "evaluation": {"catalog", "dialogs"},
}
DVC = yaml.safe_load(Path("dvc.yaml").read_text())


def imports(path: Path) -> set[str]:
    """Return the first-party modules a file imports, as dotted names."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] in PACKAGES}


def file_of(name: str) -> Path | None:
    path = Path(*name.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


def closure(path: Path) -> set[Path]:
    """Return all first-party files that a file needs, itself included."""
    found, waiting = set(), [path]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += [file for name in imports(current) if (file := file_of(name))]
    return found


def holds_code(dep: Path) -> bool:
    """Return whether a dependency is code and not data of a library module (prompts, phrases)."""
    return dep.suffix == ".py" or any(dep.rglob("*.py"))


def room(path: Path) -> str:
    """Return the room of a library file: its folder, or its name right below builder/."""
    return path.parts[1] if len(path.parts) > 2 else path.stem


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_run_one_way(path: Path) -> None:
    package = path.parts[0]
    allowed = PACKAGES[: PACKAGES.index(package) + 1] if package != "builder" else ("builder",)
    if package == "annotation":
        allowed = ("annotation", "builder")
    for name in imports(path):
        assert name.split(".")[0] in allowed, f"{path} imports {name}"


@pytest.mark.parametrize("path", [p for p in MODULES if p.parts[0] == "builder"], ids=str)
def test_rooms_of_the_library_know_only_whom_they_may(path: Path) -> None:
    own = room(path)
    known = {name.split(".")[1] for name in imports(path) if name.count(".")}
    if own in FOUNDATION:
        assert known <= FOUNDATION
    assert not known & FORBIDDEN.get(own, set())


def test_every_stage_is_a_module_and_every_module_a_stage() -> None:
    assert tuple(sorted(DVC["stages"])) == stage_names()


@pytest.mark.parametrize("stage", sorted(DVC["stages"]))
def test_a_stage_depends_on_the_code_it_runs(stage: str) -> None:
    needed = closure(Path(f"pipelines/stages/{stage}.py"))
    declared = [Path(dep) for dep in DVC["stages"][stage]["deps"] if "$" not in dep]
    covered = {file for file in needed if any(file == d or d in file.parents for d in declared)}
    missing = sorted(str(p) for p in needed - covered if p.name != "__init__.py")
    assert not missing, f"add to the deps of {stage}: " + ", ".join(missing)
    code = [dep for dep in declared if dep.parts[0] in PACKAGES and holds_code(dep)]
    idle = [str(dep) for dep in code if not any(f == dep or dep in f.parents for f in needed)]
    assert not idle, f"{stage} does not use: " + ", ".join(idle)


def test_configuration_has_one_home() -> None:
    params = yaml.safe_load(Path("params.yaml").read_text())
    assert list(params) == ["run", "balance", *DVC["stages"]]


@pytest.mark.parametrize("stage", sorted(DVC["stages"]))
def test_dvc_never_deletes_the_last_good_output(stage: str) -> None:
    parts = DVC["stages"][stage]
    for out in [*parts["outs"], *parts.get("metrics", []), *parts.get("plots", [])]:
        [options] = out.values()
        assert options["persist"] is True, out
