"""Which language a text is in, by lingua; most English texts are recognised by common words alone.

Titles say nothing about the language of the text around them, and begin with capitals, so only
words without capitals are looked at. German loses its nouns that way, which leaves enough of it. A
list of titles in lower case ("der untergang, das boot") is taken for the language of the titles.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from builder.settings import read_yaml

# In Latin script, some 20 MiB each; a text in another language is taken for the nearest of these.
_LANGUAGES = (
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
_SURE_SHARE = 0.2  # of words that are common only in English: other languages do not have "and"
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")  # belongs to no language
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def foreign_language(text: str, *, min_confidence: float, min_words: int) -> str | None:
    """Return the language of a text that is not English; None if it is English or unclear.

    A text is foreign if lingua's confidence that it is English is below `min_confidence`, in
    [0, 1], given at least `min_words` words without capitals, or if it is mostly in another script.
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
    confidences = _detector().compute_language_confidence_values(" ".join(plain))
    by_language = {confidence.language: confidence.value for confidence in confidences}
    if by_language[Language.ENGLISH] >= min_confidence or confidences[0].value == 0:
        return None
    return confidences[0].language.name.capitalize()


@cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_LANGUAGES).build()


def _share_of_latin(words: list[str]) -> float:
    letters = "".join(words)
    return sum(unicodedata.name(c, "").startswith("LATIN") for c in letters) / len(letters)
