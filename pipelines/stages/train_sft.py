"""Stage train_sft: a model learns what people recommended, another only what of it is safe."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from pathlib import Path
from statistics import fmean

from builder.export.naming import Names
from builder.export.release_layout import read_rule
from builder.oracle.files.oracle import Oracle
from builder.plot_files import write_plot
from builder.records import Conversation, Item
from builder.tables import read_table, replacing
from builder.training.examples import ThreadLists, named_items, read_examples, sft_rows
from builder.training.models import start_policy
from builder.training.sft import rows_that_fit, train_sft
from builder.training.training_settings import SftSettings, StartSettings
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams, SftSettings, StartSettings):
    """How long to learn, from which model, and whether completions keep their reasoning."""

    reads_also = ("training",)
    reasoning: bool


def main(
    job: Job,
    params: Params,
    *,
    saferec: Path,
    items: Path,
    conversations: Path,
    oracle_build: Path,
    model_plain: Path,
    model_safe: Path,
    sft_log: Path,
) -> None:
    """Train both from one start, write both."""
    catalogue, examples = read_table(items, Item), read_examples(saferec, "sft", "train")
    talks, oracle = read_table(conversations, Conversation), Oracle.open(oracle_build, "build")
    names, wanted = Names(catalogue), read_rule(saferec).wanted
    lists = ThreadLists(talks, whole_thread=params.training.thread_lists)
    start = start_policy(
        params,
        named_items(catalogue, talks),
        [example.prompt for example in examples],
        max_length=params.max_length,
        workers=job.workers,
        track=job.track,
        seed=job.seed,
    )
    targets = {
        "plain SFT": (model_plain, [lists.unfiltered(e, wanted) for e in examples]),
        "Safe-SFT": (model_safe, [lists.safe(e, oracle, wanted) for e in examples]),
    }
    curve = []
    for name, (folder, lists_of_items) in job.track(list(targets.items())):
        policy = deepcopy(start)
        rows = rows_that_fit(
            policy,
            sft_rows(examples, lists_of_items, names, reasoning=params.reasoning),
            params.max_length,
            partial(job.reject, reason="longer than max_length", detail=name),
        )
        losses = train_sft(policy, rows, params, seed=job.seed)
        curve += [{"step": step, "series": name, "value": round(loss, 4)} for step, loss in losses]
        with replacing(folder) as new:
            policy.save(new)
        job.rows_out[name] = len(rows)
        job.figures[f"titles a list, {name}"] = round(fmean(map(len, lists_of_items)), 2)
    write_plot(sft_log, ("step", "series", "value"), curve)
    job.rows_in["examples"] = len(examples)


if __name__ == "__main__":
    run_stage(main)
