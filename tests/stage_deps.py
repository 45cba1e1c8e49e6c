"""The deps of each stage in dvc.yaml: `make deps` writes them, test_architecture.py judges them.

What a stage reads stands there first, written by hand: paths and folders in `${...}`, and files of
the library that are no code (prompts, phrases). Then follows the code that it runs, found from its
imports: a package of the library as a whole where the stage needs a third of it, else its folders
and files one by one. So a change elsewhere in a large package does not train a model again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import fill

from builder.yaml_files import read_yaml_document
from tests.import_graph import PACKAGES, imported_names

DVC_FILE = Path("dvc.yaml")
_WHOLE_FROM = 1 / 3
_WIDTH = 112
_INDENT = " " * 6
_STAGE, _KEY = re.compile(r"  (\w+):\n"), re.compile(r" {0,4}\w")


def closure(path: Path) -> set[Path]:
    """Return all first-party files that a file needs, itself included."""
    needed, waiting = set[Path](), [path]
    while waiting:
        current = waiting.pop()
        if current not in needed:
            needed.add(current)
            waiting += [file for name in imported_names(current) if (file := _file_of(name))]
    return needed


def _file_of(name: str) -> Path | None:
    path = Path(*name.split("."))
    if path.parts[0] not in PACKAGES:
        return None
    places = (path.with_suffix(".py"), path / "__init__.py")
    return next((place for place in places if place.exists()), None)


def code_deps(stage: str) -> list[str]:
    """Return the files and folders of code that a stage runs, in the order of their names."""
    module = Path(f"pipelines/stages/{stage}.py")
    needed = {file for file in closure(module) if file.name != "__init__.py"}
    return sorted({_dep(file, needed, module).as_posix() for file in needed})


def _dep(file: Path, needed: set[Path], module: Path) -> Path:
    if file == module or (len(file.parts) == 2 and file.parts[0] == "builder"):
        return file
    package = Path("annotation") if file.parts[0] == "annotation" else Path(*file.parts[:2])
    code = {path for path in package.rglob("*.py") if path.name != "__init__.py"}
    if package.parts[0] != "builder" or len(code & needed) >= _WHOLE_FROM * len(code):
        return package
    has_folders = any(child.is_dir() and holds_code(child) for child in file.parent.iterdir())
    return file if has_folders else file.parent


def holds_code(dep: Path) -> bool:
    """Return whether a dependency is code and not data of a library module (prompts, phrases)."""
    return dep.suffix == ".py" or any(dep.rglob("*.py"))


def rewritten(text: str) -> str:
    """Return the text of dvc.yaml with the code of every stage among its deps."""
    stages = read_yaml_document(DVC_FILE)["stages"]
    lines: list[str] = []
    stage, is_old = "", False
    for line in text.splitlines(keepends=True):
        if name := _STAGE.fullmatch(line):
            stage = name[1]
        is_old = is_old and not _KEY.match(line)
        if line.startswith("    deps:"):
            code = code_deps(stage)
            lines += _listed(_by_hand(stages[stage]["deps"], code), code)
            is_old = True
        elif not is_old:
            lines.append(line)
    return "".join(lines)


def _by_hand(deps: Iterable[str], code: Iterable[str]) -> Iterator[str]:
    for dep in deps:
        path = Path(dep)
        is_covered = any(Path(one) in (path, *path.parents) for one in code)
        is_data = path.exists() and not holds_code(path) and not is_covered
        if "$" in dep or path.parts[0] not in PACKAGES or is_data:
            yield dep


def _listed(by_hand: Iterable[str], code: Iterable[str]) -> Iterator[str]:
    """Yield one YAML list as two paragraphs."""
    yield "    deps: [\n"
    read = ", ".join(f'"{dep}"' if "$" in dep else dep for dep in by_hand)
    for words in (f"{read},", ", ".join(code)):
        yield fill(words, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT) + "\n"
    yield "    ]\n"


if __name__ == "__main__":
    DVC_FILE.write_text(rewritten(DVC_FILE.read_text(encoding="utf-8")), encoding="utf-8")
