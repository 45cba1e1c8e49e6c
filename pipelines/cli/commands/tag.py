"""How well text evidence tells unsafe from safe on a user's own labels: `saferec tag eval`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from builder.catalog.tidy import without_markup
from builder.errors import InputError
from builder.records import Evidence, Item, Rejection, Sentence, Text
from builder.tables import iter_table, read_table
from builder.tagging.encode.sentences import PHRASE_KINDS, split_items, unique_texts
from builder.tagging.encode.vectors import Vectors, read_vectors
from builder.tagging.eval.compare import BASELINES, LabelledPair, Texts, score_labelled
from builder.tagging.eval.scoring import score_table
from builder.tagging.heads.features import Block, FeatureReader
from builder.tagging.heads.head_file import read_heads
from builder.tagging.heads.heads import Heads
from builder.tagging.labels.evidence_labels import read_labels
from builder.tagging.labels.label_file import LabelRow, read_label_file
from builder.taxonomy import Taxonomy
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import read_params
from pipelines.runtime.stage import Job, RunParams


def evaluate_tagging(folder: Path, labels: Path) -> tuple[dict[str, Any], list[Rejection]]:
    """Return the figures on a file of labels, and the rows that could not be used.

    Nothing is fitted on the labels. An item that taught the heads is scored, as every item is, by
    the head of its fold, which has seen none of its labels.

    Raises:
        InputError: If a file is missing, the run has not come to its heads yet, or no row can be
            used.
    """
    from pipelines.stages.tag import Params as TagParams  # slow to import, and needed here alone

    layout, settings = read_layout(folder), read_params(folder)
    for name in ("items", "evidence", "sentences", "vectors", "text_heads"):
        if not layout[name].exists():
            raise InputError(layout[name], "does not exist yet", "run `dvc repro tag` first")
    tree = Taxonomy.load(layout["taxonomy"])
    params = settings.section(TagParams, "tag")
    seed = settings.section(RunParams, "run").seed
    job = Job("tag eval", seed, 1)
    rows = list(read_label_file(labels, iter_table(layout["items"], Item), tree, job.reject))
    n_rows = len(rows) + len(job.rejections)
    vectors = read_vectors(layout["vectors"], len(tree.warnings))
    heads = read_heads(layout["text_heads"])
    wanted = {row.item_id for row in rows}
    said = [s for s in iter_table(layout["sentences"], Sentence) if s.item_id in wanted]
    said, vectors = _with_own_texts(rows, said, vectors, heads, folder, job)
    reader = FeatureReader(tree, vectors.warnings, heads.background)
    if heads.means.shape[1] != reader.width:
        found = f"is for {heads.means.shape[1]} numbers a text, not {reader.width}"
        raise InputError(layout["text_heads"], found, "run `dvc repro tag`")
    pairs = [LabelledPair(row.place, row.item_id, row.trait, row.is_unsafe) for row in rows]
    texts = Texts.read(reader, said, vectors.sentences)
    scored = score_labelled(pairs, texts, reader, heads, job.reject)
    if not scored:
        counted = [f"{why} {n}" for why, n in sorted(job.rejections.n_by_reason.items())]
        first = [f"first {one.place}: {one.detail}" for one in islice(job.rejections, 1)]
        found = ", ".join([*counted, *first]) or "no rows"
        raise InputError(labels, f"no row can be scored ({found})", _FIX)
    taught = read_labels(
        read_table(layout["evidence"], Evidence), list(tree.traits.values()), params.label_rules()
    )
    table = score_table(
        scored, n_resamples=params.bootstrap_resamples, seed=seed, baselines=BASELINES
    )
    return {
        "rows": n_rows,
        "scored": sum(len(one.item_ids) for one in scored.values()),
        "taught_a_head": sum(row.item_id in taught[row.trait] for row in rows),
        "rejected": dict(sorted(job.rejections.n_by_reason.items())),
        "pooled": sorted(t for t in scored if heads.heads[t].is_pooled),
        **table,
    }, list(job.rejections)


_FIX = "see docs/text-evidence.md for its columns"


def _with_own_texts(
    rows: Sequence[LabelRow],
    said: list[Sentence],
    vectors: Vectors,
    heads: Heads,
    folder: Path,
    job: Job,
) -> tuple[list[Sentence], Vectors]:
    """Return sentences and vectors with the file's own texts in the place of the catalogue's."""
    from builder.tagging.encode.sentence_encoder import cached_encoder
    from pipelines.stages.embed import Params as EmbedParams

    told: dict[str, list[Text]] = {}
    for row in rows:
        block = _block(row, heads)
        if row.text and block is None:
            job.reject(
                row.place,
                "no classifier uses this kind of text",
                f"{row.text_kind}: {row.text[:80]}",
            )
        elif block:
            text = Text(block[1], without_markup(row.text), block[0], "", "")
            if text.text and text not in told.setdefault(row.item_id, []):
                told[row.item_id].append(text)
    if not any(told.values()):
        return said, vectors
    params = read_params(folder).section(EmbedParams, "embed")
    made = [
        Item(item_id, "film", "", None, (), (), None, tuple(texts), ())
        for item_id, texts in told.items()
    ]
    own = split_items(made, params.kinds, params.max_sentences, job.reject)
    encoder = cached_encoder(params, workers=job.workers)
    if encoder.name != vectors.encoder:
        found = f"names {encoder.name!r}, the vectors are of {vectors.encoder!r}"
        raise InputError("params.yaml: embed.encoder", found, "run `dvc repro tag`")
    encoded = encoder.encode(unique_texts(own), job.track)
    n_before = len(vectors.sentences)
    replaced = {(s.item_id, s.source, s.kind) for s in own}
    kept = [s for s in said if (s.item_id, s.source, s.kind) not in replaced]
    both = np.concatenate([vectors.sentences, encoded])
    added = [replace(s, vector=s.vector + n_before) for s in own]
    return [*kept, *added], replace(vectors, sentences=both)


def _block(row: LabelRow, heads: Heads) -> Block | None:
    """Return as which text of which source a row's own text is read, None where no head would.

    A reason as a reason; prose as an overview, or as what other prose the heads know.
    """
    if row.text_kind == "reason":
        wanted = [block for block in heads.blocks if block[1] == "reason"]
    else:
        prose = [b for b in heads.blocks if b[1] not in PHRASE_KINDS and b[1] != "reason"]
        wanted = sorted(prose, key=lambda block: (block[1] != row.text_kind, block))
    return wanted[0] if wanted else None
