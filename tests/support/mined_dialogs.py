"""Dialogs mined by the stage from the bundled threads or from a dump that a test writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from builder.records import Dialog, Item
from builder.tables import read_table, write_table
from pipelines.runtime.params import read_params
from pipelines.runtime.stage import Job
from pipelines.stages.mine_dialogs import Params, main
from tests.factories import make_item

AUTHOR = "zork_the_9th"
SECTION: dict[str, Any] = read_params().sections["mine_dialogs"]
FILM = make_item("imdb:tt1", "Erin Brockovich")
REJECTIONS = {
    "reply: bot": 9,
    "reply: deleted body": 10,
    "reply: other language (Portuguese)": 1,
    "reply: removed body": 6,
    "reply: score below minimum": 3,
    "request: near copy": 6,
    "request: not a request": 3,
    "request: other language (French)": 2,
    "request: other language (German)": 2,
    "request: other language (Portuguese)": 1,
    "request: other language (Spanish)": 2,
    "request: score below minimum": 3,
}
"""Posts of the bundled threads that are left out, by reason."""


def mine(
    path: Path, section: dict[str, Any], *, workers: int = 1, tombstones: str = ""
) -> tuple[Job, list[Dialog]]:
    items, stones = path.with_name("items.parquet"), path.with_name("tombstones.jsonl")
    write_table(items, Item, [FILM])
    stones.write_text(tombstones)
    job = Job("mine_dialogs", seed=2026, workers=workers)
    params = Params.model_validate({**section, "scratch": str(path.with_name("scratch"))})
    main(job, params, items=items, tombstones=stones, dialogs=path)
    return job, read_table(path, Dialog)


def make_post(row_id: str, **changes: Any) -> dict[str, Any]:
    fields = {"id": row_id, "author": AUTHOR, "created_utc": 1_650_000_000, "score": 5}
    if "title" in changes:
        fields |= {"subreddit": "moviesuggestions", "selftext": "", "over_18": False}
    else:
        fields |= {"link_id": "t3_a", "parent_id": "t3_a"}
    return {**fields, **changes}


def write_dump(folder: Path, posts: list[dict[str, Any]], replies: list[dict[str, Any]]) -> None:
    folder.mkdir()
    for name, rows in (("RS_1.ndjson", posts), ("RC_1.ndjson", replies)):
        (folder / name).write_text("".join(json.dumps(one) + "\n" for one in rows))


def mine_dump(
    tmp_path: Path, *stones: dict[str, Any], invented: bool = True
) -> tuple[Job, list[Dialog]]:
    source = {**SECTION["sources"][0], "name": "s", "path": str(tmp_path / "dump")}
    source["invented"] = invented
    lines = "".join(json.dumps(stone) + "\n" for stone in stones)
    section = {**SECTION, "sources": [source]}
    return mine(tmp_path / "dialogs.parquet", section, tombstones=lines)
