"""What a mention does in its turn: liked, seen, disliked, recommended, or only mentioned.

Cues are looked for in the mention's own sentence. The nearest one before it decides; without one,
the first behind it, up to the next mention. A seeker's mention without a cue is only mentioned, a
recommender's is a recommendation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from builder.records import MentionRole, TurnRole

_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)|\n")
_TITLE = "\x00"  # stands for a mention, so that "not A or B" reaches B
_LIST = rf"(?:(?:the|with|a|really|like|even)\s)?(?:{_TITLE}\W{{0,3}}(?:(?:and|or|nor|&)\s)?)*$"

_SEEKER_BEFORE = re.compile(
    rf"(?P<without>\bnot (?={_LIST}))|"
    r"\b(?:(?P<mentioned>(?:\w+n'?t|\w+n’t|not|never) (?:yet )?(?:seen|watched|played|done|finished)|"
    r"(?:want(?:ed)?|going|plan(?:ning)?) to (?:see|watch|play)|should i)|"
    r"(?P<disliked>hated?|dislike[ds]?|can'?t stand|sick of|tired of|bored by|walked out of|bounced off|put (?:me|us) off|not into|no fan of|"
    r"(?:did|do|does|was|is|could)(?:n'?t|n’t| not) (?:\w+ )?(?:like|love|enjoy|care for|stand|get into)|"
    r"nothing like)|"
    r"(?P<seen>seen|watched|rewatched|saw|finished|played|beaten|beat|completed|done|"
    r"worn out|already (?:know|did|had)|(?:been )?through)|"
    r"(?P<liked>loved?|loving|liked?|enjoyed|enjoy|adored?|favou?rites?|obsessed with|fan of|"
    r"similar to|vein of|style of|along the lines of|iil|more of|such as)"
    r")\b",
    re.IGNORECASE,
)
_SEEKER_BEHIND = re.compile(
    r"\b(?:(?P<disliked>(?:was|is|were|felt) (?:\w+ )?(?:boring|bad|terrible|awful|dull|overrated)|"
    r"bored|disappointed|let (?:me|us) down|did(?:n'?t| not) (?:like|work|do it))|"
    r"(?P<liked>(?:was|is|were|are) (?:\w+ ){0,2}(?:great|perfect|amazing|brilliant|wonderful|lovely|good|"
    r"fantastic|excellent|incredible|fun|hits?|favou?rites?|the best)|"
    r"made (?:me|us|him|her|them)|got (?:me|us)|stayed with|stuck with|wrecked|worked|love(?:d)? (?:it|that)|did it)|"
    r"(?P<seen>already|seen|watched|twice|by heart))\b",
    re.IGNORECASE,
)
_REPLY_BEFORE = re.compile(
    r"(?P<recommended>;|—|\s-\s|\b(?:but|instead|try|watch|play|check out|go for|go|then)\b)|"
    r"(?P<mentioned>\b(?:skip|avoid|beware of|hold off|forget|normally|going to say|'?d have said|same \w+ as|"
    r"(?:stay|keep|steer) (?:\w+ )?(?:away|clear|far)|"
    r"(?:do|would|wouldn|don)(?:'?t|’t|n'?t|n’t| not)\s(?:\w+ )?(?:watch|do|see|try|play|start|bother|show|touch|put|recommend|suggest)|"
    r"(?:if|since|as|because) (?:you|they|he|she)(?:['’]ve| have)?(?: \w+)? (?:like|liked|love|loved|enjoy|enjoyed|seen|saw|named|mentioned|said)|"
    r"you (?:named|mentioned|said|already)|(?:is|it'?s|kind of|a bit|feels?|looks?|much|just|works) like|"
    r"(?:twin|cousin|version|sequel|prequel|remake) (?:of|to)|reminds me of)\b|"
    r"(?:(?<!\bi )(?<!\bwe )(?<!'d )(?<!'ll )\blike|"
    r"\b(?:not|except|unlike|instead of|rather than|better than|than|similar to|basically|no))\s"
    rf"(?={_LIST}))",
    re.IGNORECASE,
)
_REPLY_BEHIND = re.compile(
    r"\bso (?:no|skip|not|save|avoid)\b|\bskip (?:it|that)\b|\bis overrated\b|\bi'?d (?:skip|leave|avoid)\b|\bdon'?t\W*$|"
    r"^\W*you(?:['’]ve)? (?:named|mentioned|already|did|seen|know)\b",
    re.IGNORECASE,
)


def role_of(turn: TurnRole, text: str, mentions: Sequence[tuple[int, int]], number: int) -> MentionRole:
    """Return what one mention does.

    Args:
        turn: Who speaks.
        text: The turn's text.
        mentions: Offsets of all its mentions, in order.
        number: Which of them.
    """
    before, behind = _sentence_around(text, mentions, number)
    if turn == "seeker":
        return _last_cue(_SEEKER_BEFORE, before) or _first_cue(_SEEKER_BEHIND, behind) or "mentioned"
    if _REPLY_BEHIND.search(behind):
        return "mentioned"
    return _last_cue(_REPLY_BEFORE, before) or "recommended"


def _sentence_around(
    text: str, mentions: Sequence[tuple[int, int]], number: int
) -> tuple[str, str]:
    """Return the sentence before the mention, other mentions as one sign, and up to the next."""
    start, end = mentions[number]
    parts, at = [], 0
    for left, right in mentions[:number]:
        parts += [text[at:left], _TITLE]
        at = right
    before = "".join([*parts, text[at:start]])
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    limit = mentions[number + 1][0] if number + 1 < len(mentions) else len(text)
    behind = text[end:limit]
    stop = _SENTENCE_END.search(behind)
    return before[ends[-1] if ends else 0 :], behind[: stop.end() if stop else len(behind)]


def _last_cue(cues: re.Pattern[str], text: str) -> MentionRole | None:
    found = None
    for match in cues.finditer(text):
        found = "mentioned" if match.lastgroup == "without" else match.lastgroup
    return cast("MentionRole | None", found)


def _first_cue(cues: re.Pattern[str], text: str) -> MentionRole | None:
    match = cues.search(text)
    return cast("MentionRole | None", match.lastgroup if match else None)
