"""Filters of posts and threads: each returns the reason to leave one out, or None to keep it."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from builder.dialogs.cleaning.language import foreign_language
from builder.dialogs.reddit_posts import WITHHELD
from builder.dialogs.thread import Post, Thread
from builder.settings import Strict


class Rules(Strict):
    """Thresholds of the filters, see params.yaml."""

    request_min_words: Annotated[int, Field(ge=1)]
    request_min_score: int
    reply_min_score: int
    allow_over_18: bool
    english_min_confidence: Annotated[float, Field(ge=0, le=1)]
    language_min_words: Annotated[int, Field(ge=1)]
    copy_shingle_words: Annotated[int, Field(ge=1)]
    copy_min_jaccard: Annotated[float, Field(gt=0, le=1)]
    chat_copy_min_jaccard: Annotated[float, Field(gt=0, le=1)]
    copy_min_words: Annotated[int, Field(ge=1)]


_BOT_NAME = re.compile(r"AutoModerator|.*(?:[_-]bot|[a-z]Bot|[_-]Bot)\d*|(?:bot|Bot)[_-].*")
_BOT_SAYS = re.compile(
    r"\bi(?: a|')m a bot\b|\bbeep boop\b|this action was performed automatically", re.IGNORECASE
)
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_ASKS = re.compile(
    r"\?|\b(?:looking for|searching for|recommend\w*|recs|suggest\w*|"
    r"i(?:'d| would)? (?:want|need|like)|give me|tell me|help|please)\b",
    re.IGNORECASE,
)
_META = re.compile(
    r"^\W*(?:meta|psa|rant|mod ?post|announcement|reminder|weekly thread|(?:un)?popular opinion)\b|"
    r"^\W*(?:please )?stop (?:recommending|suggesting|posting)\b",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\b(?:review|discussion|appreciation|just (?:watched|finished|saw)|finally (?:watched|saw)|"
    r"hot take|thoughts on|ranked|ranking|trailer|news|poll)\b",
    re.IGNORECASE,
)


def thread_reason(thread: Thread, rules: Rules) -> str | None:
    """Return why a whole thread is left out, judging by its request."""
    if thread.over_18 and not rules.allow_over_18:
        return "request: over 18"
    if thread.is_chat:
        return None
    request = thread.posts[0]
    reason = post_reason(request, rules)
    if reason:
        return f"request: {reason}"
    if request.score is not None and request.score < rules.request_min_score:
        return "request: score below minimum"
    if len(_WORD.findall(request.text.text)) < rules.request_min_words:
        return "request: too short"
    return None if is_request(request.text.text) else "request: not a request"


def reply_reason(post: Post, rules: Rules) -> str | None:
    """Return why one reply is left out."""
    reason = post_reason(post, rules)
    if reason is None and post.score is not None and post.score < rules.reply_min_score:
        reason = "score below minimum"
    return f"reply: {reason}" if reason else None


def post_reason(post: Post, rules: Rules) -> str | None:
    """Return why a post is left out, be it a request or a reply."""
    text = post.text.text
    if text.strip() in WITHHELD:
        return f"{text.strip(' []')} body"
    if _BOT_NAME.fullmatch(post.author or "") or _BOT_SAYS.search(text):
        return "bot"
    if not _WORD.search(text):
        return "no words"
    language = foreign_language(
        text, min_confidence=rules.english_min_confidence, min_words=rules.language_min_words
    )
    return f"other language ({language})" if language else None


def is_request(text: str) -> bool:
    """Return whether a post in a community for requests is a request.

    It is, unless its title marks it as talk about the community, or as talk about titles in a
    post that asks for nothing.
    """
    title = text.split("\n", 1)[0]
    if _META.search(title):
        return False
    return _ASKS.search(text) is not None or _TALK.search(title) is None
