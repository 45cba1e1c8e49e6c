"""A run folder beside the project: its code, other parameters, a DVC of its own.

    saferec workspace runs/real --profile profiles/real.yaml --data FOLDER
    cd runs/real && dvc repro

A profile is a params.yaml with only what differs, and with what differs from calibration.yaml. It
replaces whole values of known keys, and may name more writers, encoders and decodings; "${data}" in
it stands for the folder given on the command line.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from builder.errors import InputError, SaferecError
from builder.tables import write_bytes, write_json
from builder.text_files.json_text import read_json
from builder.yaml_files import read_yaml_document, to_yaml
from pipelines.runtime.params import FILES, NAMED, Parameters, read_params

MANIFEST = "workspace.json"
DATA_WORD = "${data}"
_LEFT_OUT = (
    ".ci",
    ".dvc/.gitignore",
    ".dvc/config",
    "benchmarks",
    "data/sample",
    "docs",
    "dvc.lock",
    "runs",
    "tests",
)
_DVC_CONFIG = Path(".dvc/config")


def make_workspace(project: Path, folder: Path, profile: Path, data: Path | None) -> list[str]:
    """Make or refresh the run folder and return the files put there, by relative path.

    What stages made there stays, so that an unchanged stage need not run again. So do the lines
    that commands added there to the lists of the section `inputs`; new lines of the project join
    them.

    Raises:
        InputError: For a folder that holds something else, a profile with an unknown key, a
            missing data folder, or a project that git does not know.
    """
    require_own(folder)
    merged = merge_profile(read_params(project), read_profile(profile, data), profile)
    files = list(needed_files(project_files(project), roots(merged)))
    lists = [Path(place) for place in merged.sections.get("inputs", {}).values()]
    folder.mkdir(parents=True, exist_ok=True)
    init_dvc(project, folder)
    remove_stale(folder, files)
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        is_list = Path(name) in lists and (folder / name).exists()
        (_add_lines if is_list else shutil.copyfile)(project / name, folder / name)
    for file in FILES:
        heading = f"# Made by `saferec workspace` from {file} and {profile.name}.\n"
        write_bytes(folder / file, (heading + to_yaml(merged.of_file(file))).encode())
    write_json(folder / MANIFEST, {"profile": profile.name, "files": files})
    return files


def _add_lines(source: Path, target: Path) -> None:
    """Put the lines of the source before those of the target that it does not have."""
    lines = source.read_bytes().splitlines()
    own = [line for line in target.read_bytes().splitlines() if line not in set(lines)]
    write_bytes(target, b"".join(line + b"\n" for line in (*lines, *own)))


def require_own(folder: Path) -> None:
    """Check that the folder is new, empty, or was made by this command.

    Raises:
        InputError: If it holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(folder, "is a file", "name another folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).exists():
        raise InputError(folder, "contains other files", "name a new or empty folder")


def read_profile(path: Path, data: Path | None) -> dict[str, dict[str, Any]]:
    """Return a profile's sections with the data folder put in.

    Raises:
        InputError: If it is missing or malformed, or needs a data folder and none was given.
    """
    document = read_yaml_document(path, fix="name a file of profiles/")
    if not isinstance(document, dict) or not all(isinstance(s, dict) for s in document.values()):
        raise InputError(
            path, "does not consist of sections with keys", "write it like params.yaml"
        )
    if data is None and DATA_WORD in str(document):
        raise InputError(path, "uses ${data}, but no folder is given", "add --data FOLDER")
    if data is not None and not data.is_dir():
        raise InputError(data, "no such folder", "give the folder that holds the sources")
    return {key: _filled(value, data) for key, value in document.items()}


def _filled(value: Any, data: Path | None) -> Any:
    if isinstance(value, str):
        return value if data is None else value.replace(DATA_WORD, str(data.resolve()))
    if isinstance(value, list):
        return [_filled(part, data) for part in value]
    if isinstance(value, dict):
        return {key: _filled(part, data) for key, part in value.items()}
    return value


def merge_profile(
    params: Parameters, profile: Mapping[str, Mapping[str, Any]], place: Path
) -> Parameters:
    """Return the parameters with the profile's values in the place of theirs.

    Raises:
        InputError: If the profile has a section or key that neither file has.
    """
    for name, changes in profile.items():
        for key in changes:
            if key not in params.sections.get(name, {}) and name not in NAMED.values():
                raise InputError(f"{place}: {name}.{key}", "unknown parameter", "correct its name")
    merged = {name: {**keys, **profile.get(name, {})} for name, keys in params.sections.items()}
    return Parameters(merged, params.homes)


def roots(params: Parameters) -> list[Path]:
    """Return the folders and files of the input that the parameters name."""
    named = [keys["root"] for keys in params.sections.values() if "root" in keys]
    return [Path(str(place)) for place in (*named, *params.sections.get("inputs", {}).values())]


def project_files(project: Path) -> list[Path]:
    """Return the files that git knows or would take, relative to the project.

    Raises:
        InputError: If git is missing or the project is no repository.
    """
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(words, cwd=project, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError) as exc:
        found, fix = "git does not list its files", "run it in a git clone of the project"
        raise InputError(project, found, fix) from exc
    names = [Path(name) for name in done.stdout.decode().split("\0") if name]
    return sorted(name for name in names if (project / name).is_file())


def needed_files(files: Iterable[Path], inputs: Iterable[Path]) -> Iterator[str]:
    """Yield the files a run needs: the code and the bundled input that its parameters name."""
    kept = tuple(inputs)
    for name in files:
        is_input = any(name == root or root in name.parents for root in kept)
        is_left_out = any(Path(part) in (name, *name.parents) for part in _LEFT_OUT)
        if name not in FILES and (is_input or not is_left_out):
            yield name.as_posix()


def remove_stale(folder: Path, files: Iterable[str]) -> None:
    """Remove what an earlier call put there and the project no longer has."""
    if (folder / MANIFEST).exists():
        for name in set(read_json(folder / MANIFEST)["files"]) - set(files):
            (folder / name).unlink(missing_ok=True)


def init_dvc(project: Path, folder: Path) -> None:
    """Give the folder a DVC without git, configured like the project's.

    Raises:
        SaferecError: If DVC refuses.
    """
    if not (folder / ".dvc").is_dir():
        words = [sys.executable, "-m", "dvc", "init", "--no-scm", "--quiet"]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SaferecError(f"{folder}: dvc init fails: {' '.join(done.stderr.split())}")
    text = (project / _DVC_CONFIG).read_text(encoding="utf-8")
    text = text.replace("[core]\n", "[core]\n    no_scm = True\n")
    write_bytes(folder / _DVC_CONFIG, text.encode())
