"""A stage that asks a real endpoint: killed between two replies it resumes, and pays once."""

import json
import re
from pathlib import Path

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
from tests.support.chat_calls import settings_for
from tests.support.scripted_server import answering

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
    assigned = [make_assignment(GORE, request_id=i, reason="r") for i in ids]
    write_table(found["requests"], Request, requests)
    write_table(found["items"], Item, items)
    write_oracle_file(found["oracle_build"], risks)
    write_table(found["assignments"], Assignment, assigned)
    return found


def run(paths: dict[str, Path]) -> Job:
    settings = read_params()
    writer = settings_for(paths["requests"].parent / "ledger.sqlite", in_flight=1, attempts=1)
    settings.sections["writers"]["default"] = writer.model_dump(mode="json")
    settings.sections["synthesize"] |= {
        "per_sample": 1,
        "styles": ["stated"],
        "set_share": 0.0,
    }
    job = Job("synthesize", seed=3, workers=1)
    main(job, settings.section(Params, "synthesize"), **paths)
    return job


def reply(n: int) -> dict[str, str]:
    written = {"earlier": "", "text": f"Nothing bloody for reason {n}, please."}
    return {"content": json.dumps(written)}


def test_a_stopped_run_resumes_and_pays_once(paths: dict[str, Path]) -> None:
    with (
        answering(reply(0), reply(1), {"status": 401}) as server,
        pytest.raises(ChatError, match="status 401"),
    ):
        run(paths)
    assert not paths["conversations"].exists()
    with answering(*map(reply, range(2, N_SAMPLES))) as server:
        run(paths)
        assert len(server.bodies) == N_SAMPLES - 2
        first = paths["conversations"].read_bytes()
        run(paths)
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


def test_a_refused_row_is_a_counted_rejection(paths: dict[str, Path]) -> None:
    with answering({"refusal": "I will not."}, *map(reply, range(1, N_SAMPLES))):
        job = run(paths)
    assert [(r.reason, r.detail) for r in job.rejections] == [("model refused", "I will not.")]
    assert job.figures["constraint_texts"]["written"] == N_SAMPLES - 1


def test_the_prompt_holds_what_is_asked(paths: dict[str, Path]) -> None:
    with answering(reply(0)) as server:
        run(paths)
        system, user = (message["content"] for message in server.bodies[0]["messages"])
    assert "a person who asks for films" in system
    assert "SEEKER: Films for a long weekend, please." in user
    assert "blood and gore" in user
    assert "said outright, without a reason" in user


def test_a_damaged_ledger_stops_the_run_before_anything_is_asked(paths: dict[str, Path]) -> None:
    (paths["requests"].parent / "ledger.sqlite").write_bytes(b"not a ledger at all " * 100)
    with answering(reply(0)) as server:
        with pytest.raises(InputError, match="cannot be used as a ledger"):
            run(paths)
        assert server.bodies == []
