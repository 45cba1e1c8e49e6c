"""A stage that asks a real endpoint: killed between two replies it resumes, and pays once."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from builder.errors import InputError
from builder.llm.protocol import ChatError
from builder.records import Assignment, Conversation, Item, Request
from builder.synthesis.prompting import prompt
from builder.tables import read_table, write_table
from pipelines.runtime.params import read_params
from pipelines.runtime.stage import Job
from pipelines.stages.synthesize import Params, main
from tests.factories import (
    GORE,
    make_assignment,
    make_item,
    make_request,
    make_risk,
    write_oracle_file,
)

Serving = Callable[..., AbstractContextManager[Any]]

N_SAMPLES = 6


@pytest.fixture
def paths(tmp_path: Path, gore_taxonomy: Path) -> dict[str, Path]:
    names = ("requests", "items", "oracle_build", "assignments", "conversations")
    found = {name: tmp_path / name for name in names}
    found["taxonomy"] = gore_taxonomy
    ids = [f"t{n}#1" for n in range(N_SAMPLES)]
    text = "Films for a long weekend, please."
    requests = [make_request(text, i, recommended=("a", "b")) for i in ids]
    items = [make_item(i) for i in "ab"]
    risks = [
        make_risk("a", GORE, "unsafe", ddd_trigger=1, source="DDD"),
        make_risk("b", GORE, "safe"),
    ]
    assigned = [make_assignment(GORE, sample_id=i, reason="r") for i in ids]
    write_table(found["requests"], Request, requests)
    write_table(found["items"], Item, items)
    write_oracle_file(found["oracle_build"], risks)
    write_table(found["assignments"], Assignment, assigned)
    return found


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "any")


def run(paths: dict[str, Path], url: str) -> Job:
    settings = read_params()
    writer = {
        "kind": "openai",
        "model": "small-model",
        "temperature": 1.0,
        "max_tokens": 200,
        "max_tokens_key": "max_completion_tokens",
        "format": "json_schema",
        "batch": None,
        "in_flight": 1,
        "requests_per_minute": None,
        "tokens_per_minute": None,
        "timeout_s": 5.0,
        "request_timeout_s": 60.0,
        "run_timeout_s": None,
        "attempts": 1,
        "retry_wait_s": 0.0,
        "budget_usd": None,
        "budget_tokens": None,
        "prices": "builder/llm/ledger/prices.yaml",
        "ledger": str(paths["requests"].parent / "ledger.sqlite"),
    }
    settings.sections["writers"]["default"] = writer
    settings.sections["synthesize"] |= {
        "per_sample": 1,
        "styles": ["stated"],
        "set_share": 0.0,
    }
    job = Job("synthesize", seed=3, workers=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", url)
        main(job, settings.section(Params, "synthesize"), **paths)
    return job


def reply(n: int) -> dict[str, str]:
    written = {"earlier": "", "text": f"Nothing bloody for reason {n}, please."}
    return {"content": json.dumps(written)}


def test_a_stopped_run_resumes_and_pays_once(serving: Serving, paths: dict[str, Path]) -> None:
    with (
        serving(reply(0), reply(1), {"status": 401}) as server,
        pytest.raises(ChatError, match="status 401"),
    ):
        run(paths, server.url)
    assert not paths["conversations"].exists()
    with serving(*map(reply, range(2, N_SAMPLES))) as server:
        run(paths, server.url)
        assert len(server.bodies) == N_SAMPLES - 2
        first = paths["conversations"].read_bytes()
        run(paths, server.url)
        assert len(server.bodies) == N_SAMPLES - 2
    assert paths["conversations"].read_bytes() == first
    rows = [r for r in read_table(paths["conversations"], Conversation) if r.constraint]
    assert sorted(row.constraint.text for row in rows if row.constraint) == [
        f"Nothing bloody for reason {n}, please." for n in range(N_SAMPLES)
    ]
    assert {row.made_by for row in rows} == {
        f"openai:small-model prompt={prompt('constraint').version}"
    }
    assert re.fullmatch(r"constraint/\d+@[0-9a-f]{8}", prompt("constraint").version)


def test_a_refused_row_is_a_counted_rejection(serving: Serving, paths: dict[str, Path]) -> None:
    with serving({"refusal": "I will not."}, *map(reply, range(1, N_SAMPLES))) as server:
        job = run(paths, server.url)
    assert [(r.reason, r.detail) for r in job.rejections] == [("model refused", "I will not.")]
    assert job.figures["constraint_texts"]["written"] == N_SAMPLES - 1


def test_the_prompt_holds_what_is_asked(serving: Serving, paths: dict[str, Path]) -> None:
    with serving(reply(0)) as server:
        run(paths, server.url)
        system, user = (message["content"] for message in server.bodies[0]["messages"])
    assert "a person who asks for films" in system
    assert "SEEKER: Films for a long weekend, please." in user
    assert "blood and gore" in user
    assert "said outright, without a reason" in user


def test_a_damaged_ledger_stops_the_run_before_anything_is_asked(
    serving: Serving, paths: dict[str, Path]
) -> None:
    (paths["requests"].parent / "ledger.sqlite").write_bytes(b"not a ledger at all " * 100)
    with serving(reply(0)) as server:
        with pytest.raises(InputError, match="cannot be used as a ledger"):
            run(paths, server.url)
        assert server.bodies == []
