"""Peak memory and seconds of fitting the text heads on many labelled items.

    python benchmarks/text_heads.py [--items 25000]

Items are made up: each has an overview, keywords, genres and a reason, 18 sentences whose vectors
are random, with labels that depend on them. Settings are those of params.yaml. Prints one JSON
line: what the rows take, what one dense matrix in float64 of a run's eight blocks would, the
process's peak, and seconds of each step and of one of a trait's fits.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from builder.records import Sentence, TextKind
from builder.tagging.heads.design import make_design, rotate
from builder.tagging.heads.features import FeatureReader, TextRow, background_of
from builder.tagging.heads.logistic import fit_logistic
from builder.taxonomy import Taxonomy
from pipelines.runtime.params import read_params
from pipelines.stages.tag import Params

TAXONOMY = Path("data/taxonomy")
N_VECTORS, N_DIM = 20_000, 384
TEXTS: dict[TextKind, int] = {"overview": 4, "keywords": 8, "genres": 2, "reason": 4}
N_BLOCKS_OF_A_RUN = 8
GIB = 2**30


def sentences(item: int) -> Iterator[Sentence]:
    """Yield the sentences of one item."""
    for kind, n_said in TEXTS.items():
        for index in range(n_said):
            vector = (item * 7919 + index * 104_729 + len(kind)) % N_VECTORS
            text = f"word{vector % 211} word{vector % 97} a day by the sea"
            item_id = f"imdb:tt{item:07}"
            yield Sentence(item_id, kind, text, "made up", "", "", index, vector)


def rows(reader: FeatureReader, vectors: NDArray[np.float32], n_items: int) -> Iterator[TextRow]:
    """Yield the items' rows, reading one item at a time."""
    for item in range(n_items):
        yield from reader.read(list(sentences(item)), vectors)


def peak() -> float:
    """Return the most memory that the process has held, in GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIB


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=25_000)
    args = parser.parse_args()
    rules = read_params().section(Params, "tag").heads
    tree = Taxonomy.load(TAXONOMY)
    dice = np.random.default_rng(2026)
    drawn = dice.standard_normal((N_VECTORS, N_DIM)).astype(np.float32)
    vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    prototypes = vectors[: len(tree.warnings)]
    reader = FeatureReader(tree, prototypes, background_of(prototypes, vectors))
    before, started = peak(), time.perf_counter()
    with threadpool_limits(1):
        design = make_design(rows(reader, vectors, args.items), reader, rules.part_weights.in_order)
        read_s, started = time.perf_counter() - started, time.perf_counter()
        coordinates, _ = rotate(design, rules.axes)
        rotate_s = time.perf_counter() - started
        lean = coordinates @ dice.standard_normal(coordinates.shape[1])
        shares = (lean + dice.standard_normal(len(lean)) * lean.std() > 0).astype(np.float64)
        n_seen, started = len(lean) * (rules.folds - 2) // rules.folds, time.perf_counter()
        fit_logistic(coordinates[:n_seen], shares[:n_seen], rules.inverse_penalty)
        fit_s = time.perf_counter() - started
    figures = {
        "items": args.items,
        "rows": sum(len(part.items) for part in design.rows),
        "read_s": round(read_s, 1),
        "rotate_s": round(rotate_s, 1),
        "one_fit_s": round(fit_s, 2),
        "fits_a_trait": rules.folds * (rules.folds + 1) // 2,
        "rows_gib": round(sum(part.values.nbytes for part in design.rows) / GIB, 2),
        "peak_gib": round(peak(), 2),
        "before_gib": round(before, 2),
        "dense_gib": round(args.items * N_BLOCKS_OF_A_RUN * reader.width * 8 / GIB, 2),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
