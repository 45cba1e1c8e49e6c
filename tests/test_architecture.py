"""The directions of docs/architecture.md: who may import whom, and what dvc.yaml must depend on."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest
import yaml

from pipelines.runtime.params import FILES, NAMED, PARAMS_FILE, read_params, stage_names
from tests.import_graph import PACKAGES, circle, imported_names, module_graph, room_graphs
from tests.stage_deps import DVC_FILE, closure, holds_code, rewritten

MODULES = sorted(path for package in PACKAGES for path in Path(package).rglob("*.py"))
FOUNDATION = {
    "errors",
    "explanations",
    "near_copies",
    "settings",
    "statistics",
    "parquet_rows",
    "plot_files",
    "records",
    "rows",
    "seeding",
    "sources",
    "tables",
    "taxonomy",
    "text_files",
    "titles",
    "yaml_files",
}
FORBIDDEN = {
    "catalog": {"llm"},
    "dialogs": {"llm"},
    "linking": {"llm"},
    "tagging": {"llm"},
    "oracle": {"llm"},
    "training": {"catalog", "dialogs"},
    "evaluation": {"catalog", "dialogs", "training"},
}
TESTS = sorted(Path("tests").rglob("*.py"))
MAX_LINES_OF_MAIN = 45
GRAPH = module_graph()
ROOMS = room_graphs(GRAPH)
DVC = yaml.safe_load(DVC_FILE.read_text())


def imports(path: Path) -> set[str]:
    """Return the first-party names that a file imports."""
    return {name for name in imported_names(path) if name.split(".")[0] in PACKAGES}


def write_package(root: Path, text_by_path: dict[str, str]) -> None:
    for path, text in text_by_path.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def package(path: Path) -> str:
    """Return the package of a library file: its folder, or its name right below builder/."""
    return path.parts[1] if len(path.parts) > 2 else path.stem


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_run_one_way(path: Path) -> None:
    allowed = PACKAGES[PACKAGES.index(path.parts[0]) :]
    for name in imports(path):
        assert name.split(".")[0] in allowed, f"{path} imports {name}"


def test_modules_import_each_other_in_no_circle() -> None:
    assert circle(GRAPH) == []


@pytest.mark.parametrize("folder", sorted(ROOMS))
def test_imports_among_the_packages_of_a_folder_run_one_way(folder: str) -> None:
    assert circle(ROOMS[folder]) == []


def test_a_circle_is_seen_where_an_import_stands_in_a_function(tmp_path: Path) -> None:
    write_package(
        tmp_path,
        {
            "builder/llm/settings.py": "def run():\n    from builder.llm.engine import run\n",
            "builder/llm/engine.py": "import builder.llm.settings\n",
        },
    )
    assert set(circle(module_graph(tmp_path))) == {"builder.llm.settings", "builder.llm.engine"}


def test_a_cycle_of_packages_is_found_where_no_modules_make_one(tmp_path: Path) -> None:
    write_package(
        tmp_path,
        {
            "builder/oracle/evidence/gather.py": "from builder.oracle.verdicts import rules\n",
            "builder/oracle/evidence/answers.py": "",
            "builder/oracle/verdicts/rules.py": "",
            "builder/oracle/verdicts/fuse.py": "from builder.oracle.evidence import answers\n",
        },
    )
    modules = module_graph(tmp_path)
    assert circle(modules) == []
    assert set(circle(room_graphs(modules)["builder.oracle"])) == {"evidence", "verdicts"}


@pytest.mark.parametrize("path", [p for p in MODULES if p.parts[0] == "builder"], ids=str)
def test_packages_of_the_library_import_only_what_they_may(path: Path) -> None:
    own = package(path)
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


def test_the_deps_of_the_stages_are_as_make_deps_writes_them() -> None:
    text = DVC_FILE.read_text(encoding="utf-8")
    assert rewritten(text) == text, "run `make deps`"


@pytest.mark.parametrize("stage", sorted(DVC["stages"]))
def test_a_stage_takes_the_paths_that_dvc_knows_of(stage: str) -> None:
    parts = DVC["stages"][stage]
    assert parts["cmd"] == f"python -m pipelines.stages.{stage}"
    kinds = [parts["deps"], *(parts.get(kind, []) for kind in ("outs", "metrics", "plots"))]
    known = re.findall(r"\$\{(?:paths|inputs)\.(\w+)\}['\"]", str(kinds))
    assert sorted(known) == sorted(path_arguments(Path(f"pipelines/stages/{stage}.py")))


@pytest.mark.parametrize("stage", sorted(DVC["stages"]))
def test_a_stage_reads_calls_and_writes(stage: str) -> None:
    body = ast.parse(Path(f"pipelines/stages/{stage}.py").read_text()).body
    functions = [part for part in body if isinstance(part, ast.FunctionDef)]
    assert [function.name for function in functions] == ["main"]
    [main] = functions
    assert (main.end_lineno or 0) - main.body[0].lineno < MAX_LINES_OF_MAIN
    doc = ast.get_docstring(
        next(p for p in body if isinstance(p, ast.ClassDef) and p.name == "Params")
    )
    assert doc
    assert ".yaml" not in doc


def path_arguments(stage: Path) -> list[str]:
    """Return the keyword-only arguments of a stage's `main`."""
    body = ast.parse(stage.read_text()).body
    [main] = [part for part in body if isinstance(part, ast.FunctionDef) and part.name == "main"]
    return [argument.arg for argument in main.args.kwonlyargs]


def test_settings_have_one_home_and_params_yaml_can_be_read_in_one_go() -> None:
    params = read_params()  # refuses a key that stands in both files
    own = [name for name in params.of_file(PARAMS_FILE) if name in DVC["stages"]]
    assert own == list(DVC["stages"])
    assert len(PARAMS_FILE.read_text().splitlines()) <= 150


@pytest.mark.parametrize("stage", sorted(DVC["stages"]))
def test_dvc_knows_the_settings_that_a_stage_reads(stage: str) -> None:
    params, kind = read_params(), importlib.import_module(f"pipelines.stages.{stage}").Params
    read = {"run", stage, *kind.reads_also}
    read |= {section for key, section in NAMED.items() if key in kind.model_fields}
    expected = {file: sorted(read & params.of_file(file).keys()) for file in FILES}
    declared = {file: [] for file in FILES}  # type: dict[Path, list[str]]
    for entry in DVC["stages"][stage]["params"]:
        by_file = {str(PARAMS_FILE): [entry]} if isinstance(entry, str) else entry
        for file, names in by_file.items():
            declared[Path(file)] += [name.split(".")[0] for name in names]
    assert {file: sorted(names) for file, names in declared.items()} == expected


@pytest.mark.parametrize("stage", sorted(DVC["stages"]))
def test_dvc_never_deletes_the_last_good_output(stage: str) -> None:
    parts = DVC["stages"][stage]
    for out in [*parts["outs"], *parts.get("metrics", []), *parts.get("plots", [])]:
        [options] = out.values()
        assert options["persist"] is True, out


def test_no_test_module_is_imported() -> None:
    """What tests share lies in tests/factories.py and tests/support/, which hold no tests."""
    imported = {
        f"{path} imports {name}"
        for path in TESTS
        for name in imported_names(path)
        for part in name.split(".")
        if name.startswith("tests.") and (part == "conftest" or part.startswith("test_"))
    }
    assert imported == set()


def test_tests_lie_where_their_modules_lie() -> None:
    places = {path.with_suffix("") for path in MODULES}
    strays = set()
    for path in (path for path in TESTS if path.parts[1] in PACKAGES and "test_" in path.name):
        folder = path.parent.relative_to("tests")
        name = path.stem.removeprefix("test_")
        namesakes = {place for place in places if place.name == name}
        if not folder.is_dir() or (namesakes and folder / name not in namesakes):
            strays.add(str(path))
    assert strays == set()


DOORS = {
    "yaml": {"builder/yaml_files.py"},
    "csv": {"builder/text_files/csv_rows.py", "builder/plot_files.py"},
    "json": {"builder/text_files/json_text.py"},
}
"""Who reads each format; what else imports `json` or `csv` only writes."""
READS = {"loads", "load", "reader", "DictReader"}
OF_OUR_OWN_FILES = {  # orjson.loads on what this project wrote itself
    "builder/dialogs/cleaning/spool.py",
    "builder/dialogs/dumps/parts.py",
    "builder/oracle/files/label.py",
    "builder/tagging/heads/head_file.py",
    "pipelines/runtime/rejections.py",
}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_text_from_elsewhere_is_read_at_one_door(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        library = node.value.id.removeprefix("or")
        if library in DOORS and node.attr in READS:
            doors = DOORS[library] | (OF_OUR_OWN_FILES if node.value.id == "orjson" else set())
            assert path.as_posix() in doors, f"{node.value.id}.{node.attr}: see builder/text_files"
