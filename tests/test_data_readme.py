"""data/README.md keeps to the files it speaks of."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

README = Path("data/README.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"\| `((?:sample|taxonomy)/[^`]+)` \|", README))
ROWS = dict(re.findall(r"\| `((?:sample|taxonomy)/[^`]+)` \| (\d+) \|", README))


def rows(path: Path) -> list[object]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        (entries,) = yaml.safe_load(text).values()
        return list(entries)
    return [json.loads(line) for line in text.splitlines()]


def test_every_bundled_file_is_explained() -> None:
    files = [p for name in ("sample", "taxonomy") for p in Path("data", name).rglob("*")]
    there = {p.relative_to("data").as_posix() for p in files if p.is_file()}
    assert {name for name in there if not name.endswith(".gitkeep")} == NAMED


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_file_has_the_rows_it_is_said_to_have(name: str) -> None:
    assert len(rows(Path("data", name))) == int(ROWS[name])


@pytest.mark.parametrize("folder", ["sample/catalog", "sample/dialogs"], ids=str)
def test_every_field_of_the_rows_is_explained(folder: str) -> None:
    text = README.partition(f"### {folder}")[2].partition("\n### ")[0]
    explained = set(re.findall(r"`(\w+)`", text))
    found: set[str] = set()
    for name in ROWS:
        if name.startswith(folder):
            found.update(*(row for row in rows(Path("data", name)) if isinstance(row, dict)))
    assert found - explained == set()
