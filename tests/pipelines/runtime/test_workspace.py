"""A run folder beside the project: which files, which parameters, what is refused."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from builder.errors import InputError
from pipelines.runtime.params import Parameters
from pipelines.runtime.workspace import make_workspace, merge_profile, read_profile

FILES = {
    ".gitignore": "ignored.txt\n",
    ".dvcignore": "/runs\n",
    ".dvc/config": "[core]\n    analytics = false\n[plots]\n    html_template = x.html\n",
    ".dvc/plots/series.json": "{}",
    "builder/a.py": "a = 1\n",
    "builder/b.py": "b = 1\n",
    "data/sample/labels/one.json": "[]",
    "data/sample/catalog/films.jsonl": "{}",
    "docs/guide.md": "# guide",
    "dvc.lock": "schema: 2.0",
    "dvc.yaml": "stages: {}\n",
    "ignored.txt": "secret",
    "calibration.yaml": "labels: {unsafe_from: 2.0}\nmine_catalog: {max_title_chars: 500}\n",
    "params.yaml": (
        "run: {seed: 1, workers: 2}\n"
        "inputs: {taxonomy: data/taxonomy, link_decisions: data/link_decisions.jsonl}\n"
        "writers: {default: {kind: offline}}\n"
        "mine_catalog: {root: data/sample/catalog, sources: [{name: ours}]}\n"
        "merge_labels: {root: data/sample/labels}\n"
    ),
    "taxonomies/mine/traits.yaml": "traits: []",
    "tests/test_a.py": "",
}
PROFILE = """
writers: {gpt: {kind: openai}}
mine_catalog: {root: "${data}/films", sources: [{name: theirs}], max_title_chars: 900}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "theirs.yaml"
    path.write_text(PROFILE)
    return path


def test_code_and_named_input_are_copied_and_params_merged(
    project: Path, profile: Path, tmp_path: Path
) -> None:
    run, data = project / "runs/theirs", tmp_path / "data"
    data.mkdir()
    files = make_workspace(project, run, profile, data)
    assert files == [
        ".dvc/plots/series.json",
        ".dvcignore",
        ".gitignore",
        "builder/a.py",
        "builder/b.py",
        "data/sample/labels/one.json",
        "dvc.yaml",
        "taxonomies/mine/traits.yaml",
    ]
    assert all((run / name).read_text() == FILES[name] for name in files)
    assert yaml.safe_load((run / "calibration.yaml").read_text()) == {
        "labels": {"unsafe_from": 2.0},
        "mine_catalog": {"max_title_chars": 900},
    }
    assert yaml.safe_load((run / "params.yaml").read_text()) == {
        "run": {"seed": 1, "workers": 2},
        "inputs": {"taxonomy": "data/taxonomy", "link_decisions": "data/link_decisions.jsonl"},
        "writers": {"default": {"kind": "offline"}, "gpt": {"kind": "openai"}},
        "mine_catalog": {"root": f"{data}/films", "sources": [{"name": "theirs"}]},
        "merge_labels": {"root": "data/sample/labels"},
    }
    assert "no_scm = True" in (run / ".dvc/config").read_text()
    assert json.loads((run / "workspace.json").read_text())["profile"] == "theirs.yaml"


def test_a_second_call_refreshes_code_and_keeps_results(
    project: Path, profile: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    make_workspace(project, run, profile, tmp_path)
    (run / "data/interim").mkdir()
    (run / "data/interim/kept.parquet").write_text("result")
    (project / "builder/a.py").write_text("a = 2\n")
    (project / "builder/b.py").unlink()
    make_workspace(project, run, profile, tmp_path)
    assert (run / "builder/a.py").read_text() == "a = 2\n"
    assert not (run / "builder/b.py").exists()
    assert (run / "data/interim/kept.parquet").read_text() == "result"


def test_a_second_call_keeps_the_taxonomy_and_what_commands_wrote_there(
    project: Path, profile: Path, tmp_path: Path
) -> None:
    run, decided = tmp_path / "run", "data/link_decisions.jsonl"
    (project / decided).write_text("old\n")
    profile.write_text("inputs: {taxonomy: taxonomies/mine}\n")
    make_workspace(project, run, profile, None)
    (run / decided).write_text("old\nmade there\n")
    (project / decided).write_text("old\nnew\n")
    make_workspace(project, run, profile, None)
    inputs = yaml.safe_load((run / "params.yaml").read_text())["inputs"]
    assert inputs == {"taxonomy": "taxonomies/mine", "link_decisions": decided}
    assert (run / decided).read_text() == "old\nnew\nmade there\n"
    assert (run / "taxonomies/mine/traits.yaml").read_text() == "traits: []"


def test_a_folder_of_something_else_is_refused_and_left_alone(
    project: Path, profile: Path, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/thesis.tex").write_text("mine")
    with pytest.raises(InputError, match="contains other files"):
        make_workspace(project, tmp_path / "home", profile, tmp_path)
    with pytest.raises(InputError, match="is a file"):
        make_workspace(project, tmp_path / "home/thesis.tex", profile, tmp_path)
    assert [p.name for p in (tmp_path / "home").iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize(
    ("text", "data", "found"),
    [
        (PROFILE, None, "uses ${data}, but no folder is given"),
        (PROFILE, "nowhere", "no such folder"),
        ("a: [", ".", "is not valid YAML"),
        ("- 1", ".", "does not consist of sections with keys"),
        ("run: 3", ".", "does not consist of sections with keys"),
    ],
    ids=["no-data", "no-folder", "broken", "list", "no-keys"],
)
def test_a_profile_that_cannot_be_used_is_told(
    profile: Path, tmp_path: Path, text: str, data: str | None, found: str
) -> None:
    profile.write_text(text)
    with pytest.raises(InputError) as caught:
        read_profile(profile, None if data is None else tmp_path / data)
    assert caught.value.found.startswith(found)


@pytest.mark.parametrize("profile", [{"run": {"sead": 1}}, {"zoo": {"seed": 1}}], ids=str)
def test_an_unknown_key_of_a_profile_is_refused(profile: dict[str, dict[str, int]]) -> None:
    with pytest.raises(InputError, match=r"p\.yaml: (run\.sead|zoo\.seed): unknown parameter"):
        merge_profile(Parameters({"run": {"seed": 1}}), profile, Path("p.yaml"))


def test_outside_git_the_command_says_so(profile: Path, tmp_path: Path) -> None:
    for name in ("params.yaml", "calibration.yaml"):
        (tmp_path / name).write_text(FILES[name])
    with pytest.raises(InputError, match="git does not list its files"):
        make_workspace(tmp_path, tmp_path / "run", profile, tmp_path)
