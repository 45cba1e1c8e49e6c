"""Case exp-temp-ledger: one ledger for a project, wherever its stages run."""

import subprocess
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.llm.ledger.location import ledger_path
from tests.support.chat_calls import settings_for

LEDGER = Path("data/ledger.sqlite")


def located(folder: Path, ledger: Path = LEDGER) -> Path:
    return ledger_path(settings_for(ledger), folder)


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


def repository(folder: Path) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init")
    git(folder, "commit", "--allow-empty", "-m", "first")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return repository(tmp_path / "project")


def test_in_the_main_project_a_path_is_as_it_is_written(project: Path, tmp_path: Path) -> None:
    assert located(project) == LEDGER
    assert located(tmp_path) == LEDGER
    assert located(project, tmp_path / "l.sqlite") == tmp_path / "l.sqlite"


@pytest.mark.parametrize("place", ["exps/tmp1", "exps/standalone/tmp1"], ids=["queue", "temp"])
def test_an_experiment_in_a_temporary_folder(project: Path, place: str) -> None:
    copy = repository(project / ".dvc/tmp" / place)
    assert located(copy) == project / LEDGER
    assert located(copy, project / "l.sqlite") == project / "l.sqlite"


def test_a_worktree_and_an_experiment_in_it(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(project, "worktree", "add", str(other))
    (other / "part").mkdir()
    assert located(other) == project / LEDGER
    assert located(other / "part") == project / "part" / LEDGER
    assert located(repository(other / ".dvc/tmp/exps/tmp1")) == project / LEDGER


def test_a_project_within_a_repository(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    copy = repository(top / "project/.dvc/tmp/exps/tmp1")
    (copy / "project").mkdir()
    assert located(top / "project") == LEDGER
    assert located(copy / "project") == top / "project" / LEDGER


def test_a_clone_and_a_submodule_are_projects_of_their_own(project: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", str(project), "clone")
    assert located(tmp_path / "clone") == LEDGER
    parent = repository(tmp_path / "parent")
    git(parent, "-c", "protocol.file.allow=always", "submodule", "add", str(project), "sub")
    assert located(parent / "sub") == LEDGER


def test_a_worktree_of_a_bare_repository_is_refused(project: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--bare", str(project), "bare.git")
    git(tmp_path / "bare.git", "worktree", "add", str(tmp_path / "other"))
    with pytest.raises(InputError) as caught:
        located(tmp_path / "other")
    assert str(caught.value) == (
        f"writer.ledger: is relative, and {tmp_path / 'other'} is a worktree of a bare "
        "repository; write an absolute path, so that all worktrees have one ledger"
    )
    assert located(tmp_path / "other", tmp_path / "l.sqlite") == tmp_path / "l.sqlite"
