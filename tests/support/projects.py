"""A project's folder with settings, and the command in it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner, Result

from pipelines.cli import app

SETTINGS = ("params.yaml", "calibration.yaml", "dvc.yaml")


def copy_settings(folder: Path) -> None:
    """Give a folder this project's own settings and stages."""
    for name in SETTINGS:
        shutil.copyfile(name, folder / name)


def write_settings(folder: Path, **sections: Any) -> None:
    """Give a folder settings of its inputs and of what else is named."""
    inputs = {"taxonomy": "data/taxonomy", "tombstones": "tombstones", "link_decisions": "decided"}
    (folder / "params.yaml").write_text(yaml.safe_dump({"inputs": inputs, **sections}))
    (folder / "calibration.yaml").write_text("{}")


def saferec(*words: str, columns: int = 200, typed: str | None = None) -> Result:
    """Run the command as on a terminal of so many columns."""
    return CliRunner().invoke(app, words, input=typed, env={"COLUMNS": str(columns)})
