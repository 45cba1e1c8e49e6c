"""Reads Reddit's markdown: keeps the text, removes the markup, and marks what it set apart.

Titles are often in italics, bold, links or list items, and linking needs to know that once the
markup is gone. Quoted lines and spoilers are marked too: the former are somebody else's words, the
latter are not for every reader. builder/dialogs/cleaning/quotes.py handles quotes.
"""

from __future__ import annotations

import html
import re
import unicodedata

from builder.dialogs.marked_text import Edit, MarkedText
from builder.records import Span

_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!<>~|^-])")
_SHELTER = 0xE000  # private use area: holds escaped characters until the markup has been read
_SHELTERED = re.compile("[\ue000-\ue07f]")

_QUOTE_LINE = re.compile(r"^[ ]{0,3}(?:>(?!!)[ ]?)+(?P<inner>[^\n]+)$", re.MULTILINE)
_EMPTY_QUOTE = re.compile(r"^[ ]{0,3}(?:>(?!!)[ ]*)+(?:\n|\Z)", re.MULTILINE)
_RULE_LINE = re.compile(r"^[ ]*(?:[-*_][ ]*){3,}$", re.MULTILINE)
_HEADING = re.compile(r"^[ ]*#{1,6}[ ]+(?P<inner>[^\n]*)$", re.MULTILINE)
_LIST_LINE = re.compile(
    r"^[ ]*(?:[*+•-]|\d{1,2}[.)])[ ]+(?P<inner>[^\n ](?:[^\n]*[^\n ])?)[ ]*$", re.MULTILINE
)
_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)")
_LINK = re.compile(
    r"\[(?P<inner>[^\]\n]{1,500})\]\((?:[^()\s]|\([^()\s]*\))*(?:[ ]+\"[^\"\n]*\")?\)"
)
_PERSON_LINK = re.compile(  # [CreedBraton](https://letterboxd.com/creedbraton/)
    r"\[[^\]\w\n]{0,9}(?:/?u/|@)?(?P<who>[\w.-]{0,40}\w)[^\]\w\n]{0,9}\]\((?:https?://)?(?:[\w-]+\.)*"
    r"(?:(?:letterboxd|instagram|twitter|x|facebook|tiktok|youtube)\.com/@?|(?:twitch\.tv|t\.me)/|"
    r"(?:reddit\.com|trakt\.tv|mubi\.com|last\.fm|goodreads\.com)/u(?:sers?)?/|bsky\.app/profile/)"
    r"(?P=who)/?(?:[?#][^)\s]*)?\)",
    re.IGNORECASE,
)
_SPOILER = re.compile(r">!(?P<inner>[^\n]{1,4000}?)!<")
_OLD_SPOILER = re.compile(  # [label](/s "what is hidden")
    r"\[[^\]\n]{0,500}\]\([#/](?:s|spoiler)[ ]+\"(?P<inner>[^\"\n]+)\"\)", re.IGNORECASE
)
_CODE = re.compile(r"(?<!`)(`{1,9})(?!`)(?P<inner>[^`\n]+)\1")
_STARS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])(?P<inner>[^*\n]+?)(?<=\S)\1(?![\w*])")
_STARS_AROUND = re.compile(r"(?<![\w*])(\*{2,3})(?=\S)(?P<inner>[^\n]{1,500}?)(?<=\S)\1(?![\w*])")
_UNDERSCORES = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])(?P<inner>[^_\n]+?)(?<=\S)\1(?!\w)")
_STRIKE = re.compile(r"~~(?P<inner>[^~\n]+)~~")
_SPACES = re.compile(r"[ \t]{2,}|\t")
_SPACE_AT_END = re.compile(r"[ ]+(?=\n|\Z)")
_BLANK_LINES = re.compile(r"\n{3,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MAYBE_MARKUP = re.compile(r"[\\*_`~<>\[\]#]|^[ ]*(?:[+•-]|\d{1,2}[.)])", re.MULTILINE)
# Whatever may open anywhere is bounded: otherwise a hundred thousand openings take minutes.


def read_plain(text: str) -> MarkedText:
    """Return a plain text: entities decoded, NFC, without control and invisible characters."""
    return tidy_whitespace(MarkedText(_cleaned(text)))


def read_markdown(text: str) -> MarkedText:
    """Return a post's text without its markup, and the spans that the markup set apart."""
    cleaned = _cleaned(text)
    if not _MAYBE_MARKUP.search(cleaned):
        return tidy_whitespace(MarkedText(cleaned))
    sheltered = _ESCAPED.sub(lambda m: chr(_SHELTER + ord(m[1])), cleaned)
    marked = MarkedText(sheltered)
    for pattern in (_EMPTY_QUOTE, _RULE_LINE, _IMAGE):
        marked, _ = marked.replaced(pattern, "")
    marked = _quotes_marked(marked)
    marked = marked.unwrapped(_HEADING, None).unwrapped(_LIST_LINE, "item")
    for pattern in (_OLD_SPOILER, _SPOILER):
        marked = marked.unwrapped(pattern, "spoiler")
    marked = _people_named(marked).unwrapped(_LINK, "link")
    for pattern in (_CODE, _STRIKE):
        marked = marked.unwrapped(pattern, None)
    for pattern in (_STARS, _STARS_AROUND, _UNDERSCORES):  # the inner ones first
        marked = marked.unwrapped(pattern, "emphasis")
    restored = _SHELTERED.sub(lambda m: chr(ord(m[0]) - _SHELTER), marked.text)
    return tidy_whitespace(MarkedText(restored, marked.spans))


def _quotes_marked(marked: MarkedText) -> MarkedText:
    quoted = list(_QUOTE_LINE.finditer(marked.text))
    edits = [Edit(match.start(), match.start("inner"), "> ") for match in quoted]
    return marked.edited(edits, [Span(*match.span("inner"), "quote") for match in quoted])


def _people_named(marked: MarkedText) -> MarkedText:
    """Return the text with links to people's pages written as "u/name", which is masked later."""
    edits = [
        Edit(match.start(), match.end(), f"u/{match['who'].replace('.', '_')}")
        for match in _PERSON_LINK.finditer(marked.text)
    ]
    return marked.edited(edits) if edits else marked


def _cleaned(text: str) -> str:
    twice = html.unescape(html.unescape(text))  # dumps contain "&amp;#x200B;"
    lines = twice.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    if lines.isascii():
        return _CONTROL.sub("", lines)
    visible = (c for c in lines if c in "\n\t" or unicodedata.category(c)[0] != "C")
    return unicodedata.normalize("NFC", "".join(visible))


def tidy_whitespace(marked: MarkedText) -> MarkedText:
    """Return the text without runs of spaces or blank lines, and no whitespace at any line end."""
    text = marked.text
    if "  " in text or "\t" in text:
        marked, _ = marked.replaced(_SPACES, " ")
    if " \n" in marked.text or marked.text.endswith(" "):
        marked, _ = marked.replaced(_SPACE_AT_END, "")
    if "\n\n\n" in marked.text:
        marked, _ = marked.replaced(_BLANK_LINES, "\n\n")
    return _stripped(marked)


def _stripped(marked: MarkedText) -> MarkedText:
    text = marked.text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if start >= end:
        return marked if not text else marked.edited([Edit(0, len(text))])
    edits = [Edit(*edge) for edge in ((0, start), (end, len(text))) if edge[0] < edge[1]]
    return marked.edited(edits) if edits else marked
