"""Phrases for a user's own trait, made from its taxonomy entry.

They name the trait by its `short` and by what its warnings cover. A life story that only implies
the trait cannot be made that way; implicit styles need stories.yaml or a language model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from builder.settings import Strict, read_yaml
from builder.synthesis.diversity import words_of
from builder.synthesis.offline.phrases import Phrase, TraitPhrases, read_phrases
from builder.taxonomy import Trait

_MIN_LETTERS = 4
_MAX_WORDS_DESCRIBED = 14


class _OwnTraits(Strict):
    common: list[str]
    avoid: list[str]
    described: list[str]
    brief: list[str]
    reasons: list[str]
    third: list[str]


@cache
def _file() -> _OwnTraits:
    return read_yaml(Path(__file__).with_name("own_traits.yaml"), _OwnTraits)


def phrases_for(trait_id: str, short: str, descriptions: Sequence[str]) -> TraitPhrases:
    """Return the phrases in phrases.yaml, or made ones; arguments as for `make_phrases`."""
    return read_phrases().get(trait_id) or make_phrases(short, descriptions)


def made_for(traits: Iterable[Trait]) -> list[str]:
    """Return the names of the traits whose phrases have to be made, for the counts."""
    return sorted(trait.name for trait in traits if trait.id not in read_phrases())


def make_phrases(short: str, descriptions: Sequence[str]) -> TraitPhrases:
    """Return phrases for a trait.

    Args:
        short: The noun phrase that completes "Please avoid".
        descriptions: A sentence per warning that says what it covers; long ones are not quoted.
    """
    file = _file()
    clauses = [_clause(text) for text in descriptions]
    described = [
        frame.replace("{short}", short).replace("{d}", clause)
        for frame in file.described
        for clause in clauses
        if len(clause.split()) <= _MAX_WORDS_DESCRIBED
    ]
    return TraitPhrases(
        avoid=[*(frame.replace("{short}", short) for frame in file.avoid), *described],
        brief=file.brief,
        reasons=[Phrase(text=text) for text in file.reasons],
        third=[Phrase(text=text) for text in file.third],
        explicit=[f"{word}*" for word in words_of_trait(short)],
    )


def words_of_trait(short: str) -> tuple[str, ...]:
    """Return the words by which a trait is recognised, without plural endings."""
    words = (w for w in words_of(short) if len(w) >= _MIN_LETTERS and w not in _file().common)
    return tuple(dict.fromkeys(re.sub(r"s$", "", word) for word in words))


def _clause(sentence: str) -> str:
    text = sentence.strip().rstrip(".")
    return text[:1].lower() + text[1:]
