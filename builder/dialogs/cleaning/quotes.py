"""Quoted lines, "> like this": removed where they repeat the thread, kept where they are new.

Most quote the post that they answer, which the thread contains already. A quote of something else,
such as a line of a film, is part of what was said. If a post of the thread is missing, a quote may
be its text, and is removed too.
"""

from __future__ import annotations

from dataclasses import replace

import ahocorasick_rs

from builder.dialogs.marked_text import Edit, MarkedText
from builder.dialogs.markup import tidy_whitespace
from builder.dialogs.reddit_posts import WITHHELD
from builder.dialogs.thread import Post, Thread
from builder.titles import title_key


def drop_repeated_quotes(thread: Thread, withdrawn_ids: frozenset[str]) -> Thread:
    """Return the thread without quotes that repeat one of its other posts.

    Args:
        thread: As it was read.
        withdrawn_ids: Ids of posts that their authors took back.
    """
    if not any(span.kind == "quote" for post in thread.posts for span in post.text.spans):
        return thread
    is_whole = not withdrawn_ids and all(p.text.text.strip() not in WITHHELD for p in thread.posts)
    posts_by_quote = _posts_by_quote(thread) if is_whole else {}

    def settled(post: Post) -> Post:
        edits = [
            Edit(start, end)
            for start, end, words in _quoted(post.text)
            if not is_whole or posts_by_quote[words] - {post.post_id}
        ]
        return replace(post, text=tidy_whitespace(post.text.edited(edits))) if edits else post

    return replace(thread, posts=tuple(map(settled, thread.posts)))


def _posts_by_quote(thread: Thread) -> dict[str, set[str]]:
    """Return, for the words of each quote, two posts at most that have written them.

    All quotes are searched for at once: a thread may have thousands.
    """
    quotes = {words for post in thread.posts for _, _, words in _quoted(post.text)}
    posts: dict[str, set[str]] = {words: set() for words in quotes}
    names = list(posts)
    search = ahocorasick_rs.AhoCorasick(names)
    for post in thread.posts:
        text = _words(_without_quotes(post).text)
        for number in {n for n, _, _ in search.find_matches_as_indexes(text, overlapping=True)}:
            if len(posts[names[number]]) < 2:  # one of them is another post than the quoting one
                posts[names[number]].add(post.post_id)
    return posts


def _without_quotes(post: Post) -> MarkedText:
    return post.text.edited([Edit(start, end) for start, end, _ in _quoted(post.text)])


def _quoted(marked: MarkedText) -> list[tuple[int, int, str]]:
    """Return (start of the line, start of the next line, words) of every quoted line."""
    text = marked.text
    lines = []
    for span in marked.spans:
        if span.kind == "quote":
            start = text.rfind("\n", 0, span.start) + 1
            end = text.find("\n", span.end) + 1 or len(text)
            lines.append((start, end, _words(text[span.start : span.end])))
    return lines


def _words(text: str) -> str:
    return f" {title_key(text)} "
