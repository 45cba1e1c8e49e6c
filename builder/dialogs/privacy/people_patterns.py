# ruff: noqa: E501 - a pattern is read in one piece
"""Patterns of what identifies people in a text; builder/dialogs/privacy/people.py uses them.

If a pattern has groups, only the one that matched is masked.
"""

from __future__ import annotations

import re

SUSPECT = re.compile(
    r"@|#\d|[a-z][_\d]|/u/|\bu/|://|\bwww\.|\d[^a-z]{0,3}\d[^a-z]{0,3}\d|\d ?\d[a-z]{2}\b|\b\d{1,5}[a-z]?,? [a-z]|"
    r"\b(?:at|dot|punkt|punto|names?|name[’']s)\b|\b(?:i[’']?m|i am|this is|it[’']s|call me) (?-i:[A-Z])|"
    r"[-–—~]\s?\w+(?: [\w’'.-]+)?\s*$|\w here[.,!:]|\b(?:box|street|calle|via|viale|avenida|rua|plaza|"
    r"piazza)\b|(?:str\.|straße|strasse|weg|platz|allee|gasse) \d|\b(?:thanks|thank you|cheers|regards|"
    r"best|love|yours|signed|sincerely|truly|wishes|again|all|advance|much)[,.!]?\s*\n|\b(?:discord|insta|"
    r"instagram|snap|snapchat|telegram|kik|twitter|tiktok|letterboxd|psn|gamertag|twitch|skype|steam|xbox|ig|"
    r"tg|venmo|trakt|tumblr|bluesky|reddit|goodreads|imdb|mubi|username|handle|code|tag|battletag|"
    r"nintendo|facebook|fb|calls?|called|credits?|shout-?out|props|kudos|courtesy|h/t|cc|ping|thx|ty)\b|"
    r"\b(?:thanks|thank you)\b|\b(?:love|signed|cheers|regards|yours|truly|sincerely|wishes|xo\w*),? \w+\W*$|\b(?:go by [A-Z]|tia, \w+\W*$)|\b(?:i[’']?m|call me) [a-z]{4,}(?:[,.!]|\s(?:and i|from|btw|here)\b|\s*$)|[-–—~]\s*\n\s*\w+(?: \w+)?\.?\s*$|"
    r"\.[a-z]{2,5}/\w",
    re.IGNORECASE,
)
URL = re.compile(r"(?:https?://|www\.)[^\s<>\])\"]*[^\s<>\])\".,;:!?']", re.IGNORECASE)
_TLD = (
    r"(?:com|org|net|edu|gov|info|io|me|co|uk|de|fr|es|it|nl|ca|au|eu|ch|at|be|se|no|dk|fi|pl|br|in|ie|jp|pt|ru|us|"
    r"xyz|dev|app|email)"
)
_PROVIDER = (
    r"(?:gmail|googlemail|yahoo|hotmail|outlook|live|msn|icloud|aol|gmx|web|protonmail|proton|pm|mail|fastmail|zoho|"
    r"tutanota|yandex|example)"
)
_AT = r"(?:\s?[(\[{<]\s?(?:at|@)\s?[)\]}>]\s?|\s@\s?|@\s)"
_DOT = r"(?:\s?[(\[{<]\s?(?:dot|\.)\s?[)\]}>]\s?|\s(?:dot|punkt|punto|\.)\s|\.)"
_WORD_DOT = r"(?:\s?[(\[{<]\s?dot\s?[)\]}>]\s?|\s(?:dot|punkt|punto)\s)"
_PART = r"[\w+-]{1,64}"  # bounded, as it may begin anywhere: otherwise a line of dashes takes hours
_LABEL = r"[\w-]{1,63}"
_LOCAL = rf"{_PART}(?:(?:\.|{_WORD_DOT}){_PART}){{0,3}}"
EMAILS = (
    re.compile(rf"[\w+-][\w.+-]{{0,63}}@{_LABEL}(?:\.{_LABEL})+"),
    re.compile(
        rf"(?<![\w.]){_LOCAL}{_AT}{_LABEL}(?:{_DOT}{_LABEL}){{0,4}}?(?:{_DOT}{_TLD})+\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![\w.])(?!(?:look|is|it|looking|available|up|on)\b){_LOCAL} at {_LABEL}(?:{_DOT}{_LABEL}){{0,4}}?(?:{_WORD_DOT}{_TLD})+\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\w.])(?=[\w+-]{0,63}[\d._])[\w.+-]{0,63}\w\s?@\s?(?:gmail|googlemail|hotmail|yahoo|outlook|icloud|protonmail|aol)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\w.])(?=[\w+-]{0,63}[._])(?=[\w.+-]{0,63}[a-z])[\w.+-]{0,63}\w at (?:gmail|googlemail|hotmail|yahoo|outlook|icloud|protonmail|aol)\b(?!\.\w)",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<![\w.])[\w.+-]{{1,64}} at {_PROVIDER}(?:\.[\w-]+)*\.{_TLD}\b", re.IGNORECASE),
)
_SOCIAL = (
    r"(?:discord|insta(?:gram)?|snap(?:chat)?|telegram|kik|tiktok|letterboxd|psn|gamertag|ig|tg|venmo|trakt|tumblr|"
    r"bluesky|mastodon|battletag|facebook|fb|ign)"
)
_SERVICE = (
    rf"(?:{_SOCIAL}|twitter|twitch|skype|steam|xbox(?: live)?|nintendo|reddit|goodreads|imdb|mubi)"
)
_WHICH = r"(?:user ?name|name|handle|account|id|tag|profile|gamertag|friend code)"
_NO_HANDLE = (
    r"(?!(?:not|now|no|down|full|broken|private|public|always|still|so|very|too|all|also|an?|the|in|on|open|blocked|"
    r"banned|dead|empty|gone|back|just|out|off|up|from|\w+ing)\b)"
)
_HANDLE = rf"{_NO_HANDLE}(?P<who>@?[A-Za-z0-9](?:[\w.-]*\w)?_*)"
_ODD_HANDLE = (
    r"(?P<who>@?(?=[\w.-]*[A-Za-z]{2})(?=[\w.-]*(?:[\d_]|\.\w))[A-Za-z0-9](?:[\w.-]*\w)?_*)"
)
_MIXED = r"(?P<who>(?=[\w-]*\d)(?=[\w-]*[A-Za-z]{3})[A-Za-z0-9][\w-]{4,})"
BARE_URL = re.compile(  # a link without its scheme
    rf"(?<![\w@./-])(?:[\w-]+\.)+(?:{_TLD[3:-1]}|tv|gg|ly|be|ee|fm|to|cc|page|link|social)/[@~]?\w[^\s<>\])\"]*(?<![.,;:!?'])",
    re.IGNORECASE,
)
USERS = (
    re.compile(r"(?<![\w/])/?[uU]/[\w-]{2,}"),
    re.compile(r"(?<![\w.@/])@(?:[A-Za-z_]|\d+[A-Za-z_]{3})[\w.-]*\w"),
    re.compile(r"(?<![\w#])(?=[\w.]{0,31}[A-Za-z])[\w.]{2,32}#\d{4,6}(?!\d)"),
    re.compile(r"(?<![\w/.@-])SW-\d{4}-\d{4}-\d{4}(?!\w)"),
    re.compile(r"\bfriend code(?:'s| is|:)?\s+(?P<who>\d[\d -]{5,}\d)", re.IGNORECASE),
    re.compile(  # film_fan
        r"(?<![\w/.@#-])(?=\w*[A-Za-z]{3})[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)+_*(?![\w@])|"
        r"(?<![\w/.@#-])[A-Za-z0-9]{4,}_+(?![\w@])"
    ),
    re.compile(
        rf"\b(?:my|our) (?:{_SERVICE}(?: {_WHICH}){{0,2}}|handle|gamertag|friend code|user ?name|screen ?name)"
        rf"(?: (?:on|in|at) [\w ]{{2,20}})?(?:'s| is|:)\s+{_HANDLE}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:(?:add|follow|find|dm|hit|message|pm) (?:me|us|my)(?: up)?|i'?m|i am)(?: on| at| via| over on)? {_SERVICE}"
        rf"(?:\s?[:,-]\s?(?:it'?s )?|\s(?:as|at|under|with|@)\s){_HANDLE}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:{_SERVICE}(?: {_WHICH})?|user ?name|handle)(?:\s?[:=]\s?|\s(?:->|→|-)\s){_ODD_HANDLE}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:i'?m|i am|(?:add|follow|find|message|pm|dm) me(?: as)?[!.,:]?) {_HANDLE} on {_SERVICE}\b|"
        rf"\b(?:add|follow|find) {_ODD_HANDLE.replace('who', 'also')} on {_SERVICE}\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_SOCIAL}(?: {_WHICH})?\s?[:=]\s?{_HANDLE}(?=\s*(?:$|[\n,.;!()/|]))", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:thanks|thank you|thx|ty|credits?(?: goes)? to|shout-?outs?(?: goes)? to|props to|kudos to|courtesy of|h/t|"
        rf"hat tip(?: to)?|cc|ping),?(?: to)? {_MIXED}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<![\w/.@#-]){_MIXED} (?:said|says|suggested|recommended|mentioned)\b"),
)
PHONES = (
    re.compile(r"(?<![\w.+-])(?:\+|00)\d{1,3}(?:[ ./-]?\(?\d{1,5}\)?){2,6}(?![\w-]|\.\d)"),
    re.compile(
        r"(?<![\w.-])(?:\+?1[ .-])?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-]|\.\d)"
    ),
    re.compile(r"(?<![\w.-])0[1-9](?:[ .-]\d{2}){4}(?![\w-]|\.\d)"),
    re.compile(r"(?<![\w.$£€/-])\d{3}-\d{4}(?![\w-]|\.\d)"),
)
NUMBER = re.compile(r"(?<![\w.,$£€#/+-])\(?\d[\d ()./–-]{5,20}\d(?![\w%/]|[.,:-]\d|\s?(?:%|[xX×]))")
CUED_NUMBER = re.compile(
    r"\b(?:call|text|phone|tel|telephone|ring|whatsapp|mobile|cell|sms|number is|number's|handy|reach me on|reach me at)"
    r"[^\d\n]{0,20}?(?P<who>\(?\+?\d[\d ()./-]{5,18}\d)(?!\w)",
    re.IGNORECASE,
)
YEAR_HELD = re.compile(r"\((?:18[7-9]|19\d|20\d)\d(?!\d)")  # a title's: "300 (2006)"
YEAR_NEXT = re.compile(r"\s?\((?:18[7-9]|19\d|20\d)\d\)")
YEAR = re.compile(r"(?:18[7-9]|19\d|20\d)\d")
DATE = re.compile(r"\d{1,2}([-./ ])\d{1,2}\1(?:\d{2}|\d{4})|\d{4}([-./ ])\d{1,2}\2\d{1,2}")
OTHER_NUMBER = re.compile(
    r"\d{1,3}(?:[./]\d{1,3}){3}|\d{1,3}(?: ?[./–-] ?\d{1,2}){2,3}|"  # IP addresses, scores
    r"\d{1,2}(?: \d{3}){2,}|\d{1,3}(?: \d{3})*(?: 000)|\d+\.\d+|\d(?:[ –-]\d)+"  # sums, lists
)
NOT_PHONE_BEFORE = re.compile(
    r"(?:isbn|issn|imdb|asin|doi|upc|ean|id|no\.?|order|episodes?|season|runtime|budget|gross(?:ed)?)\W{0,3}(?:1[03])?\W{0,3}$",
    re.IGNORECASE,
)
REGIONS = (
    "US",
    "GB",
    "DE",
    "FR",
    "ES",
    "IT",
    "NL",
    "PT",
    "BR",
    "IN",
    "AU",
    "JP",
    "MX",
    "PL",
    "SE",
    "IE",
    "ZA",
)
_WAY = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Way|Terrace|Close|Crescent|"
    r"Square|Sq|Parkway|Pkwy|Highway|Hwy|Gardens|Grove|Row|Mews|Hill|Trail|Circle|Alley|Quay)"
)
_UNIT = r"(?:,? ?(?:(?:Apt|Apartment|Unit|Suite|Ste|Flat|Room|No)\b\.? ?#?|#)\w+)?"
_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
ADDRESSES = (
    re.compile(
        rf"(?:\b(?:Flat|Apt|Unit) \w{{1,4}},? )?\b\d{{1,5}}[A-Za-z]?,? (?:[NSEW]\.? )?(?:[A-Z0-9][\w'’.-]*\.? ){{1,4}}{_WAY}\b\.?"
        rf"{_UNIT}(?:,? [A-Z][\w'-]+(?: [A-Z][\w'-]+)?,? (?:[A-Z]{{2}} \d{{5}}(?:-\d{{4}})?|{_POSTCODE}))?"
    ),
    re.compile(
        rf"\b(?:live|lives|living|house|home|address|mail it|send it|ship(?: it)?)\b[^\d\n]{{0,20}}"
        rf"(?P<who>\d{{1,5}}[a-z]?,? (?:[\w'’.-]+ ){{1,3}}{_WAY}\b)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b[A-ZÄÖÜ][\wäöüß-]+(?:straße|strasse|str\.|weg|platz|allee|gasse|laan|straat|gracht) \d{1,4}[a-z]?\b(?:,? \d{5} [A-ZÄÖÜ]\w+)?"
    ),
    re.compile(
        r"\b\d{1,4}(?: bis)?,? (?:rue|avenue|boulevard|place|chemin|impasse|quai)(?: (?:de|du|des|la|le|les|d'|l'))* ?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?"
    ),
    re.compile(
        r"\b(?:Calle|Via|Viale|Avenida|Rua|Plaza|Piazza)(?: (?:de|del|della|la|da|do|dos))* [A-Z]\w+(?: [A-Z]\w+)?,? \d{1,4}\b"
    ),
    re.compile(r"\bP\.? ?O\.? Box \d+\b", re.IGNORECASE),
    re.compile(rf"\b{_POSTCODE}\b(?=$|[\s.,!?)])"),
)
