"""Patterns of words around a title that say whether one is meant.

NAMING, OF_A_KIND, NEWER and BREAK_BEFORE are searched for at the end of the text before a title;
the others are matched where it ends.
"""

from __future__ import annotations

import re

_CALLED = (
    r"(?:films?|movies?|flicks?|games?|one|classic|comedy|thriller|musical|drama|horror|it|that)"
    r"(?:'?s| is| was)?(?: just)? (?:called|titled|named)"
)

NAMING = re.compile(
    rf"\b(?:{_CALLED}|similar to|seen|saw|(?:re)?watch(?:ed|ing)?|loved?|liked?|enjoyed|adored?|"
    r"recommend|try|tried|iil|also|suggest|hated|like|(?:re)?play(?:ed|ing)?|finished|beat|about|"
    r"agree on|skip|had|did|done|not|"
    r"films?|movies?|games?|(?:end|ending|start|minutes|half|part|recommendation) of|start with|"
    r"(?:to|go|gonna|will|must|should) see|(?:trailer|preview)s? (?:for|of|to)|heard of|"
    r"similar(?: [\w-]+){1,2} to|remind(?:s|ed) \w+ of|fan of|accept|"
    r"(?:movies?|films?|favou?rites?|one)(?: \w+){0,2} (?:is|was|are|were|be)(?: the)?)\s*$",
    re.IGNORECASE,
)
NAMING_PEOPLE = re.compile(  # fewer cues: "played Max" and "like Max" speak of a person
    rf"\b(?:{_CALLED}|seen|(?:re)?watch(?:ed|ing)?|iil|films?|movies?|games?|finished|recommend)\s*$",
    re.IGNORECASE,
)
FILM_AFTER = re.compile(r"\s(?:movie|film|flick|game|trailer|preview)\b", re.IGNORECASE)
CAST_BEFORE = re.compile(
    r"\b(?:(?<!start )(?<!along )(?<!go )(?<!done )(?<!fine )(?<!good )with|starring|stars|by|"
    r"portrays?|actors?|actress(?:es)?|character|director|named)\s*$",
    re.IGNORECASE,
)
CAST_AFTER = re.compile(
    r"\s(?:(?:is|was)(?: [\w-]+){0,4} (?:actor|actress|director|comedian|singer|character|hero)|"
    r"stars|starred)\b",
    re.IGNORECASE,
)
OF_A_KIND = re.compile(
    r"\b(?:an?|some|any|no|my|your|our|his|her|their|this|that|of|more|good|great)\s*$",
    re.IGNORECASE,
)
NEWER = re.compile(
    r"\b(?:(?P<new>new(?:est)?(?: version of)?|upcoming)|second|2nd|third|3rd|live[- ]action|"
    r"(?:remake|reboot|version|sequel|prequel) (?:of|to))"
    r"(?: the)?[\s\"“‘']*$",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"[ ](?:[2-9]|1[0-9]|I{2,3}|IV|VI*|part|vol(?:ume)?|chapter|season|episode|remakes?|reboot|"
    r"sequels?|prequels?|trilogy|series|franchise|saga|movies|films|games|ones)\b",
    re.IGNORECASE,
)
SUBTITLE = re.compile(r"\s?:\s(?P<rest>[A-Z0-9][^\n.!?;,()]*)")
GOES_ON = re.compile(
    r"[ ](?=[A-Z0-9])|[ ](?=(?:of|vs\.?|versus)(?: the| a)? [A-Z])|-(?=\w)|['’](?=\w)(?!s\b)"
)
OWNS_NAME = re.compile(r"['’]s [A-Z]")  # "Grimm's Fairy Tales"
GOING_ON = frozenset({"for", "of", "in", "on", "at", "to", "from", "with", "vs", "and"})
BREAK_BEFORE = re.compile(r"(?:[,/+&]|\b(?:and|or))\s*$")
BREAK_AFTER = re.compile(r"\s*(?:[,.;:!?()/\n]|$|and\b|or\b|-\s)")
PRAISED = re.compile(
    r"\s(?:is|was)(?: \w+ly| still| also| such| just)? (?:an?|the|one of the|my)(?: [\w-]+){0,3}? "
    r"(?:(?:movie|film|flick|thriller|drama|musical|classic|game)s?|comedy|comedies)\b"
    r"(?! (?:buff|fan|student|maker|critic|set|night|of))",
    re.IGNORECASE,
)
WHEN_SEEN = re.compile(
    r"\s(?:yet|twice|again|recently|yesterday|tonight|before|already|last (?:night|week|year)|"
    r"the other (?:day|night)|a (?:few|couple))\b",
    re.IGNORECASE,
)
QUOTE_AFTER, QUOTE_BEFORE = re.compile(r" [\"“'‘]"), re.compile(r"[\"”'’] ")
ASKING = re.compile(
    r"\b(?:what|which|any|favou?rites?|last|latest)\b[^.!?]*"
    r"\b(?:movies?|films?|shows?|games?|comed(?:y|ies)|one|watch(?:ed)?|seen|saw|see|play(?:ed)?|favou?rites?)"
    r"\b[^.!?]*\?",
    re.IGNORECASE,
)
