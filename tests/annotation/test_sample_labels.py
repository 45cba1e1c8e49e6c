"""The bundled labels fit the bundled screen, whatever conversations the pipeline writes today."""

from __future__ import annotations

import json
from pathlib import Path

from annotation.screen import Screen

SCREEN = Screen.load()
FILES = sorted(Path("data/sample/labels").glob("*.json"))


def test_every_bundled_answer_is_one_that_the_screen_offers() -> None:
    tasks = [task for path in FILES for task in json.loads(path.read_text())]
    assert tasks
    for task in tasks:
        assert set(task["data"]) == {"conversation_id", "fingerprint", "trait"}
        for annotation in task["annotations"]:
            answers = {r["from_name"]: r["value"] for r in annotation["result"]}
            assert "skip" in answers or set(SCREEN.required) <= set(answers)
            for name, value in answers.items():
                item = SCREEN.item_question(name)
                offered = SCREEN.items[item[0]] if item else SCREEN.questions.get(name)
                assert name in SCREEN.comments or (offered and set(value["choices"]) <= offered)


def test_the_bundled_labels_show_each_thing_that_can_happen() -> None:
    text = "".join(path.read_text() for path in FILES)
    annotators = {
        a["completed_by"] for t in json.loads(FILES[0].read_text()) for a in t["annotations"]
    }
    assert annotators == {1, 2}
    for answer in ("yes", "partly", "fits", "breaks", "cannot_judge"):
        assert f'"{answer}"' in text
