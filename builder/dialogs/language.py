"""Which language a text is in, by its most common words; enough to tell whether it is English."""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import files

import yaml

_COMMON: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in yaml.safe_load(
        files("builder.dialogs").joinpath("common_words.yaml").read_bytes()
    ).items()
}
_MIN_DIFFERENT = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def foreign_language(text: str, *, min_share: float) -> str | None:
    """Return the language of a text that is not English, None where it is or cannot be told.

    Another language must hold at least `min_share` of the words, three different ones, and more
    than English does: a list of titles is never foreign, nor is an English sentence around "La La
    Land". A text mostly in another script is foreign too.
    """
    words = [word.replace("’", "'").casefold() for word in _WORD.findall(text)]
    if not words:
        return None
    if _share_of_latin(words) < 0.5:
        return "another script"
    found = {name: [w for w in words if w in common] for name, common in _COMMON.items()}
    n_english = len(found.pop("English"))
    name, hits = max(found.items(), key=lambda pair: len(pair[1]))
    is_foreign = len(hits) > n_english and len(hits) >= min_share * len(words)
    return name if is_foreign and len(set(hits)) >= _MIN_DIFFERENT else None


def _share_of_latin(words: list[str]) -> float:
    letters = "".join(words)
    return sum(unicodedata.name(c, "").startswith("LATIN") for c in letters) / len(letters)
