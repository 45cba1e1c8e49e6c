"""What a command and a stage import before they work: libraries that take seconds wait for use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipelines.runtime.params import stage_names

SLOW = {
    *("accelerate", "altair", "datasets", "faiss", "mlcroissant", "openai", "pandas", "peft"),
    *("scipy", "sentence_transformers", "sklearn", "torch", "transformers", "trl"),
}
NOT_FOR_HELP = SLOW | {"duckdb", "lingua", "numpy", "polars", "pyarrow", "pydantic", "yaml"}
RUN_A_MODEL = {"evaluate", "train_gdpo", "train_sft"}
"""Stages that are of no use without torch; they import it first."""
ALLOWED = {
    "card": {"mlcroissant", "pandas", "scipy"},
    "fuse": {"scipy"},
    "report": {"altair"},
    "tag": {"scipy"},
}


def imported_by(code: str) -> set[str]:
    """Return the modules that a new interpreter has after it ran some code."""
    listing = "import sys; print('\\n' + ' '.join(sys.modules))"
    words = [sys.executable, "-c", f"{code}\n{listing}"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_help_imports_nothing_slow() -> None:
    modules = imported_by(
        "from pipelines.cli import app\ntry:\n    app(['--help'])\nexcept SystemExit:\n    pass"
    )
    assert modules & NOT_FOR_HELP == set()
    assert "typer" in modules


@pytest.mark.parametrize("stage", sorted({*stage_names()} - RUN_A_MODEL))
def test_a_stage_imports_no_slow_library_that_it_may_not_need(stage: str) -> None:
    modules = imported_by(f"import pipelines.stages.{stage}")
    assert modules & SLOW <= ALLOWED.get(stage, set())
