"""The way from texts to oracles: stages embed, tag and fuse on a catalogue of three items."""

from __future__ import annotations

import hashlib
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from builder.errors import InputError
from builder.oracle.files.label import OracleLabel, Role
from builder.oracle.files.oracle import Oracle
from builder.records import Evidence, Item, TextLikelihood
from builder.tables import write_table
from pipelines.runtime.stage import Job
from pipelines.stages import embed, fuse, tag
from tests.factories import make_evidence, make_item, make_text

LABELS = {"unsafe_from": 2.0, "applicability": ["strong"]}
EMBED: dict[str, Any] = {
    "encoder": {"model": "offline", "batch_tokens": 128},
    "kinds": ["plot", "tags"],
    "max_sentences": 9,
    "precision": "float32",
}
TAG: dict[str, Any] = {
    "search": "faiss",
    "texts": {
        "plot": {"min_score": 0.3, "nearest": 1},
        "tags": {"min_score": 0.6, "nearest": 1},
    },
    "heads_only": ["genres", "reason"],
    "labels": LABELS,
    "label_feeds": ["ours:statement"],
    "min_answered": 0.5,
    "steepness": 2.0,
    "heads": {
        "folds": 3,
        "inverse_penalty": 0.3,
        "min_labels": 30,
        "part_weights": {"mean": 1.0, "cosines": 1.0, "nearest": 1.0, "words": 1.0},
        "axes": 300,
    },
    "bootstrap_resamples": 20,
}
FUSE: dict[str, Any] = {
    "fusion": "posterior",
    "build": ["ours:statement"],
    "grade": ["*:similarity", "*:likelihood", "ours:ceiling"],
    "labels": LABELS,
    "label_feeds": {"build": [], "grade": ["ours:statement"]},
    "min_answered": 0.6,
    "miss_rate": 0.05,
    "false_alarm_rate": 0.1,
    "proxies_clear": False,
    "thresholds": {
        "min_labels": 30,
        "folds": 5,
        "min_settled": 0.65,
        "clears_below": 0.25,
        "convicts_from": 0.4,
        "hint_wrong": 0.05,
        "hint_wrong_high": 0.1,
    },
    "posterior": {
        "prior_items": 10.0,
        "prior_votes": 2.0,
        "severity_prior_votes": 4.0,
        "statement_precision": 0.98,
        "text_precision": 0.63,
        "statement_votes": 8.0,
        "ceiling_leak": 0.05,
        "trait_base": 0.3,
        "trait_floor": 0.1,
        "togetherness": 1.0,
        "trust": {"strong": 0.95, "weak": 0.6, "very_weak_proxy": 0.3, "none": 0.0},
        "level": 0.8,
        "unsafe_at": 0.66,
        "safe_below": 0.5,
    },
    "text_trigger": {"plot": 0.5, "tags": 0.78},
    "no_scenes": ["genres"],
    "target_precision": 0.6,
    "bootstrap_resamples": 20,
}


def question(warning_id: str, asked: str, *paraphrases: str) -> dict[str, Any]:
    return {
        "id": warning_id,
        "question": asked,
        "description": asked,
        "paraphrases": list(paraphrases),
        "keywords": ["dog dies"] if warning_id == "does-the-dog-die" else [],
    }


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """Write a taxonomy of one trait, three items and the evidence on them."""
    weights = dict.fromkeys(
        (
            "sex_nudity",
            "violence_gore",
            "profanity",
            "alcohol_drugs_smoking",
            "frightening_intense",
        ),
        0.5,
    )
    trait = {
        "name": "Animal lover",
        "id": "animals",
        "short": "harm to animals",
        "warnings": ["does-the-dog-die", "does-a-horse-die"],
        "parents_guide": {"applicability": "strong", "weights": weights},
    }
    warnings = [
        question("does-the-dog-die", "Does the dog die", "The family dog is shot and dies."),
        question("does-a-horse-die", "Does a horse die", "The horse falls and has to be shot."),
    ]
    (tmp_path / "traits.yaml").write_text(yaml.safe_dump({"traits": [trait]}))
    (tmp_path / "warnings.yaml").write_text(yaml.safe_dump({"warnings": warnings}))
    plots = {
        "a": "A boy grows up on a farm. The old dog is shot and dies in his arms.",
        "b": "Two bakers open a shop in Paris. No dog dies.",
        "c": "Three friends sing.",
    }
    items = [make_item(i, rating="G", texts=(make_text(plot),)) for i, plot in plots.items()]
    write_table(tmp_path / "items", Item, items)
    stated = [
        ("a", "statement", "does-the-dog-die", 1.0),
        ("b", "statement", "does-the-dog-die", 0),
    ]
    stated.append(("b", "statement", "does-a-horse-die", 0))
    stated += [("b", "ceiling", category, 1) for category in weights]
    evidence = [
        make_evidence(kind, subject, float(value), item_id=i, span="rated G")
        for i, kind, subject, value in stated
    ]
    write_table(tmp_path / "evidence", Evidence, evidence)
    return tmp_path


def run_embed(folder: Path, workers: int = 1) -> Job:
    job = Job("embed", 1, workers)
    paths = {name: folder / name for name in ("items", "sentences", "vectors")}
    params = embed.Params.model_validate(EMBED | {"cache": str(folder / "vectors.sqlite")})
    embed.main(job, params, taxonomy=folder, **paths)
    return job


def run_tag(folder: Path) -> Job:
    job = Job("tag", 1, 1)
    texts = ("text_evidence", "text_likelihoods", "text_heads")
    paths = {name: folder / name for name in ("evidence", "sentences", "vectors", *texts)}
    tag.main(job, tag.Params.model_validate(TAG), taxonomy=folder, **paths)
    return job


def run_fuse(folder: Path, **changes: Any) -> Job:
    job = Job("fuse", 1, 1)
    names = inspect.getfullargspec(fuse.main).kwonlyargs
    paths = {name: folder / name for name in names if name != "taxonomy"}
    fuse.main(job, fuse.Params.model_validate({**FUSE, **changes}), taxonomy=folder, **paths)
    return job


def opened(catalog: Path, role: Role) -> Oracle:
    return Oracle.open(catalog / f"oracle_{role}", role)


def verdicts(oracle: Oracle) -> dict[str, str]:
    return {item_id: oracle.verdict(item_id, "Animal lover") for item_id in oracle.item_ids}


def test_texts_and_statements_become_two_oracles(catalog: Path) -> None:
    embedded, tagged, fused = run_embed(catalog), run_tag(catalog), run_fuse(catalog)
    assert embedded.rows_in == {"items": 3, "warnings": 2}
    assert embedded.rows_out == {"sentences": 5, "vectors": 5}
    assert tagged.figures == {
        "encoder": "offline",
        "labels": {"Animal lover": {"unsafe": 1, "safe": 1}},
        "heads": {"Animal lover": "none"},
    }
    assert tagged.rows_out["text_likelihoods"] == 0
    assert {r.reason for r in tagged.rejections} == {"sentence rules the warning out"}
    assert fused.rows_out == {"oracle_build": 3, "oracle_grade": 3}
    build, grade = opened(catalog, "build"), opened(catalog, "grade")
    assert verdicts(build) == {"a": "unsafe", "b": "safe", "c": "unknown"}
    assert verdicts(grade) == {"a": "unsafe", "b": "unknown", "c": "unknown"}
    [shot, *_] = grade.explain("a", "Animal lover")
    assert shot.quote == "The old dog is shot and dies in his arms."
    assert (catalog / "coverage_plot").read_text().splitlines()[:2] == [
        "trait,oracle,verdict,share",
        "Animal lover,build,unsafe,0.3333",
    ]
    assert grade.label == OracleLabel(
        "grade",
        {"ours:ceiling": 5, "ours:similarity": 1},
        {"texts": [], "thresholds": ["ours:statement"]},
    )
    assert json.loads((catalog / "sensitivity_export").read_text()) == []
    report = json.loads((catalog / "oracle_report").read_text())
    assert report["agreement"]["all"]["agreement"] == 1.0
    measured = json.loads((catalog / "disagreement_metrics").read_text())
    assert measured == {"disagreement": {"all": 0.0, "Animal lover": 0.0}}
    assert report["fusion"] == "posterior"
    assert report["calibration"]["build"]["if_unsaid"]["all"]["said"] == 1
    for plot, head in (
        ("reliability_plot", "oracle,group,predicted,observed,low,high,pairs"),
        ("coverage_risk_plot", "oracle,group,coverage,wrong,pairs"),
        ("knowledge_plot", "trait,source,share"),
    ):
        assert (catalog / plot).read_text().splitlines()[0] == head
    assert report["fed_by"]["build"] == {"ours:statement": 3}
    assert report["text_against_statements"]["plot"]["auroc"]["all"]["n_yes"] == 1


def test_neither_workers_nor_a_second_run_change_a_byte(catalog: Path) -> None:
    names = ("sentences", "vectors", "text_evidence", "oracle_build", "oracle_grade")
    digests = []
    for workers in (1, 2):
        (catalog / "vectors.sqlite").unlink(missing_ok=True)
        run_embed(catalog, workers)
        run_tag(catalog)
        run_fuse(catalog)
        files = [*names, "oracle_report", "coverage_plot"]
        digests.append([hashlib.sha256((catalog / f).read_bytes()).hexdigest() for f in files])
    assert digests[0] == digests[1]


def test_oracles_that_share_evidence_stop_the_stage_before_it_writes(catalog: Path) -> None:
    write_table(catalog / "text_evidence", Evidence, [])
    with pytest.raises(InputError, match="can match the same evidence"):
        run_fuse(catalog, build=["ours:*"])
    assert not (catalog / "oracle_build").exists()


def test_the_references_fusion_is_one_line_away(catalog: Path) -> None:
    write_table(catalog / "text_evidence", Evidence, [])
    write_table(catalog / "text_likelihoods", TextLikelihood, [])
    run_fuse(catalog, fusion="saferec")
    oracle = opened(catalog, "build")
    assert verdicts(oracle) == {"a": "unsafe", "b": "safe", "c": "unknown"}
    assert [risk.risk for risk in oracle.risks()] == [1.0, 0.0, None]


def test_a_pattern_that_takes_nothing_is_rejected(catalog: Path) -> None:
    write_table(catalog / "text_evidence", Evidence, [])
    write_table(catalog / "text_likelihoods", TextLikelihood, [])
    job = run_fuse(catalog, build=["ours:statement", "typo:statement"], grade=["ours:ceiling"])
    assert [(r.place, r.detail) for r in job.rejections] == [
        ("params.yaml: fuse.build", "typo:statement")
    ]


def test_thresholds_must_leave_no_item_both_safe_and_unsafe() -> None:
    with pytest.raises(ValidationError, match="safe_below must be below unsafe_at"):
        fuse.Params.model_validate({**FUSE, "posterior": FUSE["posterior"] | {"safe_below": 0.7}})
