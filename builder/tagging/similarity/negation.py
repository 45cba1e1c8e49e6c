"""Whether a sentence says that what it mentions does not happen in the story.

Denials: "nobody dies", "never shows the torture", "nearly drowns", "refuses to kill the dog".
Survival: "the dog survives", "the child is found alive". For dreams, fiction and fears see
builder/tagging/similarity/unreal.py.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from builder.tagging.similarity.about import WORD, is_about, is_empty
from builder.tagging.similarity.unreal import is_unreal, may_be_unreal

_CUES = frozenset(
    WORD.findall("no not never nobody none without neither nor cannot nearly almost nothing")
)
_REACH = 3
"""Words that a cue denies after it; more would reach into other clauses."""

_ENDS = frozenset(
    WORD.findall(
        "save saved stop stops prevent help avoid escape protect survive resist forget keep only "
        "just longer less more matter idea choice until before but when while although because "
        "all every everyone everything half much long "
        "know knows knew knowing realise realize understand understands believe believes remember "
        "recover recovers accept accepts care cares mind mourn mourns explain solve prove blame "
        "hide hides hiding "
        "warning doubt mercy hesitation reason cause remorse trace match success note sign"
    )
)
"""Words that turn a denial around or end it: "could not save the dog", "nearly all drugs", "without
warning the horse dies", "nobody understands his suicide"."""

_RARELY = frozenset(WORD.findall("hardly barely scarcely rarely seldom"))
"""They deny nothing, but after them "without" does not deny either."""

_VERBS = frozenset(
    WORD.findall(
        "refuse refuses refused refusing avoid avoids avoided avoiding avert averts averted "
        "prevent prevents prevented preventing spare spares spared instead"
    )
)
"""They deny the first content word after them: "refuses to kill the dog"."""

_LIVING = frozenset(WORD.findall("survives survived survive lives lived recovers recovered"))
_DEADLY = ("die", "dying", "dead", "death", "kill", "murder", "drown", "slain", "shot")
_CONFIRMING = frozenset(
    WORD.findall("is are was were found still back home film end escapes comes")
)
"""Words before "alive" that confirm it; "buried alive" and "struggles to stay alive" do not."""


def may_deny(sentence: str) -> bool:
    """Return whether the sentence has a word that could rule anything out."""
    lower = sentence.lower()
    words = WORD.findall(lower)
    return may_be_unreal(lower) or any(
        _is_cue(word) or word in _VERBS or word in _LIVING or word == "alive" for word in words
    )


def is_ruled_out(sentence: str, about: Collection[str]) -> bool:
    """Return whether the sentence denies the words, or says that they are not real.

    Args:
        sentence: Any case.
        about: Lower-case words, see `content_words`.
    """
    return is_negated(sentence, about) or is_survived(sentence, about) or is_unreal(sentence, about)


def is_negated(sentence: str, about: Collection[str]) -> bool:
    """Return whether one of the words is within reach of a denial.

    Args:
        sentence: Any case.
        about: Lower-case words, see `content_words`; "die" also stands for "dies" and "died".
    """
    words = WORD.findall(sentence.lower())
    is_denied = False
    for position, word in enumerate(words):
        following = words[position + 1 :]
        if word in _VERBS and not is_denied:
            next_word = next((other for other in following if not is_empty(other)), "")
            if is_about(next_word, about):
                return True
        is_open = words[max(0, position - 1) : position] == ["or"]  # "whether or not"
        if _is_cue(word) and not is_open and not (word == "without" and is_denied):
            is_denied = True
            if _reaches(following[:_REACH], about):
                return True
        is_denied = is_denied or word in _RARELY
    return False


def _reaches(following: Sequence[str], about: Collection[str]) -> bool:
    """Return whether one of the words follows before something ends the denial."""
    for word in following:
        if word in _ENDS:
            return False
        if is_about(word, about):
            return True
    return False


def is_survived(sentence: str, about: Collection[str]) -> bool:
    """Return whether the sentence says that its subject lives, and does not mention a death.

    Args:
        sentence: Any case.
        about: As for `is_negated`; without a word for death, nothing can be survived.
    """
    words = WORD.findall(sentence.lower())
    if not {"die", "death"} & set(about) or any(word.startswith(_DEADLY) for word in words):
        return False
    if any(_is_cue(word) or word == "only" for word in words):
        return False
    for position, word in enumerate(words):
        before = words[max(0, position - 2) : position]
        if word in _LIVING and any(is_about(other, about) for other in before):
            return True
        if word == "alive" and "alive" not in about and _CONFIRMING & set(before):
            return any(is_about(other, about) for other in words)
    return False


def _is_cue(word: str) -> bool:
    return word in _CUES or word.endswith(("n't", "n’t"))
