"""Predict a Parents Guide violation from text alone: heads beside bare cosine and keyword list.

    python benchmarks/text_evidence.py --data FOLDER [--choose] [--steepness 2]

FOLDER holds the public files that profiles/real.yaml names. Films are the ids of the votes; an id
is unsafe for a trait where voters expect a severity of 2 or more in its main category. Each id is
scored by the head of its fold, which has seen no label of the fold's ids. Settings are those of
params.yaml; vectors are kept in its embed.cache.

Ids are divided in two halves by digest. `--choose` fits heads on one half alone, for each of a grid
of settings, and prints one JSON line each, then the best by log loss. Without it one JSON line is
printed: the table of the other half, whose labels that choice never saw, and that of all films.
`--steepness` and `--inverse-penalty` stand in for those of params.yaml.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from builder.catalog.merging.merge import merge_drafts
from builder.catalog.readers.catalog_readers import read_source
from builder.records import Evidence, Item
from builder.seeding import keyed_digest
from builder.statistics.ranking import Ranking
from builder.tagging.encode.prototypes import warning_prototypes
from builder.tagging.encode.sentence_encoder import cached_encoder
from builder.tagging.encode.sentences import split_items, unique_texts
from builder.tagging.eval.compare import BASELINES, LabelledPair, Texts, score_labelled
from builder.tagging.eval.scoring import TraitScores, score_table
from builder.tagging.heads.features import FeatureReader, background_of
from builder.tagging.heads.heads import HeadRules, PartWeights, fit_heads
from builder.tagging.labels.evidence_labels import Labels, Shares, read_labels, read_shares
from builder.taxonomy import Taxonomy
from builder.taxonomy.official import Vocabulary
from pipelines.runtime.params import Parameters, read_params
from pipelines.runtime.stage import Job, RunParams
from pipelines.runtime.workspace import merge_profile, read_profile
from pipelines.stages.embed import Params as EmbedParams
from pipelines.stages.mine_catalog import Params as CatalogParams
from pipelines.stages.tag import Params as TagParams

PROFILE = Path("profiles/real.yaml")
TAXONOMY = Path("data/taxonomy")

STEEPNESSES = (None, 2.0, 4.0)
INVERSE_PENALTIES = (0.1, 0.2)
PART_WEIGHTS = [
    PartWeights(mean=mean, cosines=cosines, nearest=1.0, words=words)
    for mean, cosines, words in ((1.5, 1.0, 2.0), (1.0, 1.0, 1.0), (1.5, 2.0, 2.0))
]
FEWEST = 20
"""Labels of an answer for a head of its own, in a half: rarest is drugs with 24."""


def drop(place: str, reason: str, detail: str) -> None:
    """Leave out what the reader cannot use; the run's own rejections tell of it."""


def films(settings: Parameters) -> tuple[list[Item], list[Evidence]]:
    """Return the films that have votes, with all that the sources say of them."""
    params = settings.section(CatalogParams, "mine_catalog")
    vocabulary = Vocabulary.load(TAXONOMY)
    drafts = [
        replace(draft, adds_item=draft.adds_item or (spec.reader == "tmdb" and not spec.options))
        for spec in params.sources
        for draft in read_source(Path(params.root), spec, vocabulary, params, drop)
    ]
    items, evidence, _conflicts = merge_drafts(drafts, drop)
    voted = {e.item_id for e in evidence if e.kind == "severity" and sum(e.votes)}
    return [i for i in items if i.item_id in voted], [e for e in evidence if e.item_id in voted]


@dataclass(frozen=True)
class Trial:
    """What heads are fitted and scored on."""

    texts: Texts
    reader: FeatureReader
    evidence: list[Evidence]
    tag: TagParams

    def labels(self) -> Labels:
        """Return yes or no by trait and film."""
        return read_labels(self.evidence, self.traits, self.tag.label_rules())

    def shares(self, steepness: float | None) -> Shares:
        """Return how far each film is unsafe, by trait."""
        return read_shares(self.evidence, self.traits, self.tag.label_rules(), steepness)

    @property
    def traits(self) -> list[Any]:
        """The taxonomy's."""
        return list(self.reader.taxonomy.traits.values())

    def scored(self, shares: Shares, rules: HeadRules) -> dict[str, TraitScores]:
        """Return the scores of the films that the shares label, by heads fitted on no others."""
        rows = (row for own in self.texts.rows.values() for row in own)
        heads = fit_heads(rows, self.reader, shares, rules)
        pairs = [
            LabelledPair(f"{item_id} {trait}", item_id, trait, unsafe)
            for trait, by_item in self.labels().items()
            for item_id, unsafe in by_item.items()
            if item_id in shares[trait]
        ]
        return score_labelled(pairs, self.texts, self.reader, heads, drop)


def held_out(item_id: str) -> bool:
    """Return whether a film is of the half that no setting was chosen on."""
    return bool(keyed_digest("half of the films", item_id) % 2)


def choices(trial: Trial) -> Iterator[dict[str, Any]]:
    """Yield each setting with its mean log loss and AUROC on the half that settings may see."""
    base = trial.tag.heads.model_copy(update={"min_labels": FEWEST})
    for steepness, penalty, weights in itertools.product(
        STEEPNESSES, INVERSE_PENALTIES, PART_WEIGHTS
    ):
        shares = {
            trait: {i: share for i, share in by_item.items() if not held_out(i)}
            for trait, by_item in trial.shares(steepness).items()
        }
        rules = base.model_copy(update={"inverse_penalty": penalty, "part_weights": weights})
        scored = list(trial.scored(shares, rules).values())
        yield {
            "steepness": steepness,
            "inverse_penalty": penalty,
            "part_weights": weights.in_order,
            "log_loss": round(float(np.mean([log_loss(one) for one in scored])), 4),
            "auroc": round(float(np.mean([area(one) for one in scored])), 4),
        }


def log_loss(one: TraitScores) -> float:
    """Return the mean negative log of what the head gave the truth."""
    share = one.scores["head"]
    return float(-np.log(np.where(one.is_unsafe, share, 1 - share)).mean())


def area(one: TraitScores) -> float:
    """Return the head's AUROC."""
    return Ranking(one.is_unsafe, one.scores["head"]).auroc()


def half_of(one: TraitScores) -> TraitScores:
    """Return the films that no setting was chosen on."""
    kept = np.array([held_out(item_id) for item_id in one.item_ids])
    return TraitScores(
        tuple(i for i, own in zip(one.item_ids, kept, strict=True) if own),
        one.is_unsafe[kept],
        {name: own[kept] for name, own in one.scores.items()},
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--steepness", type=float)
    parser.add_argument("--inverse-penalty", type=float)
    args = parser.parse_args()
    profile = read_profile(PROFILE, args.data)
    settings = merge_profile(read_params(), profile, PROFILE)
    tree = Taxonomy.load(TAXONOMY)
    items, evidence = films(settings)
    embed, tag = settings.section(EmbedParams, "embed"), settings.section(TagParams, "tag")
    sentences = split_items(items, embed.kinds, embed.max_sentences, drop)
    run = settings.section(RunParams, "run")
    seed, job = run.seed, Job("text evidence", run.seed, run.workers)
    encoder = cached_encoder(embed, workers=job.workers)
    vectors = encoder.encode(unique_texts(sentences), job.track)
    prototypes = warning_prototypes(list(tree.warnings.values()), encoder, job.track)
    reader = FeatureReader(tree, prototypes, background_of(prototypes, vectors))
    trial = Trial(Texts.read(reader, sentences, vectors), reader, evidence, tag)
    if args.choose:
        tried = []
        for choice in choices(trial):
            print(json.dumps(choice), flush=True)
            tried.append(choice)
        print(json.dumps({"best": min(tried, key=lambda choice: choice["log_loss"])}))
        return
    penalty = args.inverse_penalty or tag.heads.inverse_penalty
    rules = tag.heads.model_copy(update={"inverse_penalty": penalty})
    scored = trial.scored(trial.shares(args.steepness or tag.steepness), rules)
    half = {trait: half_of(one) for trait, one in scored.items()}
    tables = {
        name: score_table(own, n_resamples=args.resamples, seed=seed, baselines=BASELINES)
        for name, own in (("held_out", half), ("all", scored))
    }
    print(json.dumps({"films": len(items), "sentences": len(sentences), **tables}))


if __name__ == "__main__":
    main()
