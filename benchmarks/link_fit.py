"""Fits the weights of a link's score on the developing halves; prints the YAML to keep.

`python benchmarks/link_fit.py --data FOLDER > weights.yaml`, see link_data.py for the folder. Rows
are candidates of ReDial's turns (as they are, without the years, in lower case, with a slip of the
pen in each title), of INSPIRED's and of the hand-written sentences about common words, against
catalogues with ratings and without. A row is right where the item is annotated. Signals are held to
what they mean: nothing that speaks for a title lowers a score.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml
from link_data import inspired, movielens, read_checked, redial, wider, without_years
from scipy.optimize import minimize

from builder.dialogs.markup import read_markdown
from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.mentions.dialog_context import year_of
from builder.linking.mentions.linker import Linker, LinkRules
from builder.linking.review.accuracy import Scorer
from builder.linking.review.annotated import AnnotatedTurn
from builder.records import Dialog, Item, Turn
from builder.titles import TitleYear

_RULES = LinkRules(max_candidates=1, min_score=0.8)
_OVERRULABLE = ("meant", "common word", "lower case")
_FOR = {"year", "year about", "set apart", "listed", "named", "known", "segment", "closed", "words"}
_FOR |= {"known but doubted", "praised", "asked"}
_FREE = {"always"}
# ReDial sets nothing apart, and hardly praises, repeats or asks in lower case.
_FLOORS = {
    "set apart": 4.0,
    "known": 1.0,
    "praised": 1.0,
    "known but doubted": 1.0,
    "asked": 0.5,
}
_MIN_LETTERS = 9
_INSPIRED = Path(__file__).with_name("inspired_developing.yaml")
_SENTENCES = Path(__file__).parent.parent / "tests/builder/linking/lexicon/common_words.yaml"
_MARKED = re.compile(r"\[([^\]]+)\]")
_WEIGHTS = {
    "as it is": 0.5,
    "bare": 1.0,
    "bare, few films": 0.3,
    "bare, unrated": 0.3,
    "lower": 0.5,
    "slipped": 1.0,
    "inspired": 3.0,
    "inspired, unrated": 1.0,
    "common words": 9.0,
}
"""Of a row of each set: years make links easy, INSPIRED is small, and its talk is like Reddit's."""

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
        linker = Linker(lexicon, _RULES, None, year_of(turn.dialog))
        for said in turn.dialog.turns[:-1]:
            list(linker.link("", said))
        right = frozenset[str]().union(*map(scorer.meant_by, turn.titles))
        for scored in linker.scored(turn.turn):
            is_tie = scored.choice.lead == 0  # never linked, whatever the score
            if not is_tie and scored.signals.ruling in _OVERRULABLE:
                yield dict(scored.features), scored.choice.item_id in right, weight


def sentences() -> tuple[list[AnnotatedTurn], list[Item]]:
    """Return the hand-written sentences about common words as turns, and their catalogue."""
    told = yaml.safe_load(_SENTENCES.read_text(encoding="utf-8"))
    items = [Item(t, "film", t, year, (), (), None, (), ()) for t, year in told["catalogue"]]
    known = {item.title for item in items}
    turns = []
    for text in (*told["meant"], *told["traps"]):
        said = read_markdown(_MARKED.sub(r"\1", text))
        turn = Turn("t", "a", "seeker", said.text, 0, None, said.spans)
        marked = _MARKED.findall(text) if text in told["meant"] else []
        titles = tuple(TitleYear(title, None) for title in marked if title in known)
        turns.append(AnnotatedTurn(Dialog("d", "ours", "", "", 0, (turn,)), titles))
    return turns, items


def all_rows(data: Path) -> Iterator[Row]:
    """Yield the rows of every set."""
    as_is = list(redial(data, developing=True))
    bare = [without_years(turn) for turn in as_is]
    talk = list(inspired(data, developing=True, checked=read_checked(_INSPIRED)))
    larger = wider(data)
    unrated = [replace(item, popularity=None) for item in larger]
    yield from rows(as_is, larger, _WEIGHTS["as it is"])
    yield from rows(bare, larger, _WEIGHTS["bare"])
    yield from rows(bare, movielens(data), _WEIGHTS["bare, few films"])
    yield from rows(bare, unrated, _WEIGHTS["bare, unrated"])
    yield from rows(list(map(lowered, bare)), larger, _WEIGHTS["lower"])
    for row in rows(list(map(slipped, bare)), larger, _WEIGHTS["slipped"]):
        if row[0]["misspelled"] > 0:
            yield row
    yield from rows(talk, larger, _WEIGHTS["inspired"])
    yield from rows(talk, unrated, _WEIGHTS["inspired, unrated"])
    yield from rows(*sentences(), _WEIGHTS["common words"])


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
    weights = fit(list(all_rows(asked.data)))
    print(yaml.safe_dump({"weights": weights}, sort_keys=False), end="")


if __name__ == "__main__":
    main()
