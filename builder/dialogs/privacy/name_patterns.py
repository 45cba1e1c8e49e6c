# ruff: noqa: E501 - a pattern is read in one piece
"""Patterns of the ways in which people give their own names; the group "who" is the name.

`NAMES` are certain by their wording alone; `MAYBE_NAMES` need a name that is a known given name.
"""

from __future__ import annotations

import re

_TITLED = r"(?:(?:[Dd]r|[Mm]rs?|[Mm]s|[Mm]iss|[Pp]rof)\.? )?"
_WORDS = r"[^\W\d_][\w'’-]*"
_MY_NAME = r"(?:\w+['’]s )?(?:(?:real|full|first|last|given|actual|user) )?name(?:'s|’s|s|:| is| was)(?: actually)?"
_CAPITAL = r"(?P<who>(?!\w+(?:ish|ese)\b)[A-Z][^\W\d_]+(?:-[A-Z]\w+)?)"
OWN_NAME = re.compile(
    rf"\b(?:[Mm]y {_MY_NAME}|MY NAME(?:'S|’S| IS)) {_TITLED}"
    rf"(?P<who>{_WORDS}(?: (?!I\b)[A-Z][\w'’-]*){{0,2}})"
)
NAMES = (
    re.compile(rf"\b[Nn]ame(?:'s|’s) {_TITLED}(?P<who>[A-Z][\w'’-]*(?: (?!I\b)[A-Z][\w'’-]*)?)"),
    re.compile(
        r"\b(?:[Hh]i|[Hh]ey|[Hh]ello|[Hh]iya|[Hh]owdy)(?: (?:all|everyone|everybody|there|folks|guys|[Rr]eddit|friends))?[,.!]* "
        rf"(?:[Ii][’']?m|[Ii] am|[Tt]his is|[Ii]t[’']s) {_CAPITAL}(?=[,.!;]|\s+(?:and|from|by|btw|here)\b|\s*$)"
    ),
    re.compile(
        rf"\b(?:[Hh]i|[Hh]ey|[Hh]ello|[Hh]iya)(?: (?:all|everyone|there|folks|guys))?[,.!]* {_CAPITAL} here\b"
    ),
    re.compile(rf"\b(?:[Tt]his is|[Ii]t[’']s) {_CAPITAL}(?= (?:here|again)\b)"),
    re.compile(rf"\b[Ii](?:[’']?m| am) {_CAPITAL}(?= from [A-Z])"),
    re.compile(rf"\b[Ii](?:[’']?m| am) {_CAPITAL}(?= and (?:I|i|my|this)\b)"),
    re.compile(rf"\b(?:[Yy]ou (?:can|may)|[Jj]ust|[Pp]lease) call me {_CAPITAL}"),
    re.compile(
        r"\b(?:TIA|(?:[Tt]hanks|[Tt]hank you|[Cc]heers)(?: (?:so much|a lot|in advance|again|all|everyone))*|"
        r"(?:[Mm]uch|[Ll]ots of|[Ww]ith|[Aa]ll my) love|[Ss]igned|[Rr]egards|[Yy]ours(?: truly)?|[Ss]incerely|[Bb]est wishes), "
        rf"{_CAPITAL}[.!]?\s*$"
    ),
    re.compile(rf"\bxo(?:xo)*,? {_CAPITAL}\s*$"),
    re.compile(
        r"(?:^|\n)\s{0,9}[-–—~]{1,3}[ \t]*\n\s*(?P<who>[A-Z][\w'’-]+(?: [A-Z][\w'’.-]*)?)\s*$"
    ),
    re.compile(rf"\b[Mm]y friends call me (?P<who>{_WORDS})"),
    re.compile(
        r"\b(?:(?:[Tt]hey|[Ee]veryone|[Pp]eople|[Mm]y \w+) calls? me|[Ii][’']m called|[Ii] am called|[Ii] go by) "
        r"(?P<who>[A-Z][\w'’-]*)"
    ),
)
MAYBE_NAMES = (
    re.compile(
        r"\b(?:[Ii](?:[’']?m| am)|[Cc]all me|[Nn]ame:|[Tt]he name is) (?P<who>[A-Z][^\W\d_]+(?: (?!I\b)[A-Z][\w'’-]+)?)(?= here\b|[.,!;)\n-]|\s(?:and|from|by|btw|here|if|,)|\s*$)"
    ),
    re.compile(
        r"\b(?:[Ii][’']?m|[Cc]all me) (?P<who>[a-z]{4,})(?=[,.!]|\s(?:and i|from|btw|here)\b|\s*$)"
    ),
    re.compile(  # with a second name most are of a film: "It's Wes Anderson"
        r"\b(?:[Tt]his is|[Ii]t[’']s) (?P<who>[A-Z][^\W\d_]+(?=[.,!;)\n-]|\s(?:and|from|by|btw|here|again|,)|\s*$)|"
        r"[A-Z][^\W\d_]+ [A-Z][\w'’-]+(?=,? (?:here|again|from)\b))"
    ),
    re.compile(r"(?:^|\n)\s{0,9}[-–—~]{1,2}\s?(?P<who>[A-Z][^\W\d_]+(?: [A-Z][\w'’.-]*)?)\s*$"),
    re.compile(r"(?:^|[\n.!?,]\s{0,9})(?P<who>[A-Z][^\W\d_]+) here[.,!:]"),
    re.compile(r"\s[-–—~]{1,2}\s?(?P<who>[A-Z][^\W\d_]+(?: [A-Z][\w'’.-]*)?)\s*$"),
)
SIGNED = re.compile(
    r"\b(?:(?:[Tt]hanks|[Tt]hank you)(?: (?:so much|very much|a lot|a ton|a million|in advance|again|all|everyone|guys|for \w+(?: \w+)?))*|[Cc]heers|(?:[Kk]ind |[Bb]est |[Ww]arm )?[Rr]egards|[Bb]est(?: wishes)?|[Ll]ove|"
    r"[Yy]ours(?: truly)?|[Ss]incerely|[Ss]igned)(?:,|!|\.)?\s*\n\s*[-–—~]?\s?(?:(?:Dr|Mrs?|Ms|Miss|Prof)\.? )?(?P<who>(?:[A-Z]\. )?[A-Z][\w'’-]+(?: [A-Z][\w'’.-]*)?)\s*$"
)
