"""Predict a Parents Guide violation from text alone: heads beside bare cosine and keyword list.

    python benchmarks/text_evidence.py --data FOLDER

FOLDER holds the public files that profiles/real.yaml names. Films are the ids of the votes; an id
is unsafe for a trait where voters expect a severity of 2 or more in its main category. Each id is
scored by the head of its fold, which has seen no label of the fold's ids. Settings are those of
params.yaml; vectors are kept in its embed.cache. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.catalog.merge import merge_drafts
from builder.catalog.readers import read_source
from builder.records import Evidence, Item
from builder.tagging.compare import PEERS, Labelled, Texts, score_labelled
from builder.tagging.features import Reader, background_of
from builder.tagging.heads import fit_heads
from builder.tagging.labels import read_labels
from builder.tagging.prototypes import warning_prototypes
from builder.tagging.scoring import score_table
from builder.tagging.sentences import split_items, unique_texts
from builder.taxonomy import Taxonomy
from builder.taxonomy.official import Vocabulary
from pipelines.embed import Params as EmbedParams
from pipelines.embed import open_encoder
from pipelines.mine_catalog import Params as CatalogParams
from pipelines.stage import PARAMS_FILE, Job, read_params, section
from pipelines.tag import Params as TagParams
from pipelines.workspace import merge_profile, read_profile

PROFILE = Path("profiles/real.yaml")
TAXONOMY = Path("data/taxonomy")


def drop(place: str, reason: str, detail: str) -> None:
    """Leave out what the reader cannot use; the run's own rejections tell of it."""


def films(document: dict[str, Any]) -> tuple[list[Item], list[Evidence]]:
    """Return the films that have votes, with all that the sources say of them."""
    params = section(CatalogParams, "mine_catalog", document)
    vocabulary = Vocabulary.load(TAXONOMY)
    drafts = [
        replace(draft, adds_item=draft.adds_item or (spec.reader == "tmdb" and not spec.options))
        for spec in params.sources
        for draft in read_source(Path(params.root), spec, vocabulary, params.limits, drop)
    ]
    items, evidence, _conflicts = merge_drafts(drafts, drop)
    voted = {e.item_id for e in evidence if e.kind == "severity" and sum(e.votes)}
    return [i for i in items if i.item_id in voted], [e for e in evidence if e.item_id in voted]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--inverse-penalty", type=float, help="instead of params.yaml's")
    args = parser.parse_args()
    profile = read_profile(PROFILE, args.data)
    document = merge_profile(read_params(PARAMS_FILE), profile, PROFILE)
    tree = Taxonomy.load(TAXONOMY)
    items, evidence = films(document)
    embed, tag = section(EmbedParams, "embed", document), section(TagParams, "tag", document)
    sentences = split_items(items, embed.kinds, embed.max_sentences, drop)
    job = Job("text evidence", document["run"]["seed"], document["run"]["workers"])
    encoder = open_encoder(embed, job)
    vectors = encoder.encode(unique_texts(sentences), job.track)
    prototypes = warning_prototypes(list(tree.warnings.values()), encoder, job.track)
    reader = Reader(tree, prototypes, background_of(prototypes, vectors))
    labels = read_labels(evidence, list(tree.traits.values()), tag.labels.rules())
    texts = Texts.read(reader, sentences, vectors)
    rules = tag.heads.rules()
    if args.inverse_penalty is not None:
        rules = replace(rules, inverse_penalty=args.inverse_penalty)
    heads = fit_heads([row for own in texts.rows.values() for row in own], reader, labels, rules)
    pairs = [
        Labelled(f"{item_id} {trait}", item_id, trait, unsafe)
        for trait, by_item in labels.items()
        for item_id, unsafe in by_item.items()
    ]
    scored = score_labelled(pairs, texts, reader, heads, drop)
    table = score_table(
        scored, n_resamples=args.resamples, seed=document["run"]["seed"], peers=PEERS
    )
    print(json.dumps({"films": len(items), "sentences": len(sentences), **table}))


if __name__ == "__main__":
    main()
