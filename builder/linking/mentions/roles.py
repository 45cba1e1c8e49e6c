"""The role of a mention in its turn: asked like, liked, seen, disliked, recommended, or mentioned.

"asked like" is what the wanted item should resemble: "something like Heat".

Cues are looked for in the mention's sentence. The nearest one before it decides; if there is none,
the first one after it, up to the next mention. Without a cue, a seeker's mention is only mentioned,
a recommender's is a recommendation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from builder.records import MentionRole, TurnRole

_REACH_CHARS = 400
"""Within which a cue counts; sentences are shorter, lists of a hundred titles are not."""
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)|\n")
_TITLE = "\x00"  # stands for a mention, so that "not A or B" reaches B
_DIRECTLY = (
    rf"\s(?=(?:(?:the|with|a|really|like|even)\s)?(?:{_TITLE}\W{{0,3}}(?:(?:and|or|nor|&)\s)?)*$)"
)
_NOT = r"(?:n'?t|n’t| not)"
_YOU = r"(?:you|they|he|she)(?:['’]ve| have)?"


def _cues(*phrases: str) -> str:
    return r"\b(?:" + "|".join(phrases) + r")\b"


_KINDS_OF_THING = (
    r"(?:(?:movie|film|game|show|thriller|drama|flick|title|suggestion|recommendation|other|one)s?|"
    r"comedy|comedies|horror|sci-?fi|action|fantasy|something|anything|stuff|things|more|elses?)"
)

_SEEKER_BEFORE: tuple[tuple[MentionRole, str], ...] = (
    ("mentioned", rf"\bnot{_DIRECTLY}"),
    (
        "mentioned",
        _cues(
            rf"(?:\w+{_NOT}|not|never) (?:yet )?(?:seen|watched|played|done|finished)",
            r"(?:want(?:ed)?|going|plan(?:ning)?|like|love) to (?:see|watch|play)",
            "wait (?:for|to see)",
            "should i",
        ),
    ),
    (
        "disliked",
        _cues(
            *("hated?", "dislike[ds]?", "can'?t stand", "nothing like", "not into", "no fan of"),
            *("sick of", "tired of", "bored by", "walked out of", "bounced off"),
            "put (?:me|us) off",
            rf"(?:did|do|does|was|is|could){_NOT} (?:\w+ )?(?:like|love|enjoy|stand|get into)",
        ),
    ),
    (
        "seen",
        _cues(
            *("seen", "saw", "(?:re)?watched", "finished", "played", "beat(?:en)?", "completed"),
            *("done", "worn out", "already (?:know|did|had)", "been through"),
        ),
    ),
    (
        "asked like",
        _cues(
            *("similar to", "(?:vein|style|spirit|mood) of", "along the lines of", "more of"),
            *("such as", "reminiscent of", "reminds me of", "if i (?:like|liked|loved|enjoyed)"),
            *("iil", "based on"),
        ),
    ),
    ("asked like", rf"\banother{_DIRECTLY}"),
    ("mentioned", r"\b(?:is|was) (?:it|that|this) (?:\w+ )?like\b"),
    ("asked like", rf"(?:^\s*|[,;:(–—-]\s?|\b{_KINDS_OF_THING},? )like\b"),
    (
        "liked",
        _cues(
            *("loved?", "loving", "liked?", "enjoy(?:ed)?", "adored?", "favou?rites?"),
            *("obsessed with", "fans? of"),
        ),
    ),
)
_SEEKER_AFTER: tuple[tuple[MentionRole, str], ...] = (
    (
        "asked like",
        r"^\W{0,3}(?:or (?:something )?(?:similar|alike)|vibes?|style|esque|ish|type)\b",
    ),
    (
        "disliked",
        _cues(
            r"(?:was|is|were|felt) (?:\w+ ){0,2}(?:boring|bad|terrible|awful|dull|overrated)",
            *("bored", "disappointed", "let (?:me|us) down"),
            rf"did{_NOT} (?:like|work|do it)",
        ),
    ),
    (
        "liked",
        _cues(
            r"(?:was|is|were|are) (?:\w+ ){0,2}(?:great|perfect|amazing|brilliant|wonderful|"
            "lovely|good|fantastic|excellent|incredible|fun|hits?|favou?rites?|the best)",
            *("made (?:me|us|him|her|them)", "got (?:me|us)", "st(?:ayed|uck) with", "wrecked"),
            *("worked", "loved? (?:it|that)", "did it"),
        ),
    ),
    ("seen", _cues("already", "seen", "watched", "twice", "by heart")),
)
_REPLY_BEFORE: tuple[tuple[MentionRole, str], ...] = (
    ("recommended", r";|—|\s-\s"),
    ("recommended", _cues("but", "instead", "check out", "go for", "go", "then")),
    (
        "mentioned",
        _cues(
            *("skip", "avoid", "beware of", "hold off", "forget"),
            *("normally", "going to say", "have said", r"same \w+ as", "reminds me of"),
            r"(?:stay|keep|steer) (?:\w+ )?(?:away|clear|far)",
            rf"(?:do|would|ca|should){_NOT} (?:\w+ )?(?:watch|do|see|try|play|start|bother|show|"
            "touch|put|recommend|suggest)",
            rf"(?:if|since|as|because) {_YOU}(?: \w+)? (?:liked?|loved?|enjoy(?:ed)?|seen|saw|"
            "named|mentioned|said)",
            "you (?:named|mentioned|said|already)",
            "(?:is|it'?s|kind of|a bit|feels?|looks?|much|just|works) like",
            "(?:twin|cousin|version|sequel|prequel|remake) (?:of|to)",
        ),
    ),
    ("recommended", _cues("try", "watch", "play")),
    (
        "recommended",
        rf"\b(?:would \w+ (?:like|want|enjoy)|(?:how|what) about)\b[^{_TITLE}]* like\b",
    ),
    (
        "recommended",
        r"(?:\b(?:may|might|will|would|could|should|to)|['’](?:ll|d)) "
        r"(?:\w+ )?(?:like|love|enjoy)\b",
    ),
    ("mentioned", rf"(?<!\bi )(?<!\bwe )(?<!'d )(?<!'ll )\blike{_DIRECTLY}"),
    (
        "mentioned",
        r"\b(?:not|no|except|unlike|instead of|rather than|(?:better )?than|similar to|basically)"
        + _DIRECTLY,
    ),
)
_REPLY_AFTER: tuple[tuple[MentionRole, str], ...] = (
    ("mentioned", _cues("so (?:no|skip|not|save|avoid)", "skip (?:it|that)", "is overrated")),
    ("mentioned", r"\bi'?d (?:skip|leave|avoid)\b|\bdon'?t\W*$"),
    ("mentioned", r"^\W*you(?:['’]ve)? (?:named|mentioned|already|did|seen|know)\b"),
)


class _Cues:
    """Cues of several roles in one pattern; at the same place, the earlier in the list wins."""

    def __init__(self, role_cues: Sequence[tuple[MentionRole, str]]) -> None:
        self._roles = [role for role, _ in role_cues]
        pattern = "|".join(f"(?P<cue{n}>{cue})" for n, (_, cue) in enumerate(role_cues))
        self._pattern = re.compile(pattern, re.IGNORECASE)

    def first(self, text: str) -> MentionRole | None:
        return next(iter(self._roles_in(text)), None)

    def last(self, text: str) -> MentionRole | None:
        return next(reversed(self._roles_in(text)), None)

    def _roles_in(self, text: str) -> list[MentionRole]:
        groups = (cast(str, match.lastgroup) for match in self._pattern.finditer(text))
        return [self._roles[int(group.removeprefix("cue"))] for group in groups]


_SEEKER = _Cues(_SEEKER_BEFORE), _Cues(_SEEKER_AFTER)
_REPLY = _Cues(_REPLY_BEFORE), _Cues(_REPLY_AFTER)


def role_of(
    turn: TurnRole, text: str, mentions: Sequence[tuple[int, int]], number: int
) -> MentionRole:
    """Return the role of one mention.

    Args:
        turn: Whether the seeker or a recommender is speaking.
        text: The turn's text.
        mentions: Offsets of all its mentions, in order.
        number: Index of the mention among them.
    """
    before, after = _sentence_around(text, mentions, number)
    if turn == "seeker":
        return _SEEKER[0].last(before) or _SEEKER[1].first(after) or "mentioned"
    return _REPLY[1].first(after) or _REPLY[0].last(before) or "recommended"


def _sentence_around(
    text: str, mentions: Sequence[tuple[int, int]], number: int
) -> tuple[str, str]:
    """Return the sentence before a mention, other mentions masked, and after it, up to the next."""
    start, end = mentions[number]
    reach = max(0, start - _REACH_CHARS)
    parts: list[str] = []
    at = start
    for start_before, end_before in reversed(mentions[:number]):
        if end_before <= reach:
            break
        parts += [text[end_before:at], _TITLE]
        at = start_before
    parts.append(text[min(reach, at) : at])
    before = "".join(reversed(parts))
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    limit = mentions[number + 1][0] if number + 1 < len(mentions) else len(text)
    after = text[end : min(limit, end + _REACH_CHARS)]
    stop = _SENTENCE_END.search(after)
    return before[ends[-1] if ends else 0 :], after[: stop.end() if stop else len(after)]
