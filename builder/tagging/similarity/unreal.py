"""What a sentence mentions that is not real in the story: dreams, fiction within, fears overcome.

"He dreams that his dog dies", "fakes her own death", "a film within the film", "would have
drowned", "her fear of needles is overcome".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from builder.tagging.similarity.about import WORD, is_about

_FICTION = r"(?:film|movie|play|novel|book|story|video game|show|opera|comic|script|poem|painting)"
_FEAR = r"(?:fear|phobia|dread|terror)s?\sof"

_AFTER = re.compile(
    rf"""\b(?:
      (?:day)?dream(?:s|t|ed|ing)?\s(?:that|in\swhich|where|he|she|they)
    | nightmares?\s(?:that|in\swhich|where)
    | fantasi[sz](?:es?|ed|ing)\s
    | (?:believe|presume|think|thought|assume|fear|suppose)[sd]?\s
      (?:(?:\w+\s){{0,3}}(?:is|was|be)\s)?(?=dead|died|killed)
    | (?:lie[sd]?|pretend(?:s|ed)?)\sthat\s | falsely\s(?:claim|sa[iy]|report)\w*\s
    | (?:saved|rescued)\s(?:just\s)?(?:in\stime\s)?from\s
    | (?:in|reads?|watch(?:es)?|writ(?:es|ing)|film(?:s|ing)|stag(?:es?|ing)|tells?)\s
      (?:a|an|the|his|her|their)\s{_FICTION}\s(?:within\sthe\s\w+\s|of\s|about\s|in\swhich\s|where\s)
    | {_FICTION}\s(?:within|inside)\s(?:the|a)\s{_FICTION}
    | in\s(?:a|the|his|her|their)\s(?:school\splay|play|video\sgame|comic|script)\s
    | (?:(?:overcom|conquer|shed|master)\w*|cure[sd]?|curing|los(?:e|es|t|ing)|g[eo]ts?\sover|rid)\s
      (?:\w+\s){{0,4}}{_FEAR}
    | no\slonger\s(?:fears?|(?:afraid|scared|terrified)\sof)\s
    )""",
    re.VERBOSE,
)
"""What follows, to the end of the clause, does not happen in the story."""

_NEXT = re.compile(
    r"""\b(?:
      imagin(?:es?|ed|ing)\s | hallucinat(?:es?|ed|ing)\s | pretend(?:s|ed|ing)?\s
    | fak(?:es?|ed|ing)\s | simulat(?:es?|ed|ing|ion|or)\s | narrowly\s(?:escap|avoid)\w*\s
    | (?:would|could|might)\shave\s | (?:supposed|imaginary|imagined|make-believe)\s
    | (?:(?:day)?dream(?:s|t|ed|ing)?|nightmares?)\s(?:of|about)\s
    | talk(?:s|ed|ing)?\s(?:\w+\s){1,3}out\sof\s | decid(?:es?|ed|ing)\sagainst\s
    )(?P<next>(?:(?!and\b)\S+\s*){0,4})""",
    re.VERBOSE,
)
"""The next four words, or those up to an "and", do not happen: of "fakes rape and cuts his throat"
only the first half is unreal."""

_BEFORE = re.compile(
    rf"""\b(?:
      (?:is|was|were|are|turns\sout\sto\sbe|turned\sout\sto\sbe|to\shave\sbeen)\s
      (?:all\s|only\s|just\s|merely\s)*(?:a|an|his|her|their)?\s?(?:bad\s)?
      (?:dream|nightmare|hallucination|prank|hoax|fake|joke|prop|make-believe|simulation|invention)
    | {_FEAR}\s(?:\w+\s){{1,4}}(?:is|was|are)\s(?:\w+\s)?(?:overcome|conquered|cured|gone|forgotten)
    | (?:is|are|was|were|turns\sout\sto\sbe|turned\sout\sto\sbe)\s(?:only\s|all\s)?
      (?:prevented|averted|avoided|simulated|staged|faked|imagined)
    | (?:is|are|was|were)\s(?:nothing\s(?:but|more\sthan)|(?:just|merely)\san?)\s
    | exist(?:s|ed)?\sonly\sin\s
    )""",
    re.VERBOSE,
)
"""What comes before, in the clause, does not happen in the story."""

_WHOLE = re.compile(
    r"""\b(?:
      in\s(?:a|the|his|her|their|my)\s(?:\w+\s)?(?:dreams?|nightmares?|imagination|hallucinations?)
      (?=\s|[,.;]|$)(?!\s(?:house|home|job|car|wedding|world|team))
    | (?:what\slooks|looks\sonly)\slike\s
    )""",
    re.VERBOSE,
)
"""Nothing of the clause happens in the story."""

_CLAUSE = re.compile(
    r"[;:]|,\sand\s|,?\s(?<!nothing\s)\b(?:but|until|when|before|while|after|although|though|so)\b\s"
)

_NEAR_CHARS = 80
"""How far before such a phrase the denied words may be."""


def may_be_unreal(sentence: str) -> bool:
    """Return whether a sentence in lower case has a phrase that may make something unreal."""
    return any(cue.search(sentence) for cue in (_AFTER, _NEXT, _BEFORE, _WHOLE))


def is_unreal(sentence: str, about: Collection[str]) -> bool:
    """Return whether every clause with one of the words says that it does not happen.

    Args:
        sentence: Any case.
        about: Lower-case words, see `content_words`.
    """
    is_mentioned = False
    for clause in _CLAUSE.split(sentence.lower()):
        places = [
            match.start() for match in WORD.finditer(clause) if is_about(match.group(), about)
        ]
        if not places:
            continue
        is_mentioned = True
        if not (_WHOLE.search(clause) or _ends(clause, places) or _covers(_parts(clause), places)):
            return False
    return is_mentioned


def _ends(clause: str, places: Sequence[int]) -> bool:
    """Return whether all places are before a phrase that makes them unreal."""
    return any(
        match.start() - _NEAR_CHARS < places[0] and places[-1] < match.end()
        for match in _BEFORE.finditer(clause)
    )


def _parts(clause: str) -> list[tuple[int, int]]:
    """Return (start, end) of the parts of a clause that are unreal."""
    to_the_end = [(match.end(), len(clause)) for match in _AFTER.finditer(clause)]
    return to_the_end + [match.span("next") for match in _NEXT.finditer(clause)]


def _covers(parts: Sequence[tuple[int, int]], places: Sequence[int]) -> bool:
    """Return whether a place is in a part, and all after the first part's start are in one."""
    if not parts:
        return False
    later = [place for place in places if place >= min(parts)[0] - 1]
    return bool(later) and all(
        any(start - 1 <= place < end for start, end in parts) for place in later
    )
