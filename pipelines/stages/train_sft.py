"""Stage train_sft: a model learns what people recommended, another only what of it is safe."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from builder.export.naming import Names
from builder.export.release_layout import read_rule
from builder.oracle.files.oracle import Oracle
from builder.plot_files import write_plot
from builder.records import Conversation, Item
from builder.tables import read_table, replacing
from builder.tagging.encode.encoder import EncoderSettings
from builder.tagging.encode.sentence_encoder import load_encoder
from builder.training.examples import ThreadLists, read_examples, sft_row
from builder.training.models import TINY, Policy, load_policy, make_tiny
from builder.training.sft import n_tokens, train_sft
from builder.training.training_settings import SftSettings, TinyShape, Training
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams, SftSettings):
    """How long to learn, from which model, and what a row holds.

    `model` is `tiny`, made on the spot with the vectors of `encoder`, or a folder or Hub id.
    `reasoning`: whether completions keep theirs.
    """

    reads_also = ("training",)
    training: Training
    model: str
    encoder: EncoderSettings
    tiny: TinyShape
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
    catalogue = read_table(items, Item)
    examples = read_examples(saferec, "sft", "train")
    oracle = Oracle.open(oracle_build, "build")
    talks = read_table(conversations, Conversation)
    names = Names(catalogue)
    lists = ThreadLists(talks, whole_thread=params.training.thread_lists)
    wanted = read_rule(saferec).wanted
    named = {item_id for talk in talks for item_id in (*talk.recommended, *talk.seen)}
    titles_known = [item for item in catalogue if item.item_id in named]
    start = _start(job, params, titles_known, [example.prompt for example in examples])
    targets = {
        "plain SFT": (model_plain, [lists.unfiltered(e, wanted) for e in examples]),
        "Safe-SFT": (model_safe, [lists.safe(e, oracle, wanted) for e in examples]),
    }
    log = []
    for name, (folder, item_ids) in job.track(list(targets.items())):
        policy = deepcopy(start)
        rows = []
        for example, listed in zip(examples, item_ids, strict=True):
            row = sft_row(example, listed, names, reasoning=params.reasoning)
            if n_tokens(policy, row) <= params.max_length:
                rows.append(row)
            else:
                job.reject(example.conversation_id, "longer than max_length", name)
        losses = train_sft(policy, rows, params, seed=job.seed)
        log += [{"step": step, "series": name, "value": round(loss, 4)} for step, loss in losses]
        with replacing(folder) as new:
            policy.save(new)
        job.rows_out[name] = len(rows)
        job.figures[f"titles a list, {name}"] = round(sum(map(len, item_ids)) / len(item_ids), 2)
    write_plot(sft_log, ("step", "series", "value"), log)
    job.rows_in["examples"] = len(examples)


def _start(job: Job, params: Params, items: list[Item], prompts: list[str]) -> Policy:
    if params.model != TINY:
        return load_policy(params.model, params.training.lora)
    encoder = load_encoder(params.encoder, workers=job.workers, precision="float32")
    return make_tiny(
        items,
        prompts,
        params.tiny,
        max_length=params.max_length,
        encode=lambda texts: encoder.encode(texts, job.track),
        seed=job.seed,
    )


if __name__ == "__main__":
    run_stage(main)
