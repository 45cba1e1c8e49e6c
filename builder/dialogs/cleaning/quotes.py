"""Quoted lines, "> like this": gone where they repeat the thread, kept where they are new.

Most quote the post that they answer, which the thread holds already. A quote of something else,
such as a line of a film, is part of what was said. Where a post of the thread is gone, what is
quoted may be its words, and then it goes too.
"""

from __future__ import annotations

from dataclasses import replace

from builder.dialogs.marked_text import Edit, Marked
from builder.dialogs.markup import tidied
from builder.dialogs.reddit_posts import WITHHELD
from builder.dialogs.thread import Post, Thread
from builder.titles import title_key


def settle_quotes(thread: Thread, gone: frozenset[str]) -> Thread:
    """Return the thread with those quotes only that say what none of its posts says.

    Args:
        thread: As it was read.
        gone: The ids of posts that people took back.
    """
    if not any(span.kind == "quote" for post in thread.posts for span in post.text.spans):
        return thread
    is_whole = not gone and all(p.text.text.strip() not in WITHHELD for p in thread.posts)
    said = {post.post_id: _words(_own(post).text) for post in thread.posts} if is_whole else None

    def settled(post: Post) -> Post:
        edits = []
        for start, end, words in _quoted(post.text):
            others = () if said is None else (w for i, w in said.items() if i != post.post_id)
            if said is None or any(words in other for other in others):
                edits.append(Edit(start, end))
        return replace(post, text=tidied(post.text.edited(edits))) if edits else post

    return replace(thread, posts=tuple(map(settled, thread.posts)))


def _own(post: Post) -> Marked:
    return post.text.edited([Edit(start, end) for start, end, _ in _quoted(post.text)])


def _quoted(marked: Marked) -> list[tuple[int, int, str]]:
    """Return (start of the line, start of the next, its words) of every quoted line."""
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
