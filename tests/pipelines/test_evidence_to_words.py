"""From rows of evidence to all that people and models read: no link of the chain may be cut."""

from __future__ import annotations

import importlib
import json
import shutil
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import datasets
import pytest
import yaml

from builder.explanations import renderer
from builder.explanations.renderer import Phrases, read_phrases
from builder.export.release_layout import FOLDER_OF
from builder.oracle.files.oracle import Oracle
from builder.records import (
    Assignment,
    Conversation,
    Evidence,
    Item,
    Judgement,
    Request,
    Review,
    Scenario,
    Sentence,
    SplitRow,
    TextLikelihood,
)
from builder.tables import read_table, write_table
from pipelines.runtime.layout import read_layout
from pipelines.runtime.stage import Job, path_arguments, read_params
from tests.factories import (
    GORE,
    make_assignment,
    make_evidence,
    make_item,
    make_request,
    make_scenario,
)
from tests.support.projects import saferec
from tests.support.report_documents import write_report_documents

WARNINGS = {
    "quill-snaps": ("Does a quill snap", "A goose quill snaps."),
    "ink-spills": ("Is ink spilt", "Violet ink runs over a ledger."),
    "wax-burns": ("Does wax burn", "Sealing wax burns a thumb."),
}
NO_WORDINGS = "paraphrases: [], keywords: []"
FILMS = {"a": "Anvil", "b": "Bobbin", "c": "Clavichord", "d": "Dulcimer", "e": "Easel"}
WEIGHTS = (
    "{sex_nudity: 0.0, violence_gore: 1.0, profanity: 0.0, alcohol_drugs_smoking: 0.0, "
    "frightening_intense: 0.0}"
)


@dataclass(frozen=True)
class Words:
    """What came out, each as one text."""

    completion: str
    plain: str
    task: str
    page: str
    shown: str


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project of one trait with three warnings, and a thread that recommends four films."""
    for name in ("dvc.yaml", "calibration.yaml"):
        shutil.copyfile(name, tmp_path / name)
    params = yaml.safe_load(Path("params.yaml").read_text())
    params["balance"] |= {"max_share": 1.0}
    params["fuse"] |= {"fusion": "saferec", "build": ["zeta:*"], "grade": ["other:*"]}
    params["fuse"]["label_feeds"] |= {"build": [], "grade": []}
    params["synthesize"] |= {"styles": ["stated"], "set_share": 0.0}
    params["route"] |= {
        "shares": {"random": 1.0, "low_score": 0, "rare_trait": 0, "unknown_items": 0}
    }
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    monkeypatch.chdir(tmp_path)
    paths = read_layout().paths
    paths["taxonomy"].mkdir(parents=True)
    entries = [
        f"- {{id: {name}, question: {question}, description: {text}, {NO_WORDINGS}}}"
        for name, (question, text) in WARNINGS.items()
    ]
    (paths["taxonomy"] / "warnings.yaml").write_text("\n".join(["warnings:", *entries]))
    (paths["taxonomy"] / "traits.yaml").write_text(
        f"traits:\n- name: {GORE}\n  id: quills\n  short: quills and ink\n"
        f"  warnings: [{', '.join(WARNINGS)}]\n"
        f"  parents_guide: {{applicability: strong, weights: {WEIGHTS}}}\n"
    )
    tables: dict[str, tuple[type, list[Any]]] = {
        "items": (Item, [make_item(i, title) for i, title in FILMS.items()]),
        "sentences": (Sentence, []),
        "text_evidence": (Evidence, []),
        "text_likelihoods": (TextLikelihood, []),
        "requests": (Request, [make_request("Any film?", recommended=(*FILMS,))]),
        "assignments": (Assignment, [make_assignment(GORE), make_assignment(None, "cues")]),
        "judgements": (Judgement, []),
        "reviews": (Review, []),
        "scenarios": (Scenario, [make_scenario()]),
        "splits": (SplitRow, [SplitRow("t1", "train")]),
    }
    for name, (record, rows) in tables.items():
        write_table(paths[name], record, rows)
    return tmp_path


def run(stage: str) -> None:
    """Run a stage in this process, as dvc.yaml would."""
    module = importlib.import_module(f"pipelines.stages.{stage}")
    layout = read_layout()
    job = Job(stage, seed=1, workers=1)
    paths = {name: layout[name] for name in path_arguments(module.main)}
    module.main(job, read_params().section(module.Params, stage), **paths)


def words_from(evidence: list[Evidence]) -> Words:
    """Return what is written of the evidence, from the oracle to the release and the screens."""
    paths = read_layout().paths
    write_table(paths["evidence"], Evidence, evidence)
    for stage in ("fuse", "synthesize", "export", "route"):
        run(stage)
    write_report_documents(paths)
    run("report")
    rows = datasets.load_from_disk(str(paths["saferec"] / FOLDER_OF["sft"]))["train"]
    beside = (paths["saferec"] / "intermediate" / "train.jsonl").read_text().splitlines()
    [task] = json.loads((paths["tasks"] / "tasks.json").read_text())
    data = task["data"]
    shown = [saferec("show", title, "--full") for title in FILMS.values()]
    assert all(result.exit_code == 0 for result in shown), shown
    return Words(
        completion=rows[0]["completion"][0]["content"],
        plain=json.loads(beside[0])["plain_completion"],
        task="\n".join(
            f"{entry['title']}: {entry['evidence']}"
            for group in ("kept", "left_out", "unknown")
            for entry in data[group]
        ),
        page=unescape(paths["page"].read_text()),
        shown=" ".join(word for result in shown for word in result.stdout.split()),
    )


def evidence_of(yes: str, quote: str) -> list[Evidence]:
    """Say yes to one warning of film a, no to two of b and to all of e; rate d; be silent on c."""
    first_no, second_no = yes, next(warning for warning in WARNINGS if warning != yes)
    zeta: dict[str, Any] = {"source": "zeta"}
    noes = [make_evidence("statement", w, 0.0, item_id="e", **zeta) for w in WARNINGS]
    return [
        *noes,
        make_evidence("statement", yes, 1.0, item_id="a", span=quote, **zeta),
        make_evidence("statement", first_no, 0.0, item_id="b", votes=(1, 8), **zeta),
        make_evidence("statement", second_no, 0.0, item_id="b", votes=(0, 5), **zeta),
        make_evidence(
            "severity", "violence_gore", 3.0, item_id="d", votes=(0, 1, 2, 17), span="", **zeta
        ),
    ]


@pytest.mark.parametrize(
    ("yes", "quote", "question", "fact", "open_question", "open_clause"),
    [
        pytest.param(
            "quill-snaps",
            "pen breaks at 0:41",
            "Does a quill snap",
            "a goose quill snaps",
            "Does wax burn",
            "sealing wax burns a thumb",
            id="quill",
        ),
        pytest.param(
            "wax-burns",
            "hot wax at 1:07",
            "Does wax burn",
            "sealing wax burns a thumb",
            "Is ink spilt",
            "violet ink runs over a ledger",
            id="wax",
        ),
    ],
)
def test_evidence_reaches_all_who_read_of_it(
    project: Path,
    yes: str,
    quote: str,
    question: str,
    fact: str,
    open_question: str,
    open_clause: str,
) -> None:
    words = words_from(evidence_of(yes, quote))
    reasoning, _, solution = words.completion.partition("<solution>")
    assert solution == "\nBobbin (2000)\nEasel (2000)\n</solution>"
    for clause in (
        fact,
        "it is rated severe for violence & gore",
        "Clavichord (2000)",
        f"whether {open_clause}",
    ):
        assert clause in reasoning
    assert "Bobbin (2000) and Easel (2000)" in words.plain
    assert f"whether {open_clause}" in words.plain
    for seen in (words.task, words.page, words.shown):
        for line in (
            f'zeta says yes: {question} ("{quote}")',
            "zeta says no to 2 of 3 warnings",
            f"not answered: 1 of 3 warnings ({open_question})",
            "zeta: violence & gore severe, 17 of 20 votes",
            "not answered: 3 of 3 warnings",
        ):
            assert line in seen


def test_other_phrases_change_texts_and_no_choice(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = evidence_of("quill-snaps", "pen breaks at 0:41")
    words, before = words_from(evidence), tables()
    other = {
        name: text.replace("says yes", "affirms")
        .replace("severe", "harsh")
        .replace("rated", "held")
        if isinstance(text, str)
        else text
        for name, text in read_phrases().model_dump(by_alias=True).items()
    }
    other["levels"] = ["nil", "slight", "middling", "utmost"]
    other["unanswered"] = "open: {asked}"
    monkeypatch.setattr(renderer, "read_phrases", lambda: Phrases.model_validate(other))
    changed = words_from(evidence)
    assert tables() == before
    assert (
        changed.completion.partition("<solution>")[2] == words.completion.partition("<solution>")[2]
    )
    assert "it is held utmost for violence & gore" in changed.completion
    assert changed.completion.count("a goose quill snaps") == 1
    for seen in (changed.task, changed.page, changed.shown):
        assert 'zeta affirms: Does a quill snap ("pen breaks at 0:41")' in seen
        assert "open: Does wax burn" in seen
        assert "says yes" not in seen
        assert "not answered" not in seen


def tables() -> tuple[list[Any], list[Any]]:
    """Return the oracle's rows and the conversations: all that is chosen."""
    paths = read_layout().paths
    return (
        [*Oracle.open(paths["oracle_build"], "build").risks()],
        read_table(paths["conversations"], Conversation),
    )
