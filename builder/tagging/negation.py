"""Whether a sentence says that what it speaks of does not happen in the story.

Denials: "nobody dies", "never shows the torture", "nearly drowns". Stories within the story:
"dreams that his dog dies", "fakes her own death", "a film within the film". Fears that are
overcome: "her fear of needles is overcome".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from builder.taxonomy import ContentWarning

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_CUES = frozenset(
    _WORD.findall("no not never nobody none without neither nor cannot nearly almost")
)
_REACH = 3
"""Words after a cue within which it still denies; longer reaches took in other clauses."""

_FICTION = r"(?:film|movie|play|novel|book|story|video game|show|opera|comic|script|poem|painting)"
_UNREAL_AFTER = re.compile(
    rf"""\b(?:
      (?:day)?dream(?:s|t|ed|ing)?\s(?:that|of|about|in\swhich|where|he|she|they)
    | nightmares?\s(?:that|of|about|in\swhich|where)
    | fantasi[sz](?:es?|ed|ing)\s
    | (?:believed|presumed|thought|assumed|feared)\s(?:to\s(?:be|have)\s)?(?=dead|died|killed)
    | (?:saved|rescued)\s(?:just\s)?(?:in\stime\s)?from\s
    | (?:in|reads?|watch(?:es)?|writ(?:es|ing)|film(?:s|ing)|stag(?:es?|ing)|tells?)\s
      (?:a|an|the|his|her|their)\s{_FICTION}\s(?:within\sthe\s\w+\s|of\s|about\s|in\swhich\s|where\s)
    | {_FICTION}\s(?:within|inside)\s(?:the|a)\s{_FICTION}
    | (?:overcom|conquer|cur|los|shed|master)\w*\s(?:\w+\s){{0,3}}(?:fear|phobia|dread)s?\sof
    )""",
    re.VERBOSE,
)
"""What follows, to the end of the clause, does not happen in the story."""

_UNREAL_NEXT = re.compile(
    r"""\b(?:
      imagin(?:es?|ed|ing)\s | hallucinat(?:es?|ed|ing)\s | pretend(?:s|ed|ing)?\s
    | fak(?:es?|ed|ing)\s | simulat(?:es?|ed|ing|ion)\s | narrowly\s(?:escap|avoid)\w*\s
    )(?P<next>(?:(?!and\b)\S+\s*){0,4})""",
    re.VERBOSE,
)
"""What follows does not happen, for four words or up to an "and": "fakes rape and cuts his throat"
is half real."""

_UNREAL_BEFORE = re.compile(
    r"""\b(?:
      (?:is|was|were|are|turns\sout\sto\sbe|turned\sout\sto\sbe|to\shave\sbeen)\s
      (?:all\s|only\s|just\s|merely\s)*(?:a|an|his|her|their)?\s?(?:bad\s)?
      (?:dream|nightmare|hallucination|prank|hoax|fake|joke|prop|make-believe|simulation)
    | (?:fear|phobia|dread)s?\sof\s(?:\w+\s){1,4}(?:is|was|are)\s
      (?:\w+\s)?(?:overcome|conquered|cured|gone|forgotten)
    | (?:is|are|was|were)\s(?:only\s|all\s)?
      (?:prevented|averted|avoided|simulated|staged|faked|imagined)
    )""",
    re.VERBOSE,
)
"""What stands before, in the clause, does not happen in the story."""

_CLAUSE = re.compile(r"[;:]|,\sand\s|,?\s\b(?:but|until|when|before|while|after)\b\s")

_DOUBLE = frozenset(
    _WORD.findall(
        "save stop stops prevent help avoid escape protect survive resist forget keep only just "
        "longer matter idea choice know knowing realise realize until before "
        "all every everyone everything half"
    )
)
"""Words that turn the denial around or end it: "could not save the dog", "nearly all drugs"."""

_EMPTY = frozenset(
    _WORD.findall(
        "a an and any appears are as at by be being does for from have has in into is it its of on "
        "one or part person people scene scenes shown someone story that the their them there to "
        "who with another other otherwise such than because while onto over out up get gets"
    )
)


def content_words(warning: ContentWarning) -> frozenset[str]:
    """Return the words that say what a warning is about."""
    said = " ".join([warning.question, *warning.keywords])
    return frozenset(_WORD.findall(said.lower())) - _EMPTY


def may_deny(sentence: str) -> bool:
    """Return whether the sentence holds a word that could rule anything out."""
    lower = sentence.lower()
    if any(cue.search(lower) for cue in (_UNREAL_AFTER, _UNREAL_NEXT, _UNREAL_BEFORE)):
        return True
    return any(_is_cue(word) for word in _WORD.findall(lower))


def is_negated(sentence: str, about: Collection[str]) -> bool:
    """Return whether one of the words stands within reach of a denial.

    Args:
        sentence: Any case.
        about: Lower-case words, see `content_words`; "die" also stands for "dies" and "died".
    """
    words = _WORD.findall(sentence.lower())
    for position, word in enumerate(words):
        if not _is_cue(word):
            continue
        for following in words[position + 1 : position + 1 + _REACH]:
            if following in _DOUBLE:
                break
            if _is_about(following, about):
                return True
    return False


def is_unreal(sentence: str, about: Collection[str]) -> bool:
    """Return whether every clause that holds one of the words tells of what does not happen.

    Args:
        sentence: Any case.
        about: As for `is_negated`.
    """
    is_told = False
    for clause in _CLAUSE.split(sentence.lower()):
        held = [m.start() for m in _WORD.finditer(clause) if _is_about(m.group(), about)]
        if not held:
            continue
        is_told = True
        if _UNREAL_BEFORE.search(clause) is None and not _covers(_unreal_parts(clause), held):
            return False
    return is_told


def _unreal_parts(clause: str) -> list[tuple[int, int]]:
    """Return (start, end) of what a clause tells of as unreal."""
    to_the_end = [(match.end(), len(clause)) for match in _UNREAL_AFTER.finditer(clause)]
    return to_the_end + [match.span("next") for match in _UNREAL_NEXT.finditer(clause)]


def _covers(parts: Sequence[tuple[int, int]], places: Sequence[int]) -> bool:
    """Return whether a place lies in a part, and none behind the first part's start in no part."""
    if not parts:
        return False
    later = [place for place in places if place >= min(parts)[0] - 1]
    return bool(later) and all(
        any(start - 1 <= place < end for start, end in parts) for place in later
    )


def is_ruled_out(sentence: str, about: Collection[str]) -> bool:
    """Return whether the sentence denies the words, or tells of them as unreal."""
    return is_negated(sentence, about) or is_unreal(sentence, about)


def _is_about(word: str, about: Collection[str]) -> bool:
    return any(_same_word(word, other) for other in about)


def _is_cue(word: str) -> bool:
    return word in _CUES or word.endswith(("n't", "n’t"))


def _same_word(one: str, other: str) -> bool:
    shared = max(3, min(len(one), len(other)) - 1)
    return abs(len(one) - len(other)) <= 3 and one[:shared] == other[:shared]
