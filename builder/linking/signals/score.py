"""How sure a link is: a logistic combination of what speaks for it.

The weights are in a YAML beside, fitted by `benchmarks/link_fit.py` and moved by hand where it
says so; every feature lies between 0 and 1, so that a weight says what its feature is worth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from builder.linking.signals.signals import Signs
from builder.linking.titles.choice import Choice
from builder.settings import Strict, read_yaml


class _Fitted(Strict):
    weights: dict[str, float]


_WEIGHTS = read_yaml(Path(__file__).with_name("weights.yaml"), _Fitted).weights

_MANY_WORDS = 4
"""Words of a title from which on more of them say no more."""


def features_of(signs: Signs, choice: Choice, *, n_words: int, likeness: float) -> dict[str, float]:
    """Return the features of a link by name, each in [0, 1].

    Args:
        signs: What the turn says for the title.
        choice: The item, and how far it is ahead of others of that title.
        n_words: Words of the title.
        likeness: Of the spelling to the title's, in [0, 1]; 1 where it is the title.
    """
    is_bare = choice.years_off is None
    is_meant = signs.verdict == "meant"
    obscure = 0.0 if choice.fame is None or not is_bare else 1.0 - choice.fame
    is_ordinary = signs.kind != "rare" or signs.form == "lower" or signs.person
    told = {
        "always": True,
        "year": choice.years_off == 0,
        "year about": choice.years_off is not None and choice.years_off > 0,
        "set apart": is_bare and signs.set_apart and (is_meant or signs.named),
        "listed": is_bare and signs.listed,
        "named": is_bare and signs.named,
        "asked": is_bare and signs.asked,
        "praised": is_bare and signs.praised,
        "known": is_bare and signs.known,
        "segment": is_bare and signs.segment,
        "closed": is_bare and signs.closed,
        "lower": is_bare and signs.form == "lower",
        "initial": is_bare and signs.form == "initial",
        "common": is_bare and signs.kind == "common",
        "name": is_bare and signs.kind == "name" and not signs.named,
        "function": is_bare and signs.kind == "function",
        "one word": is_bare and n_words == 1,
        "doubted": is_bare and not is_meant,
        "known but doubted": is_bare and signs.known and not is_meant,
        "cast": is_bare and (signs.cast or (signs.person and obscure == 1)),
    }
    return {
        **{name: float(holds) for name, holds in told.items()},
        "words": min(n_words, _MANY_WORDS) / _MANY_WORDS if is_bare else 1.0,
        "rivals": 1.0 - choice.lead,
        "misspelt": 1.0 - likeness,
        "obscure": obscure,
        "obscure and ordinary": obscure * is_ordinary,
    }


def score_of(features: Mapping[str, float]) -> float:
    """Return the probability in [0, 1] that a link with these features is right."""
    total = sum(_WEIGHTS[name] * value for name, value in features.items())
    return 1.0 / (1.0 + math.exp(-total))
