"""Fits the weights of a link's score on the developing half of ReDial; prints the YAML to keep.

`python benchmarks/link_fit.py --data FOLDER > weights.yaml`, see link_data.py for the folder. Rows
are candidates of ReDial's turns: as they are, without the years, in lower case, and with a slip of
the pen in each title, against a catalogue with ratings and one without. A row is right where the
item is annotated. Signs are held to what they mean: nothing that speaks for a title lowers a score.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml
from link_data import movielens, redial, wider, without_years
from scipy.optimize import minimize

from builder.linking.accuracy import Scorer
from builder.linking.annotated import AnnotatedTurn
from builder.linking.lexicon import Lexicon
from builder.linking.mentions import Linker, LinkRules
from builder.records import Item, Turn

_RULES = LinkRules(max_candidates=1, min_score=0.8)
_SOFT = ("meant", "common word", "lower case")
_FOR = {"year", "year about", "set apart", "listed", "named", "known", "segment", "closed", "words"}
_FREE = {"always"}
_FLOORS = {"set apart": 4.0, "known": 1.0}  # ReDial sets nothing apart; quotation marks are a sign
_LOWER_CASE_WEIGHT = 0.5  # most people write capitals
_MIN_LETTERS = 9

Row = tuple[dict[str, float], bool, float]


def lowered(turn: AnnotatedTurn) -> AnnotatedTurn:
    """Return the turn, and all before it, in lower case."""
    turns = tuple(replace(said, text=said.text.lower()) for said in turn.dialog.turns)
    return replace(turn, dialog=replace(turn.dialog, turns=turns))


def slipped(turn: AnnotatedTurn) -> AnnotatedTurn:
    """Return the turn with one letter lost, doubled or swapped in each longer title."""
    rng, said = random.Random(turn.turn.text), turn.turn
    text = said.text
    for title in turn.titles:
        word = title.title
        if len(word) >= _MIN_LETTERS:
            at = rng.randrange(1, len(word) - 2)
            middle = rng.choice(("", word[at] * 2, word[at + 1] + word[at]))
            rest = word[at + 2 :] if len(middle) == 2 and middle[0] != middle[1] else word[at + 1 :]
            text = text.replace(word, word[:at] + middle + rest)
    last: Turn = replace(said, text=text)
    return replace(turn, dialog=replace(turn.dialog, turns=(*turn.dialog.turns[:-1], last)))


def rows(turns: Sequence[AnnotatedTurn], items: list[Item], weight: float) -> Iterator[Row]:
    """Yield the features of each candidate, whether its item is annotated, and the row's weight."""
    lexicon, scorer = Lexicon(items), Scorer(items)
    for turn in turns:
        linker = Linker(lexicon, None, _RULES)
        for said in turn.dialog.turns[:-1]:
            list(linker.link("", said))
        right = frozenset[str]().union(*map(scorer.meant_by, turn.titles))
        for scored in linker.scored(turn.turn):
            if scored.choice.item_id is not None and scored.signs.verdict in _SOFT:
                yield dict(scored.features), scored.choice.item_id in right, weight


def fit(data: Sequence[Row]) -> dict[str, float]:
    """Return weights by name: a logistic regression with signs, and a ridge of 1."""
    names = list(data[0][0])
    x = np.array([[features[name] for name in names] for features, _, _ in data])
    y = np.array([is_right for _, is_right, _ in data], dtype=float)
    w = np.array([weight for _, _, weight in data])
    ridge = np.array([0.0 if name in _FREE else 1.0 for name in names])

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ b
        told = (w * (np.logaddexp(0, z) - y * z)).sum() + 0.5 * (ridge * b**2).sum()
        return told, x.T @ (w * (1 / (1 + np.exp(-z)) - y)) + ridge * b

    bounds = [
        (None, None) if n in _FREE else (_FLOORS.get(n, 0.0), None) if n in _FOR else (None, 0.0)
        for n in names
    ]
    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=bounds)
    return {name: round(float(b), 2) + 0.0 for name, b in zip(names, found.x, strict=True)}


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    asked = parser.parse_args()
    as_is = list(redial(asked.data, developing=True))
    bare = [without_years(turn) for turn in as_is]
    rated, larger = movielens(asked.data), wider(asked.data)
    found = [
        *(row for items in (rated, larger) for t in (as_is, bare) for row in rows(t, items, 1.0)),
        *rows(list(map(lowered, bare)), larger, _LOWER_CASE_WEIGHT),
        *(
            row
            for items in (rated, larger)
            for row in rows(list(map(slipped, bare)), items, 1.0)
            if row[0]["misspelt"] > 0
        ),
    ]
    print(yaml.safe_dump({"weights": fit(found)}, sort_keys=False), end="")


if __name__ == "__main__":
    main()
