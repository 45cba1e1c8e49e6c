"""Who imports whom, read from the source: `make imports` prints it, test_architecture.py judges it.

Among the modules and packages that lie in one folder, imports must run one way.
Where that holds in every folder, there is no circle of modules and none of packages.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGES = ("pipelines", "annotation", "builder")

Graph = Mapping[str, Collection[str]]
"""Names, each with the names it imports."""


def module_graph(root: Path = Path()) -> dict[str, set[str]]:
    """Return every module by its dotted name; an import inside a function counts as any other."""
    paths = sorted(path for package in PACKAGES for path in (root / package).rglob("*.py"))
    path_by_module = {_dotted(path.relative_to(root)): path for path in paths}
    return {
        module: set(imported_names(path)) & path_by_module.keys() - {module}
        for module, path in path_by_module.items()
    }


def imported_names(path: Path) -> Iterator[str]:
    """Yield what a file imports, as dotted names; those of `from a import b` are `a` and `a.b`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_graphs(modules: Graph) -> dict[str, dict[str, set[str]]]:
    """Return each folder's modules and packages, with the neighbours that each of them imports."""
    graphs: dict[str, dict[str, set[str]]] = {}
    for module in modules:
        parts = module.split(".")
        for depth in range(len(parts)):
            graphs.setdefault(".".join(parts[:depth]), {}).setdefault(parts[depth], set())
    for module, imported in modules.items():
        for other in imported:
            folder, here, there = _diverge(module.split("."), other.split("."))
            if here and there:
                graphs[folder][here].add(there)
    return graphs


def circle(graph: Graph) -> list[str]:
    """Return one circle of imports, its first name again at its end, or an empty list."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as exc:
        return list(exc.args[1])
    return []


def lines(folder: str, graphs: Mapping[str, Graph], depth: int = 0) -> Iterator[str]:
    """Yield the packages of a folder as a tree, whoever imports before whom it imports."""
    graph = graphs[folder]
    for name in reversed(list(TopologicalSorter(_sorted(graph)).static_order())):
        path = f"{folder}.{name}" if folder else name
        if path in graphs:
            imported = ", ".join(sorted(graph[name]))
            yield "  " * depth + f"{name}/" + (f" -> {imported}" if imported else "")
            yield from lines(path, graphs, depth + 1)


def _sorted(graph: Graph) -> dict[str, list[str]]:
    return {name: sorted(graph[name]) for name in sorted(graph)}


def _dotted(path: Path) -> str:
    return ".".join(path.parent.parts if path.name == "__init__.py" else path.with_suffix("").parts)


def _diverge(one: list[str], other: list[str]) -> tuple[str, str, str]:
    """Return the folder that two modules share, and what of it each lies in ("": the folder)."""
    shared = 0
    while one[shared : shared + 1] == other[shared : shared + 1]:
        shared += 1
    here, there = "".join(one[shared : shared + 1]), "".join(other[shared : shared + 1])
    return ".".join(one[:shared]), here, there


if __name__ == "__main__":
    print("\n".join(lines("", room_graphs(module_graph()))))  # noqa: T201
