"""The score of a link: a logistic regression on the signals for it.

The weights are in weights.yaml, fitted by `benchmarks/link_fit.py` and set by hand where it says
so. Every feature lies between 0 and 1, so that weights can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from builder.linking.lexicon.choice import Choice
from builder.linking.signals.signals import Signals
from builder.settings import Strict, read_yaml


class _Fitted(Strict):
    weights: dict[str, float]


_WEIGHTS = read_yaml(Path(__file__).with_name("weights.yaml"), _Fitted).weights

_MANY_WORDS = 4
"""Words of a title beyond which more of them add nothing."""


def features_of(
    signals: Signals, choice: Choice, *, n_words: int, similarity: float
) -> dict[str, float]:
    """Return the features of a link by name, each in [0, 1].

    Args:
        signals: What the turn says about the title.
        choice: The item, and how far it is ahead of others of that title.
        n_words: Words of the title.
        similarity: Of the spelling to the title's, in [0, 1]; 1 if they are the same.
    """
    is_bare = choice.years_off is None
    is_meant = signals.ruling == "meant"
    obscurity = 0.0 if choice.popularity is None or not is_bare else 1.0 - choice.popularity
    is_ordinary = signals.kind != "rare" or signals.form == "lower" or signals.person
    conditions = {
        "always": True,
        "year": choice.years_off == 0,
        "year about": choice.years_off is not None and choice.years_off > 0,
        "set apart": is_bare and signals.set_apart and (is_meant or signals.named),
        "listed": is_bare and signals.listed,
        "named": is_bare and signals.named,
        "asked": is_bare and signals.asked,
        "praised": is_bare and signals.praised,
        "known": is_bare and signals.known,
        "segment": is_bare and signals.segment,
        "closed": is_bare and signals.closed,
        "lower": is_bare and signals.form == "lower",
        "initial": is_bare and signals.form == "initial",
        "common": is_bare and signals.kind == "common",
        "name": is_bare and signals.kind == "name" and not signals.named,
        "function": is_bare and signals.kind == "function",
        "one word": is_bare and n_words == 1,
        "doubted": is_bare and not is_meant,
        "known but doubted": is_bare and signals.known and not is_meant,
        "cast": is_bare and (signals.cast or (signals.person and obscurity == 1)),
    }
    return {
        **{name: float(holds) for name, holds in conditions.items()},
        "words": min(n_words, _MANY_WORDS) / _MANY_WORDS if is_bare else 1.0,
        "rivals": 1.0 - choice.lead,
        "misspelled": 1.0 - similarity,
        "obscure": obscurity,
        "obscure and ordinary": obscurity * is_ordinary,
    }


def score_of(features: Mapping[str, float]) -> float:
    """Return the probability in [0, 1] that a link with these features is right."""
    total = sum(_WEIGHTS[name] * value for name, value in features.items())
    return 1.0 / (1.0 + math.exp(-total))
