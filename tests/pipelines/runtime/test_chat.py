"""The writer of a stage."""

import shutil
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.llm.client_settings import OfflineSettings
from builder.synthesis import prompting as asked
from pipelines.runtime.chat import open_writer
from pipelines.runtime.stage import Job


def test_a_prompt_with_a_missing_variable_stops_a_stage_before_it_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(asked.PROMPTS, tmp_path / "prompts")
    path = tmp_path / "prompts" / "judge_scenario.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n{{ querry }}", encoding="utf-8")
    monkeypatch.setattr(asked, "PROMPTS", tmp_path / "prompts")
    asked.prompt.cache_clear()
    job = Job("assign", seed=1, workers=1)
    with (
        pytest.raises(InputError) as caught,
        open_writer(job, OfflineSettings(kind="offline"), {}),
    ):
        pass
    asked.prompt.cache_clear()
    assert str(caught.value) == (
        f"{path}: uses {{{{ querry }}}}, which no request provides; fix the prompt file; "
        "it may use query, row, rubrics"
    )
