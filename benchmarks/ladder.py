"""Can the trait of a constraint be told by its words alone? Bag of words beside an embedding.

    python benchmarks/ladder.py [DRAWS HALVINGS [RUNG ...]]
    python benchmarks/ladder.py run [RUNG ...]

Of each rung and trait DRAWS texts are drawn from the offline writer. Every template (what is
avoided, the life story, the reason, the other person's clause, the frame or closer around them)
falls into one of two halves by chance; a row counts only where all of its templates are of one
half. One half teaches, the other is asked, then the other way round, HALVINGS times. So neither
classifier meets a story or a frame again: what it recognises it has understood from other words.
Intervals: 1,000 draws of templates (the trait's own words) with all of their rows.

With `run` the rows are those of the last `dvc repro synthesize`, taught and asked in five parts by
thread: here both may meet a life story again, as a model that is trained on a release does.
"""

from __future__ import annotations

import json
import platform
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from builder.records import Conversation
from builder.seeding import keyed_digest, keyed_rng
from builder.statistics.bootstrap import GroupBootstrap
from builder.synthesis.offline.choices import pattern_of
from builder.synthesis.offline.constraint_grammar import write_constraint
from builder.synthesis.offline.phrases import (
    Place,
    read_frames,
    read_phrases,
    read_stories,
    read_style_frames,
)
from builder.synthesis.styles import IMPLICIT, STYLES, Style
from builder.tables import read_table
from builder.tagging.encode.encoder import OFFLINE, EncoderSettings
from builder.tagging.encode.sentence_encoder import load_encoder
from builder.taxonomy import Taxonomy
from pipelines.runtime.layout import read_layout

PLACES: tuple[Place, ...] = ("start", "middle", "end", "aside")
ASKED = [{"role": "user", "content": "Films like Arrival, please."}]
BOOTSTRAPS = 1000
LAYOUT = read_layout()


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
            asked: dict[str, Any] = {"style": style, "place": rng.choice(PLACES), "also": False}
            asked |= {"domain": "film", "trait_id": trait, "wording": n, "conversation": ASKED}
            asked |= {"short": "", "descriptions": []}
            written = write_constraint(asked, rng)
            text = f"{written['earlier']} {written['text']}".strip()
            around = max((f for f in frames if pattern_of(f).search(text)), key=len, default="")
            rows[trait, text] = Row(trait, text, _own(trait, text), around)
    return list(rows.values())


def _own(trait: str, text: str) -> tuple[str, ...]:
    phrases = read_phrases()[trait]
    parts = [phrases.reasons, read_stories()[trait], phrases.third]
    entries = [phrases.avoid, *([phrase.text for phrase in part] for part in parts)]
    found = [
        max((p for p in part if pattern_of(p).search(text)), key=len, default="")
        for part in entries
    ]
    return tuple(filter(None, found))


def _frames(style: Style) -> Iterable[str]:
    frames, style_frames = read_frames(), read_style_frames()
    if style in IMPLICIT:
        by_voice = [*frames.life_story.values(), frames.wide]
    else:
        by_voice = {
            "stated": [frames.stated],
            "reasoned": [frames.reasoned],
            "household": [frames.household],
            "contradicted": [style_frames.contradicted],
            "weakened": [style_frames.weakened],
            "negated": [style_frames.negated],
            "retracted": [style_frames.retracted],
        }[style]
    return (frame for voices in by_voice for part in voices.values() for frame in part)


def halves_of(rows: Sequence[Row], halving: int) -> list[int | None]:
    """Return 0 or 1 for each row whose templates are all of that half, else None."""
    halves = []
    for row in rows:
        own = {keyed_digest(halving, row.trait, piece) % 2 for piece in row.own}
        found = own | {keyed_digest(halving, row.around) % 2}
        halves.append(found.pop() if len(found) == 1 else None)
    return halves


def by_templates(rows: Sequence[Row], halvings: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield which rows teach and which are asked, so that no template is met twice."""
    for halving in range(halvings):
        halves = halves_of(rows, halving)
        for asked in (0, 1):
            taught = [n for n, half in enumerate(halves) if half == 1 - asked]
            yield taught, [n for n, half in enumerate(halves) if half == asked]


def by_threads(threads: Sequence[str]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield which rows teach and which are asked, five times, whole threads together."""
    parts = [keyed_digest("ladder", thread) % 5 for thread in threads]
    for asked in range(5):
        taught = [n for n, part in enumerate(parts) if part != asked]
        yield taught, [n for n, part in enumerate(parts) if part == asked]


def judge(
    rows: Sequence[Row],
    vectors: NDArray[np.float32],
    divisions: Iterable[tuple[list[int], list[int]]],
) -> dict[str, Any]:
    """Return both classifiers' accuracy on rows that they were not taught."""
    right: dict[str, dict[tuple[str, ...], list[bool]]] = {
        name: defaultdict(list) for name in ("bag_of_words", "embedding")
    }
    for train, test in divisions:
        if test:
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
    families = [found for _, found in sorted(right.items())]
    draws = GroupBootstrap(range(len(families)), n_resamples=BOOTSTRAPS, level=0.95, seed=0)
    share = draws.ratio([sum(found) for found in families], [len(found) for found in families])
    return [round(v, 3) for v in (share.value, share.low, share.high)] if share else []


def read_run(style: Style) -> tuple[list[Row], list[str]]:
    """Return the rows of a rung in the last run, and their threads."""
    traits = Taxonomy.load(LAYOUT["taxonomy"]).traits
    rows, threads = [], []
    for row in read_table(LAYOUT["conversations"], Conversation):
        if row.mode == "violations" and row.variant == style and row.constraint:
            text = f"{row.constraint.earlier} {row.constraint.text}".strip()
            trait = traits[row.constraint.trait].id
            rows.append(Row(trait, text, (row.dialog_id,), ""))
            threads.append(row.dialog_id)
    return rows, threads


def main(draws: int | None, halvings: int, styles: Sequence[Style]) -> None:
    """Print one JSON line; without `draws` of the last run."""
    encoder = load_encoder(
        EncoderSettings(model=OFFLINE, batch_tokens=4096), workers=1, precision="float32"
    )
    style_frames = {}
    for style in styles:
        if draws is None:
            rows, threads = read_run(style)
            divisions = by_threads(threads)
        else:
            rows = draw_rows(style, draws)
            random.Random(0).shuffle(rows)
            divisions = by_templates(rows, halvings)
        vectors = encoder.encode(
            [row.text for row in rows], lambda found, *, total=None: iter(found)
        )
        style_frames[style] = judge(rows, vectors, divisions)
    chance = round(1 / len(read_phrases()), 3)
    figures = {"figure": "accuracy of the trait by rung: mean, 95% interval", "chance": chance}
    figures |= {"draws": draws, "halvings": halvings, "machine": platform.machine()}
    print(json.dumps(figures | {"style_frames": style_frames}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["run", *style_frames]:
            main(None, 0, cast(Sequence[Style], style_frames or STYLES))
        case [drawn, halved, *style_frames]:
            main(int(drawn), int(halved), cast(Sequence[Style], style_frames or STYLES))
        case _:
            main(40, 5, STYLES)
