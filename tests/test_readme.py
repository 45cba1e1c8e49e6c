"""What README and docs show is true: commands parse, files exist, settings are valid."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from builder.catalog.catalog_source import CatalogSource, NoOptions, Options, read_options
from builder.catalog.fetching.register import REGISTER
from builder.catalog.readers.catalog_table import TableOptions
from builder.catalog.readers.imdb import ImdbOptions
from builder.catalog.readers.steam import SteamOptions
from builder.taxonomy import Taxonomy
from builder.taxonomy.households import load_households
from pipelines.cli import app
from pipelines.cli.commands.doctor import stage_fault
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import read_params, stage_names
from pipelines.runtime.workspace import merge_profile, read_profile

PAGES = [Path("README.md"), Path("CONTRIBUTING.md"), *sorted(Path("docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TOOLS = {"make", "saferec", "dvc"}
GROUPS = {group.name for group in app.registered_groups}
LAYOUT = read_layout()


def fences(page: Path, language: str) -> Iterator[str]:
    for found, text in FENCE.findall(page.read_text(encoding="utf-8")):
        if found == language:
            yield text


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def spans(page: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", prose(page))


def command_lines(page: Path) -> Iterator[str]:
    """Yield what a reader would type: lines of plain fences, and spans that begin with a tool."""
    for text in fences(page, ""):
        if not re.search(r"^\w+/ ", text):  # a picture of folders
            yield from (part for line in text.splitlines() for part in line.split(" && "))
    for span in spans(page):
        if " " in span and re.sub(r"^(\w+=\S+ )+", "", span).split()[0] in TOOLS:
            yield span


COMMANDS = [(page.name, line) for page in PAGES for line in command_lines(page)]


def test_the_readme_names_the_commands_that_matter() -> None:
    lines = {line for name, line in COMMANDS if name == "README.md"}
    assert {"make repro", "make test", "saferec doctor", 'saferec show "Saw (2004)"'} <= lines


@pytest.mark.parametrize(("page", "line"), sorted(set(COMMANDS)), ids=str)
def test_a_command_can_be_typed(page: str, line: str) -> None:
    words = shlex.split(re.sub(r"^(\w+=\S+ )+", "", line))
    match words:
        case ["make", *rest]:
            check_make(rest)
        case ["saferec", *rest]:
            check_saferec(rest)
        case ["dvc", *rest]:
            check_dvc(rest)
        case ["cat", path]:
            assert Path(path) in LAYOUT.paths.values()
        case ["cd", path]:
            assert path.startswith("runs/")
        case ["export", *settings]:
            code = "".join(p.read_text() for p in Path("builder/llm").rglob("*.py"))
            code += Path("pipelines/cli/commands/endpoints.py").read_text() + REGISTER.read_text()
            assert all(setting.split("=")[0] in code for setting in settings)
        case _:
            pytest.fail(f"{page} shows {line!r}, which no test knows")


def check_make(words: list[str]) -> None:
    done = subprocess.run(["make", "-n", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def check_saferec(words: list[str]) -> None:
    names = words[:2] if words[0] in GROUPS else words[:1]
    told = CliRunner().invoke(app, [*names, "--help"], env={"COLUMNS": "200"})
    assert told.exit_code == 0
    assert all(word in told.stdout for word in words if word.startswith("--"))
    assert all(Path(word).exists() for word in words if word == "profiles/real.yaml")


def check_dvc(words: list[str]) -> None:
    from dvc.cli import parse_args  # slow to import, and needed here alone

    told = parse_args(words)
    for stage in getattr(told, "targets", None) or []:
        assert stage in stage_names() or Path(stage) in LAYOUT.paths.values()
    for change in getattr(told, "set_param", None) or []:
        name, key = change.split("=")[0].split(".")
        assert key in read_params().sections[name]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", prose(page)):
        if "://" not in target:
            assert (page.parent / target.split("#")[0]).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_named_settings_exist(page: Path) -> None:
    sections = read_params().sections
    for span in spans(page):
        name, *keys = span.split(":")[0].split(".")
        if keys and name in sections and Path(span).suffix not in (".yaml", ".json", ".jsonl"):
            found: Any = sections[name]
            for key in keys:
                assert key in found, f"{page}: {span}"
                found = found[key]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_named_files_exist_or_are_made_by_a_stage(page: Path) -> None:
    made = {path.as_posix() for path in LAYOUT.paths.values()}
    made |= {parent.as_posix() for path in LAYOUT.paths.values() for parent in path.parents}
    for stage in LAYOUT.counted_stages:
        made |= {LAYOUT.counts(stage).as_posix(), LAYOUT.rejections(stage).as_posix()}
        made.add(LAYOUT.log(stage).as_posix())
    for span in spans(page):
        path = span.rstrip("/")
        if path in ("runs/mine", "path/to") or re.fullmatch(r"\w+(/train)?/\d+", path):  # a row id
            continue
        if re.fullmatch(r"\.?[\w.-]+(/[\w.-]+)+", path) and not path[0].isupper():
            known = {path, path.replace("STAGE", "link"), path.replace("NAME", "link")}
            assert any(Path(p).exists() or p in made for p in known), span


def test_the_numbers_of_the_readme_are_those_of_the_data() -> None:
    text = Path("README.md").read_text()
    for name, number in (
        ("catalog/films.jsonl", r"(\d+) films"),
        ("catalog/games.jsonl", r"(\d+) games"),
        ("dialogs/RS_2022.ndjson", r"(\d+) threads"),
    ):
        rows = Path("data/sample", name).read_text(encoding="utf-8").splitlines()
        assert re.findall(number, text) == [str(len(rows))]


def test_settings_shown_for_own_data_are_valid() -> None:
    shown: list[dict[str, Any]] = [
        yaml.safe_load(t) for t in fences(Path("docs/own-data.md"), "yaml")
    ]
    assert [next(iter(part)) for part in shown] == [
        "mine_catalog",
        "mine_dialogs",
        "merge_labels",
    ]
    for part in shown:
        ((name, _),) = part.items()
        merged = merge_profile(read_params(), part, Path("docs/own-data.md"))
        assert stage_fault(name, merged) is None


def test_settings_shown_for_catalogues_are_valid() -> None:
    page = Path("docs/catalogs.md")
    shown = yaml.safe_load(next(fences(page, "yaml")))
    assert stage_fault("mine_catalog", merge_profile(read_params(), shown, page)) is None
    kinds: dict[str, type[Options]] = {"imdb": ImdbOptions, "steam": SteamOptions}
    for given in shown["mine_catalog"]["sources"]:
        spec = CatalogSource.model_validate(given)
        read_options(spec, {**kinds, "table": TableOptions}.get(spec.reader, NoOptions))


def test_the_taxonomy_and_household_shown_are_valid(tmp_path: Path) -> None:
    folder, bundled = tmp_path / "taxonomies/mine", tmp_path / "data/taxonomy"
    folder.mkdir(parents=True)
    bundled.parent.mkdir()
    bundled.symlink_to(Path("data/taxonomy").resolve())
    _, traits, warnings, family = fences(Path("docs/catalogs.md"), "yaml")
    (folder / "traits.yaml").write_text(traits)
    (folder / "warnings.yaml").write_text(warnings)
    (folder / "family.yaml").write_text(family)
    taxonomy = Taxonomy.load(folder)
    assert (len(taxonomy.traits), len(taxonomy.warnings)) == (21, 138)
    assert set(load_households(folder / "family.yaml", taxonomy)) == {"sunday-film", "grandparents"}


def test_settings_shown_for_a_language_model_are_valid_and_all_explained() -> None:
    page = Path("docs/llm.md")
    [shown] = [yaml.safe_load(text) for text in fences(page, "yaml")]
    for stage in ("assign", "synthesize", "scenarios", "judge"):
        assert stage_fault(stage, merge_profile(read_params(), shown, page)) is None
    rows = re.findall(r"^\| (`[^|]+) \|", page.read_text(), re.MULTILINE)
    explained = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert explained | {"kind"} == set(shown["writers"]["default"])


def test_readers_named_for_own_data_are_those_of_the_code() -> None:
    text = Path("docs/own-data.md").read_text()
    for module in ("catalog/readers/catalog_readers", "dialogs/readers/dialog_readers"):
        code = Path(f"builder/{module}.py").read_text()
        for reader in re.findall(r'^    "(\w+)": read_', code, re.MULTILINE):
            assert f"| `{reader}` |" in text


def test_the_profile_of_the_real_run_is_valid_for_every_stage(tmp_path: Path) -> None:
    place = Path("profiles/real.yaml")
    merged = merge_profile(read_params(), read_profile(place, tmp_path), place)
    assert [fault for name in stage_names() if (fault := stage_fault(name, merged))] == []


def test_the_licence_is_the_one_that_is_declared() -> None:
    assert "Apache License\n                           Version 2.0" in Path("LICENSE").read_text()
    assert 'license = "Apache-2.0"' in Path("pyproject.toml").read_text()


def test_constraints_name_no_place_and_pin_torch() -> None:
    lines = Path("constraints.txt").read_text().splitlines()
    assert "torch==2.13.0" in lines
    assert all(re.match(r"[A-Za-z0-9._-]+==[\w.]+( ;|$)", line) for line in lines)
