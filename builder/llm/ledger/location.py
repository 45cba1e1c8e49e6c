"""Where the ledger lies: one for a project, wherever its stages run.

`dvc exp run --temp` and `--queue` run stages in a copy under .dvc/tmp/exps, removed later, and
`git worktree` gives a project several folders. A relative path is that of the main project in both.
"""

from __future__ import annotations

from pathlib import Path

from builder.errors import InputError
from builder.llm.client_settings import OpenAISettings

_EXPERIMENTS = (".dvc", "tmp", "exps")


def ledger_path(settings: OpenAISettings, folder: Path | None = None) -> Path:
    """Return the path of a writer's ledger.

    Args:
        settings: Of the writer; an absolute path is returned as it is.
        folder: In which the stage runs, the current one by default.

    Raises:
        InputError: For a relative path in a worktree of a bare repository, which has no main one.
    """
    path = Path(settings.ledger)
    if path.is_absolute():
        return path
    running = (folder or Path.cwd()).resolve()
    main = _main_folder(running)
    return path if main == running else main / path


def _main_folder(folder: Path) -> Path:
    """Return the folder of the main project that corresponds to one of a copy of it."""
    top = _git_top(folder)
    if top is None:
        return folder
    original = _project_of_experiment(top) or _main_worktree(top)
    return folder if original is None else _main_folder(original / folder.relative_to(top))


def _git_top(folder: Path) -> Path | None:
    return next((top for top in (folder, *folder.parents) if (top / ".git").exists()), None)


def _project_of_experiment(top: Path) -> Path | None:
    """Return the top of the repository in whose .dvc/tmp/exps this one lies."""
    for dvc_folder in top.parents:
        if top.relative_to(dvc_folder.parent).parts[: len(_EXPERIMENTS)] == _EXPERIMENTS:
            return _git_top(dvc_folder.parent) or dvc_folder.parent
    return None


def _main_worktree(top: Path) -> Path | None:
    """Return the main worktree if this one is another: its .git is a file that names the place.

    See git-worktree(1) and gitrepository-layout(5). A submodule has such a file too, and no
    `commondir` where it points to.
    """
    link = top / ".git"
    if not link.is_file():
        return None
    own = top / link.read_text().removeprefix("gitdir:").strip()
    common = own / "commondir"
    if not common.is_file():
        return None
    repository = (own / common.read_text().strip()).resolve()
    if repository.name != ".git":
        raise InputError(
            "writer.ledger",
            f"is relative, and {top} is a worktree of a bare repository",
            "write an absolute path, so that all worktrees have one ledger",
        )
    return repository.parent
