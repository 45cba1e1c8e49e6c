"""Can the trait of a constraint be told by its words alone? Bag of words beside an embedding.

    python benchmarks/ladder.py [DRAWS] [HALVINGS]

Of each rung and trait DRAWS texts are drawn from the offline writer. Every template (what is
avoided, the life story, the reason, the other person's clause, the frame or closer around them)
falls into one of two halves by chance; a row counts only where all of its templates are of one
half. One half teaches, the other is asked, then the other way round, HALVINGS times. So neither
classifier meets a story or a frame again: what it recognises it has understood from other words.
Intervals: 1,000 draws of templates (the trait's own words) with all of their rows.
"""

from __future__ import annotations

import json
import platform
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from builder.seeding import keyed_digest, keyed_rng
from builder.synthesis.constraint_grammar import write_constraint
from builder.synthesis.ladder import IMPLICIT, STYLES, Style
from builder.synthesis.phrases import Place, read_frames, read_phrases, read_rungs
from builder.tagging.encoder import OFFLINE, load_encoder

PLACES: tuple[Place, ...] = ("start", "middle", "end", "aside")
ASKED = [{"role": "user", "content": "Films like Arrival, please."}]
BOOTSTRAPS = 1000


@dataclass(frozen=True)
class Row:
    """One text; `own` are the trait's words in it, `around` its frame or closer."""

    trait: str
    text: str
    own: tuple[str, ...]
    around: str


def draw_rows(style: Style, draws: int) -> list[Row]:
    """Return rows of a rung, the same ones every time, each text once."""
    frames = [*_frames(style)]
    rows: dict[tuple[str, str], Row] = {}
    for trait in sorted(read_phrases()):
        for n in range(draws):
            rng = keyed_rng("ladder", style, trait, n)
            asked = {"style": style, "place": rng.choice(PLACES), "also": False, "domain": "film"}
            asked |= {"trait_id": trait, "wording": n, "conversation": ASKED}
            written = write_constraint(asked, rng)
            text = f"{written['earlier']} {written['text']}".strip()
            around = max((f for f in frames if _holds(text, f)), key=len, default="")
            rows[trait, text] = Row(trait, text, _own(trait, text), around)
    return list(rows.values())


def _own(trait: str, text: str) -> tuple[str, ...]:
    phrases = read_phrases()[trait]
    entries = [phrases.avoid, *([p.text for p in part] for part in (phrases.reasons, phrases.life))]
    entries.append([re.sub(r"\{\w+\}", "", clause.text).strip() for clause in phrases.third])
    found = [
        max((p for p in part if p.lower() in text.lower()), key=len, default="") for part in entries
    ]
    return tuple(filter(None, found))


def _frames(style: Style) -> Iterable[str]:
    frames, rungs = read_frames(), read_rungs()
    if style in IMPLICIT:
        by_voice = [*frames.life_story.values(), frames.wide]
    else:
        by_voice = {
            "stated": [frames.stated],
            "reasoned": [frames.reasoned],
            "household": [frames.household],
            "contradicted": [rungs.contradicted],
            "weakened": [rungs.weakened],
            "negated": [rungs.negated],
            "retracted": [rungs.retracted],
        }[style]
    return (frame for voices in by_voice for part in voices.values() for frame in part)


def _holds(text: str, frame: str) -> bool:
    return all(part.lower() in text.lower() for part in re.split(r"\{\w+\}", frame))


def halves_of(rows: Sequence[Row], halving: int) -> list[int | None]:
    """Return 0 or 1 for each row whose templates are all of that half, else None."""
    halves = []
    for row in rows:
        own = {keyed_digest(halving, row.trait, piece) % 2 for piece in row.own}
        found = own | {keyed_digest(halving, row.around) % 2}
        halves.append(found.pop() if len(found) == 1 else None)
    return halves


def judge(rows: Sequence[Row], vectors: NDArray[np.float32], halvings: int) -> dict[str, Any]:
    """Return both classifiers' accuracy on templates that they have not met."""
    right: dict[str, dict[tuple[str, ...], list[bool]]] = {
        name: defaultdict(list) for name in ("bag_of_words", "embedding")
    }
    for halving in range(halvings):
        halves = halves_of(rows, halving)
        for asked in (0, 1):
            train = [n for n, half in enumerate(halves) if half == 1 - asked]
            test = [n for n, half in enumerate(halves) if half == asked]
            traits = [rows[n].trait for n in train]
            bag = CountVectorizer(binary=True, ngram_range=(1, 1))
            words = bag.fit_transform([rows[n].text for n in train])
            told = {
                "bag_of_words": LogisticRegression(max_iter=2000)
                .fit(words, traits)
                .predict(bag.transform([rows[n].text for n in test])),
                "embedding": LogisticRegression(C=10.0, max_iter=2000)
                .fit(vectors[train], traits)
                .predict(vectors[test]),
            }
            for name, said in told.items():
                for n, trait in zip(test, said, strict=True):
                    right[name][rows[n].trait, *rows[n].own].append(trait == rows[n].trait)
    return {"rows": len(rows), **{name: _interval(found) for name, found in right.items()}}


def _interval(right: dict[tuple[str, ...], list[bool]]) -> list[float]:
    """Return the mean over rows and its 95% interval over families of templates."""
    sums = np.array([(sum(found), len(found)) for _, found in sorted(right.items())], dtype=float)
    rng = np.random.default_rng(0)
    drawn = sums[rng.integers(0, len(sums), (BOOTSTRAPS, len(sums)))].sum(axis=1)
    shares = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return [round(float(v), 3) for v in (sums[:, 0].sum() / sums[:, 1].sum(), *shares)]


def main(draws: int = 40, halvings: int = 5) -> None:
    """Print one JSON line."""
    encoder = load_encoder(OFFLINE, workers=1, batch_tokens=1024, precision="float32")
    rungs = {}
    for style in STYLES:
        rows = draw_rows(style, draws)
        random.Random(0).shuffle(rows)
        vectors = encoder.encode(
            [row.text for row in rows], lambda found, *, total=None: iter(found)
        )
        rungs[style] = judge(rows, vectors, halvings)
    chance = round(1 / len(read_phrases()), 3)
    figures = {"figure": "accuracy of the trait by rung: mean, 95% interval", "chance": chance}
    figures |= {"draws": draws, "halvings": halvings, "machine": platform.machine()}
    print(json.dumps(figures | {"rungs": rungs}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
