"""The writing stages ask a server from end to end, whatever format of reply it can hold to."""

from __future__ import annotations

import hashlib
import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

from builder.records import (
    Assignment,
    Conversation,
    Dialog,
    Item,
    Judgement,
    Request,
    Scenario,
)
from builder.tables import read_table, write_table
from pipelines.runtime.params import read_params
from pipelines.runtime.stage import Job
from pipelines.stages import assign, judge, scenarios, synthesize
from tests.factories import (
    GORE,
    make_dialog,
    make_item,
    make_request,
    make_risk,
    make_turn,
    write_oracle_file,
)
from tests.support.chat_calls import settings_for
from tests.support.scripted_server import Answer, ScriptedServer, asked_by_environment

FORMATS = ("text", "json_object", "json_schema")
SCHEMA = "\n\nReply with one JSON object of this JSON schema: "


class SchemaServer(ScriptedServer):
    """Writes an object of the schema asked for; turns down what is beyond its best format."""

    def __init__(self, best: str) -> None:
        super().__init__()
        self.best = best

    def next_answer(self, path: str, body: dict[str, Any]) -> Answer:
        with self.changed:
            self.bodies.append(body)
        shape = body.get("response_format", {"type": "text"})
        if FORMATS.index(shape["type"]) > FORMATS.index(self.best):
            return Answer(status=400)
        prompt, _, shown = "\n".join(m["content"] for m in body["messages"]).partition(SCHEMA)
        schema = json.loads(shown) if shown else shape["json_schema"]["schema"]
        reply = json.dumps(filled(schema, schema, "", prompt))
        is_wrapped = shape["type"] == "text"
        return Answer(content=f"Of course.\n```json\n{reply}\n```" if is_wrapped else reply)


def filled(part: dict[str, Any], schema: dict[str, Any], name: str, prompt: str) -> Any:
    """Return something of a schema's part; its words depend on the prompt alone."""
    if "$ref" in part:
        part = schema["$defs"][part["$ref"].rpartition("/")[2]]
    if "anyOf" in part:
        return None
    if "enum" in part:
        return part["enum"][-1]
    if part["type"] == "object":
        return {n: filled(kind, schema, n, prompt) for n, kind in part["properties"].items()}
    if part["type"] == "array":
        return [filled(part["items"], schema, name, prompt)] if name == "fits" else []
    if part["type"] == "number":
        return 0.9
    if name == "trait":
        return re.findall(r'^- "(.*?)": wants', prompt, re.MULTILINE)[0]
    if name == "earlier":
        return ""
    if name in ("quote", "value"):
        return "not given" if name == "value" else ""
    digest = hashlib.blake2b(prompt.encode(), digest_size=20).hexdigest()
    return " ".join(digest[n : n + 4] for n in range(0, 40, 4)) + "?"


MADE = ("assignments", "conversations", "scenarios", "judgements")
ASKED = {
    "t1#1": "A long weekend, ideas?",
    "t2#1": "Rain all day. Films?",
    "t3#1": "Anything with trains?",
}


@pytest.fixture
def folder(tmp_path: Path, gore_taxonomy: Path) -> Path:
    """Make what the stages read: three requests, one title that is safe for them, one thread."""
    gore_taxonomy.rename(tmp_path / "taxonomy")
    requests = [make_request(words, i, recommended=("a", "b")) for i, words in ASKED.items()]
    items = [make_item(i) for i in "ab"]
    risks = [
        make_risk("a", GORE, "unsafe", ddd_trigger=1, source="DDD"),
        make_risk("b", GORE, "safe"),
    ]
    turn = make_turn("I am 31 and a nurse. What should I watch?", turn_id="u1")
    write_table(tmp_path / "requests", Request, requests)
    write_table(tmp_path / "items", Item, items)
    write_oracle_file(tmp_path / "oracle_build", risks)
    write_table(tmp_path / "dialogs", Dialog, [make_dialog(turn)])
    return tmp_path


def run_stages(folder: Path, ledger: Path) -> tuple[dict[str, Job], dict[str, bytes]]:
    """Run the four stages as params.yaml has them, small, with an endpoint as their writer."""
    settings = read_params()
    settings.sections["balance"]["max_share"] = 1.0
    settings.sections["synthesize"] |= {"styles": ["stated"], "per_sample": 1, "set_share": 0.0}
    settings.sections["scenarios"]["per_domain"] = 1
    writer = settings_for(ledger, in_flight=4).model_dump(mode="json")
    settings.sections["writers"]["default"] = writer
    jobs = {}
    for module in (assign, synthesize, scenarios, judge):
        name = module.__name__.rpartition(".")[2]
        jobs[name] = Job(name, seed=3, workers=1)
        _, _, *names = inspect.signature(module.main).parameters
        params = settings.section(module.Params, name)
        module.main(jobs[name], params, **{n: folder / n for n in names})
    return jobs, {name: (folder / name).read_bytes() for name in MADE}


def test_the_rows_are_the_same_in_every_format(folder: Path) -> None:
    tables = []
    for best in FORMATS:
        with asked_by_environment(SchemaServer(best)):
            jobs, made = run_stages(folder, folder / f"{best}.sqlite")
        for job in jobs.values():
            assert job.log["chat"]["wasted"]["calls"] == 0
            assert {r.reason for r in job.rejections} <= {"too few attributes stated"}
        tables.append(made)
    assert tables[0] == tables[1] == tables[2]
    assigned = [r for r in read_table(folder / "assignments", Assignment) if r.mode != "cues"]
    assert [(row.trait, row.confidence) for row in assigned] == [(GORE, 0.9)] * len(ASKED)
    written = [r for r in read_table(folder / "conversations", Conversation) if r.constraint]
    assert [(r.variant, r.safe) for r in written] == [("stated", ("b",))] * len(ASKED)
    drawn = read_table(folder / "scenarios", Scenario)
    judged = read_table(folder / "judgements", Judgement)
    assert {row.score for row in judged} == {5}
    ids = {row.conversation_id for row in written} | {row.scenario_id for row in drawn}
    assert {row.row_id for row in judged} == ids
