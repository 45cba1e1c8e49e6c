"""The way from a release to figures: stages train_sft, train_gdpo and evaluate on six films."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from builder.errors import InputError
from builder.explanations.renderer import Renderer
from builder.export.choose import ChosenRow, Config, ExportRule
from builder.export.naming import Names
from builder.export.release import by_place, write_saferec
from builder.records import Answer, Conversation, Filtered, Item, Message, Risk, Split, Verdict
from builder.synthesis.answers.reasoning import Reasoner
from builder.tables import read_table, write_table
from builder.taxonomy import Taxonomy
from pipelines.runtime.params import Parameters, read_params
from pipelines.runtime.stage import Job
from pipelines.stages import evaluate, train_gdpo, train_sft
from tests.factories import DOGS, make_conversation, make_item, make_risk, write_oracle_file

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")

TAXONOMY = Taxonomy.load(Path("data/taxonomy"))
TITLES = ("Heat", "Saw", "Up", "Hades", "Alien", "Babe")
VERDICTS: tuple[Verdict, ...] = ("safe", "unsafe", "safe", "unknown", "unsafe", "safe")
ITEMS = [
    make_item(f"imdb:{n}", title, 2000 + n, genres=("Drama",)) for n, title in enumerate(TITLES)
]
SYSTEMS = ["popularity", "plain_sft", "safe_sft", "safe_gdpo"]


@dataclass(frozen=True)
class World:
    """A folder with what the stages read, and parameters made small."""

    root: Path
    params: Parameters

    def path(self, name: str) -> Path:
        return self.root / name

    def run(self, stage: Any, **outs: str) -> Job:
        name = stage.__name__.rpartition(".")[2]
        job = Job(name, seed=5, workers=1)
        wanted = {
            key: self.path(outs.get(key, key)) for key in stage.main.__kwdefaults__ or _paths(stage)
        }
        stage.main(job, self.params.section(stage.Params, name), **wanted)
        return job


def _paths(stage: Any) -> list[str]:
    code = stage.main.__code__
    first = code.co_argcount
    return list(code.co_varnames[first : first + code.co_kwonlyargcount])


def _risks(oracle: str) -> list[Risk]:
    return [
        make_risk(item.item_id, DOGS, verdict, oracle=oracle)
        for item, verdict in zip(ITEMS, VERDICTS, strict=True)
    ]


@pytest.fixture
def params() -> Parameters:
    """Return the project's own parameters, shrunk."""
    params = read_params()
    sft, gdpo = params.sections["train_sft"], params.sections["train_gdpo"]
    sft["tiny"] |= {"max_words": 40, "hidden_size": 24, "layers": 1, "heads": 2}
    sft |= {"epochs": 3, "batch_size": 2}
    gdpo |= {"steps": 1, "prompts_per_step": 2, "generations": 2}
    params.sections["decoding"]["default"]["max_new_tokens"] = 8
    params.sections["evaluate"] |= {"bootstrap_resamples": 50, "cutoffs": [2, 10]}
    return params


@pytest.fixture
def world(tmp_path: Path, params: Parameters) -> World:
    names, places = Names(ITEMS), []
    conversations = []
    for number in range(8):
        split: Split = "train" if number < 5 else "test"
        own = make_conversation(
            f"t{number}/1#stated",
            trait=DOGS,
            messages=(Message("user", f"Slow westerns, number {number}? No dead horses."),),
            recommended=("imdb:0", "imdb:1", "imdb:2"),
            safe=("imdb:0", "imdb:2"),
            filtered=(Filtered("imdb:1", (DOGS,)),),
            unknown=(),
        )
        conversations.append(own)
        configs: tuple[Config, ...] = ("sft", "grpo") if split == "train" else ("sft",)
        places += [ChosenRow(config, split, own, own.safe, own.safe) for config in configs]
    write_saferec(
        tmp_path / "saferec",
        by_place(places),
        names,
        [DOGS],
        Reasoner(TAXONOMY, Renderer(TAXONOMY), 1),
        ExportRule(
            wanted=10,
            min_groundtruth_train=2,
            unknown_in_groundtruth="drop",
            alternatives=0,
            empty_groundtruth="drop",
        ),
        1,
    )
    write_table(tmp_path / "items", Item, ITEMS)
    write_table(tmp_path / "conversations", Conversation, conversations)
    for oracle in ("build", "grade"):
        write_oracle_file(tmp_path / f"oracle_{oracle}", _risks(oracle), ITEMS, oracle)
    return World(tmp_path, params)


def test_rows_too_long_are_counted_and_none_left_ends_the_run(world: World) -> None:
    world.params.sections["train_sft"] |= {"max_length": 3}
    job = Job("train_sft", seed=5, workers=1)
    wanted = {key: world.path(key) for key in _paths(train_sft)}
    with pytest.raises(InputError, match="train_sft: has no row to train on; raise"):
        train_sft.main(job, world.params.section(train_sft.Params, "train_sft"), **wanted)
    assert [r.reason for r in job.rejections] == ["longer than max_length"] * 5


def test_from_a_release_to_figures(world: World) -> None:
    sft, gdpo = world.run(train_sft), world.run(train_gdpo)
    graded = world.run(evaluate)
    assert sft.rows_out == {"plain SFT": 5, "Safe-SFT": 5}
    assert gdpo.rows_out == {"answers": 4}
    assert graded.rows_out == {"answers": 12}
    for model in ("model_plain", "model_safe", "model_gdpo"):
        assert (world.path(model) / "model.safetensors").exists()

    with world.path("sft_log").open(newline="") as handle:
        assert {row["series"] for row in csv.DictReader(handle)} == {"plain SFT", "Safe-SFT"}
    with world.path("gdpo_log").open(newline="") as handle:
        rewards = [(row["step"], row["series"]) for row in csv.DictReader(handle)]
    assert rewards == [("1", "relevance"), ("1", "safety"), ("1", "count")]

    answers = read_table(world.path("answers"), Answer)
    assert [answer.system for answer in answers[::3]] == SYSTEMS
    assert answers[0].listed == ("Heat (2000)", "Up (2002)")
    assert answers[0].verdicts == ("safe", "safe")

    metrics = json.loads(world.path("metrics").read_bytes())
    assert (metrics["split"], metrics["n_rows"], metrics["n_threads"]) == ("test", 3, 3)
    assert list(metrics["systems"]) == SYSTEMS
    assert metrics["systems"]["popularity"]["recall@10"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert metrics["systems"]["popularity"]["svr_upper@2"]["value"] == 0.0
    assert "recall@10" in metrics["safe_gdpo_minus_plain_sft"]
    assert "recall@10" in metrics["safe_gdpo_minus_plain_sft_at_equal_length"]
    with world.path("metrics_plot").open(newline="") as handle:
        plotted = list(csv.DictReader(handle))
    assert plotted[0].keys() == {"system", "metric", "value", "low", "high"}
    assert [row["system"] for row in plotted if row["metric"] == "ndcg@10"] == SYSTEMS


def test_the_grading_oracle_pays_no_reward(world: World) -> None:
    with pytest.raises(
        InputError, match=r"is the oracle 'grade', fed by .*, and was asked to build"
    ):
        world.run(train_gdpo, oracle_build="oracle_grade")


def test_a_split_without_rows_is_named(world: World) -> None:
    world.params.sections["evaluate"] |= {"split": "validation"}
    with pytest.raises(InputError, match="the split validation has no row to answer; choose"):
        world.run(evaluate)


def test_the_building_oracle_gives_no_grades(world: World) -> None:
    with pytest.raises(
        InputError, match=r"is the oracle 'build', fed by .*, and was asked to grade"
    ):
        world.run(evaluate, oracle_grade="oracle_build")
