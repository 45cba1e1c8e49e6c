"""One vector a warning, the mean of its wordings, beside the nearest single wording.

    dvc repro tag && python benchmarks/prototypes.py

Scores each (item, warning) of the bundled statements by the best cosine of the item's prose, both
ways. Prints one JSON line: AUROC, average precision, and the share of yeses found at a precision of
0.8. Takes its vectors from embed.cache, so it is quick after `embed`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from builder.records import Evidence, Sentence
from builder.statistics.ranking import Ranking
from builder.tables import read_table
from builder.tagging.encode.prototypes import warning_texts
from builder.tagging.encode.sentence_encoder import cached_encoder
from builder.tagging.encode.vectors import read_vectors
from builder.taxonomy import Taxonomy
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import read_params
from pipelines.runtime.stage import Job
from pipelines.stages.embed import Params

PRECISION = 0.8


def found_at(is_yes: NDArray[np.bool_], scores: NDArray[np.float64], precision: float) -> float:
    """Return the largest share of yeses above some score at which the precision holds."""
    yes = np.cumsum(is_yes[np.argsort(-scores, kind="stable")])
    held = yes / np.arange(1, len(yes) + 1) >= precision
    return float(yes[held].max(initial=0) / yes[-1])


def main() -> None:
    """Print the figures."""
    layout = read_layout(Path())
    tree = Taxonomy.load(layout["taxonomy"])
    warnings = list(tree.warnings.values())
    vectors = read_vectors(layout["vectors"], len(warnings))
    encoder = cached_encoder(read_params().section(Params, "embed"), workers=1)
    rows_by_item: dict[str, list[int]] = {}
    for sentence in read_table(layout["sentences"], Sentence):
        if sentence.kind == "plot":
            rows_by_item.setdefault(sentence.item_id, []).append(sentence.vector)
    answers: dict[str, list[tuple[str, bool]]] = {}
    for e in read_table(layout["evidence"], Evidence):
        if e.kind == "statement" and e.item_id in rows_by_item:
            answers.setdefault(e.subject, []).append((e.item_id, e.value == 1))
    yes: list[bool] = []
    scores: dict[str, list[float]] = {"mean": [], "nearest": []}
    for warning, mean in zip(warnings, vectors.warnings, strict=True):
        told = answers.get(warning.id, [])
        wordings = encoder.encode(warning_texts(warning), Job("x", 1, 1).track)
        for item_id, is_yes in told:
            own = vectors.sentences[rows_by_item[item_id]]
            yes.append(is_yes)
            scores["mean"].append(float((own @ mean).max()))
            scores["nearest"].append(float((own @ wordings.T).max()))
    is_yes = np.array(yes)
    figures = {
        name: {
            "auroc": round(ranking.auroc(), 4),
            "average_precision": round(ranking.average_precision(), 4),
            "found_at_precision_0.8": round(found_at(is_yes, np.array(own), PRECISION), 4),
        }
        for name, own in scores.items()
        for ranking in [Ranking(is_yes, own)]
    }
    print(json.dumps({"statements": len(yes), "yes": int(is_yes.sum()), **figures}))


if __name__ == "__main__":
    main()
