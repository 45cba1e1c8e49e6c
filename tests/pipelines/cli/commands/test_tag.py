"""`saferec tag eval` on the artefacts of a run of 60 items."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.records import Evidence, Item
from builder.tables import write_table
from builder.tagging.heads.head_file import read_heads, write_heads
from pipelines.runtime.params import Parameters
from pipelines.runtime.stage import Job
from pipelines.stages import embed, tag
from tests.factories import make_evidence, make_item, make_text
from tests.support.projects import saferec

PARAMS: dict[str, Any] = {
    "run": {"seed": 7, "workers": 1},
    "inputs": {"taxonomy": "taxonomy", "tombstones": "t.jsonl", "link_decisions": "d.jsonl"},
    "encoders": {"default": {"model": "offline", "batch_tokens": 256}},
    "labels": {"unsafe_from": 2.0, "applicability": ["strong"]},
    "embed": {
        "encoder": "default",
        "kinds": ["plot", "overview", "reason"],
        "max_sentences": 9,
        "precision": "float32",
        "cache": "vectors.sqlite",
    },
    "tag": {
        "search": "numpy",
        "texts": {"plot": {"min_score": 0.3, "nearest": 1}},
        "heads_only": ["overview", "reason"],
        "label_feeds": ["ours:statement"],
        "min_answered": 0.5,
        "steepness": 2.0,
        "heads": {
            "folds": 3,
            "inverse_penalty": 1.0,
            "min_labels": 10,
            "part_weights": {"mean": 1.0, "cosines": 1.0, "nearest": 1.0, "words": 1.0},
            "axes": 300,
        },
        "bootstrap_resamples": 20,
    },
}
PATHS = {name: name for name in ("items", "evidence", "sentences", "vectors")}
PATHS |= {name: name for name in ("text_evidence", "text_likelihoods", "text_heads")}
LABELS = """imdb_id,title,year,trait,label,text
tt0000001,,,animals,1,
TT2,,,Animal lover,0,
,Film 3,2001,animals,1,
tt0000004,,,spiders,0,
tt0000005,,,animals,yes,
tt0000006,,,plants,0,
x,,,animals,0,
,,,animals,0,
tt0000001,,,animals,0,
tt0099999,,,animals,0,
tt0099998,,,animals,1,A boy finds his old dog shot dead.
,Nobody's Picnic,1999,animals,0,Friends bake a cake and sing.
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run embed and tag on items in half of which a dog dies."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "taxonomy").mkdir()
    guide = {"applicability": "none", "weights": {}}
    traits = [
        {"name": "Animal lover", "id": "animals", "warnings": ["does-the-dog-die"]},
        {"name": "Spiders", "id": "spiders", "warnings": ["are-there-spiders"]},
    ]
    warnings = [
        ("does-the-dog-die", "Does the dog die"),
        ("are-there-spiders", "Are there spiders"),
    ]
    traits = [{**trait, "short": "x", "parents_guide": guide} for trait in traits]
    (folder / "taxonomy" / "traits.yaml").write_text(yaml.safe_dump({"traits": traits}))
    entries = [
        {"id": i, "question": q, "description": q, "paraphrases": [q], "keywords": []}
        for i, q in warnings
    ]
    (folder / "taxonomy" / "warnings.yaml").write_text(yaml.safe_dump({"warnings": entries}))
    (folder / "params.yaml").write_text(yaml.safe_dump(PARAMS))
    (folder / "calibration.yaml").write_text("{}")
    (folder / "dvc.yaml").write_text(yaml.safe_dump({"vars": [{"paths": PATHS}], "stages": {}}))
    died, lived = "The dog is shot and dies.", "Friends sing and bake a cake."
    items, stated = [], []
    for number in range(60):
        item_id, unsafe = f"imdb:tt{number:07}", number % 2 == 1
        plot = (died if unsafe else lived) if number % 7 else lived
        text = make_text(f"{plot} It is summer.")
        items.append(make_item(item_id, f"Film {number}", 2001, texts=(text,)))
        if number != 3:
            stated.append(
                make_evidence("statement", "does-the-dog-die", float(unsafe), item_id=item_id)
            )
    write_table(folder / "items", Item, items)
    write_table(folder / "evidence", Evidence, stated)
    job = Job("x", 7, 1)
    paths = {name: folder / name for name in (*PATHS, "taxonomy")}
    PARAMS["embed"]["cache"] = str(folder / "cache.sqlite")
    embed.main(
        job,
        Parameters(PARAMS).section(embed.Params, "embed"),
        **{name: paths[name] for name in ("taxonomy", "items", "sentences", "vectors")},
    )
    texts = ("sentences", "vectors", "text_evidence", "text_likelihoods", "text_heads")
    tag.main(
        job,
        Parameters(PARAMS).section(tag.Params, "tag"),
        **{name: paths[name] for name in ("taxonomy", "evidence", *texts)},
    )
    return folder


def run(folder: Path, labels: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    (folder / "labels.csv").write_text(labels)
    monkeypatch.chdir(folder)
    return saferec("tag", "eval", "labels.csv")


def test_the_table_is_printed_and_bad_rows_are_one_line_each(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(finished, LABELS, monkeypatch)
    assert result.exit_code == 0, result.output
    table = json.loads(result.stdout)
    assert table["rejected"] == {
        "bad id": 1,
        "label is not 0 or 1": 1,
        "duplicate label": 1,
        "neither id nor title": 1,
        "unknown trait": 1,
        "not in the catalogue and no text": 1,
    }
    assert (table["rows"], table["scored"], table["taught_a_head"]) == (12, 6, 2)
    assert table["pooled"] == ["Spiders"]
    told = table["by_trait"]["Animal lover"]
    assert (told["n"], told["n_unsafe"]) == (5, 3)
    assert told["auroc"]["head"]["value"] == 1.0
    assert set(told["auroc"]) == {"head", "cosine", "keywords", "head - cosine", "head - keywords"}
    lines = result.stderr.splitlines()
    assert len(lines) == 6
    assert "labels.csv:6: label is not 0 or 1: 'yes'" in lines


def test_labels_change_no_score(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (finished / "text_heads").read_bytes()
    flipped = LABELS.replace("animals,1,", "animals,x,").replace("lover,0,", "lover,1,")
    flipped = flipped.replace("animals,0,", "animals,1,").replace("animals,x,", "animals,0,")
    tables = [json.loads(run(finished, labels, monkeypatch).stdout) for labels in (LABELS, flipped)]
    areas = [t["by_trait"]["Animal lover"]["auroc"]["head"]["value"] for t in tables]
    assert areas == [1.0, 0.0]
    assert (finished / "text_heads").read_bytes() == before


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ("id,label\n1,0\n", "has no column 'imdb_id', nor 'title' and 'year'"),
        ("imdb_id,label\n1,0\n", "has no column 'trait'"),
        ("imdb_id,trait,label\n", "no row can be scored (no rows)"),
        (
            "imdb_id,trait,label\n1,animal,0\n",
            "no row can be scored (unknown trait 1, first labels.csv:2: 'animal'; did you mean "
            "'Animal lover'?)",
        ),
        ("title,year,trait,label\nFilm 3,0,animals,0\n", "bad year 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(
    labels: str, said: str, finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(finished, labels, monkeypatch)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_heads_of_another_version_are_refused(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = read_heads(finished / "text_heads")
    kept = (finished / "text_heads").read_bytes()
    write_heads(finished / "text_heads", replace(heads, means=heads.means[:, 1:]))
    result = run(finished, LABELS, monkeypatch)
    (finished / "text_heads").write_bytes(kept)
    assert result.exit_code == 2
    assert "numbers a text" in result.stderr
    assert "run `dvc repro tag`" in result.stderr


def test_before_the_run_the_command_says_what_to_do(
    tmp_path: Path, finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("params.yaml", "calibration.yaml", "dvc.yaml"):
        (tmp_path / name).write_text((finished / name).read_text())
    result = run(tmp_path, LABELS, monkeypatch)
    assert result.exit_code == 2
    assert "does not exist yet; run `dvc repro tag` first" in result.stderr
