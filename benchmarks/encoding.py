"""Sentences per second of our encoder and of `SentenceTransformer.encode` at its defaults.

    python benchmarks/encoding.py [--texts 500] [--workers 2] [--rounds 3]

Both encode the same sentences of the bundled plots with all-MiniLM-L6-v2, by turns in one process,
each round once; the fastest round of each counts. Prints one JSON line: speeds by the clock, their
ratio by the clock and by the processor's time, which tells more where other work runs beside it,
and the largest cosine error against the peer's vectors.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from builder.tagging.encode.encoder import Precision
from builder.tagging.encode.sentence_encoder import bundled_model, load_encoder
from builder.tagging.encode.sentences import split_prose
from pipelines.runtime.params import read_params
from pipelines.stages.embed import Params

FILMS = Path("data/sample/catalog/films.jsonl")


def sentences(n_texts: int) -> list[str]:
    """Return so many sentences, made different by a number where the plots run out."""
    plots = [json.loads(line)["plot"] for line in FILMS.read_text(encoding="utf-8").splitlines()]
    found = [sentence for plot in plots for sentence in split_prose(plot)]
    order = np.random.default_rng(2026).permutation(n_texts)
    repeated = [
        found[n % len(found)] + (f" {n}" if n >= len(found) else "") for n in range(n_texts)
    ]
    return [repeated[n] for n in order]


def timed(encode: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return seconds by the clock, seconds of the processor, and vectors."""
    started, worked = time.perf_counter(), time.process_time()
    vectors = encode()
    return time.perf_counter() - started, time.process_time() - worked, vectors


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=int, default=500)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    params = read_params().section(Params, "embed")
    texts = sentences(args.texts)
    torch.set_num_threads(args.workers)
    peer = SentenceTransformer(bundled_model(), device="cpu")
    precisions: tuple[Precision, ...] = ("float32", "bfloat16")
    ours = {
        precision: load_encoder(params.encoder, workers=args.workers, precision=precision)
        for precision in precisions
    }
    seconds: dict[str, list[float]] = {"peer": [], "float32": [], "bfloat16": []}
    work: dict[str, list[float]] = {name: [] for name in seconds}
    errors: dict[str, float] = {}
    for _ in range(args.rounds):
        spent, worked, theirs = timed(
            lambda: peer.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        )
        seconds["peer"].append(spent)
        work["peer"].append(worked)
        for precision, encoder in ours.items():
            spent, worked, vectors = timed(
                lambda encoder=encoder: encoder.encode(texts, lambda rows, total=None: iter(rows))
            )
            seconds[precision].append(spent)
            work[precision].append(worked)
            errors[precision] = float(1 - (vectors.astype(float) * theirs).sum(axis=1).min())
    best = {name: min(spent) for name, spent in seconds.items()}
    least = {name: min(spent) for name, spent in work.items()}
    print(
        json.dumps(
            {
                "texts": len(texts),
                "workers": args.workers,
                "peer_per_s": round(len(texts) / best["peer"], 1),
                **{
                    precision: {
                        "per_s": round(len(texts) / best[precision], 1),
                        "times_peer": round(best["peer"] / best[precision], 2),
                        "times_peer_by_cpu": round(least["peer"] / least[precision], 2),
                        "largest_cosine_error": round(errors[precision], 7),
                    }
                    for precision in ours
                },
            }
        )
    )


if __name__ == "__main__":
    main()
