"""Threads cleaned: posts and whole threads that a filter speaks against are rejected by reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from builder.dialogs.filters import Rules, reply_reason, thread_reason
from builder.dialogs.thread import Post, Thread
from builder.near_copies import NearCopyRule, near_copies
from builder.sources import Reject


def clean_threads(threads: Iterable[Thread], rules: Rules, reject: Reject) -> list[Thread]:
    """Return what the filters leave, by source and date.

    A thread goes with all its posts: by its request, because no one else is left in it, or as a
    near copy of an earlier one.
    """
    kept: list[Thread] = []
    place_by_id: dict[tuple[str, str], str] = {}
    for thread in threads:
        first_place = place_by_id.setdefault((thread.spec.name, thread.thread_id), thread.place)
        is_again = first_place != thread.place
        reason = "duplicate id" if is_again else thread_reason(thread, rules)
        if reason:
            reject(thread.place, reason, _detail(thread))
            continue
        cleaned = clean_replies(thread, rules, reject)
        if any(post.role == "recommender" for post in cleaned.posts):
            kept.append(cleaned)
        else:
            reject(thread.place, "request: no reply left", _detail(thread))
    return _without_copies(kept, rules, reject)


def _detail(thread: Thread) -> str:
    return f"{thread.thread_id} with {len(thread.posts) - 1} replies"


def clean_replies(thread: Thread, rules: Rules, reject: Reject) -> Thread:
    """Return the thread without the replies that are rejected.

    What was said in answer to a rejected reply now answers the nearest post above that is left.
    """
    above: dict[str, str | None] = {}
    kept: list[Post] = []
    for number, post in enumerate(thread.posts):
        reply_to = above.get(post.reply_to, post.reply_to) if post.reply_to else None
        reason = None if number == 0 and not thread.is_chat else reply_reason(post, rules)
        if reason:
            above[post.post_id] = reply_to
            reject(post.place, reason, post.post_id)
        else:
            kept.append(replace(post, reply_to=reply_to))
    return replace(thread, posts=tuple(kept))


def _without_copies(threads: Sequence[Thread], rules: Rules, reject: Reject) -> list[Thread]:
    in_order = sorted(threads, key=lambda t: (t.spec.name, t.posts[0].created_utc, t.thread_id))
    by_key = {f"{number:09d}": thread for number, thread in enumerate(in_order)}
    for is_chat, jaccard in ((False, rules.copy_min_jaccard), (True, rules.chat_copy_min_jaccard)):
        rule = NearCopyRule(rules.copy_shingle_words, jaccard, rules.copy_min_words)
        texts = {key: thread.request for key, thread in by_key.items() if thread.is_chat == is_chat}
        for pair in near_copies(texts, {key: key for key in texts}, rule):  # earlier first
            if pair.first in by_key and pair.second in by_key:
                copy, original = by_key.pop(pair.second), by_key[pair.first]
                detail = f"{copy.thread_id} is {original.thread_id}, overlap {pair.jaccard:.2f}"
                reject(copy.place, "request: near copy", detail)
    return list(by_key.values())
