"""Which language a text is in, by lingua; most English texts are known by their common words.

Titles say nothing of the language that they stand in, and begin with capitals: only words that do
not are looked at. German loses its nouns by that, which leaves enough of it. A list of titles of
one country in small letters ("der untergang, das boot") is taken for that country's language.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from builder.settings import read_yaml

# Of Latin script, some 20 MiB each; a text in any other is taken for the nearest of these.
_KNOWN = (
    *(Language.ENGLISH, Language.GERMAN, Language.FRENCH, Language.SPANISH, Language.PORTUGUESE),
    *(Language.ITALIAN, Language.DUTCH, Language.SWEDISH, Language.POLISH, Language.TURKISH),
    *(Language.INDONESIAN, Language.FINNISH, Language.ROMANIAN, Language.HUNGARIAN),
)
_COMMON: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in read_yaml(
        Path(__file__).with_name("common_words.yaml"), dict[str, str]
    ).items()
}
_ENGLISH_ALONE = _COMMON.pop("English").difference(*_COMMON.values())
_SURE_SHARE = 0.2  # of words that are common in English alone: other languages do not say "and"
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")  # is in no language
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def foreign_language(text: str, *, min_confidence: float, min_words: int) -> str | None:
    """Return the language of a text that is not English, None where it is or cannot be told.

    It is foreign where lingua's confidence that it is English is below `min_confidence`, in [0, 1],
    of at least `min_words` words without capitals. A text mostly in another script is foreign too.
    """
    words = [word.replace("’", "'") for word in _WORD.findall(_ADDRESS.sub(" ", text))]
    if not words:
        return None
    if not text.isascii() and _share_of_latin(words) < 0.5:
        return "another script"
    plain = [word for word in words if not word[0].isupper()]
    n_english = sum(word in _ENGLISH_ALONE for word in plain)
    if len(plain) < min_words or n_english >= _SURE_SHARE * len(plain):
        return None
    found = _detector().compute_language_confidence_values(" ".join(plain))
    by_language = {one.language: one.value for one in found}
    if by_language[Language.ENGLISH] >= min_confidence or found[0].value == 0:
        return None
    return found[0].language.name.capitalize()


@cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_KNOWN).build()


def _share_of_latin(words: list[str]) -> float:
    letters = "".join(words)
    return sum(unicodedata.name(c, "").startswith("LATIN") for c in letters) / len(letters)
