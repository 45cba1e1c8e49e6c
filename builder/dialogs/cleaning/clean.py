"""Threads cleaned: posts and whole threads that a filter speaks against are rejected by reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from builder.dialogs.cleaning.filters import Rules, reply_reason, thread_reason
from builder.dialogs.cleaning.quotes import settle_quotes
from builder.dialogs.thread import Post, Thread
from builder.sources import Reject

_TAKEN_BACK = "taken back by its author"


def clean_threads(
    threads: Iterable[Thread],
    rules: Rules,
    reject: Reject,
    taken_back: Callable[[Thread], frozenset[str]] = lambda thread: frozenset(),
) -> Iterator[Thread]:
    """Yield what the filters leave, one thread at a time.

    A thread goes with all its posts: by its request, because it came before, or because no one
    else is left in it.

    Args:
        threads: As the sources give them.
        rules: The thresholds.
        reject: Told of each post and thread that goes.
        taken_back: The ids of a thread's posts that people took back.
    """
    place_by_id: dict[str, str] = {}
    for thread in threads:
        first_place = place_by_id.setdefault(thread.dialog_id, thread.place)
        is_again = first_place != thread.place
        gone = taken_back(thread)
        thread = settle_quotes(thread, gone)
        if thread.posts[0].post_id in gone and not thread.is_chat:
            reject(thread.place, f"request: {_TAKEN_BACK}", f"with {len(thread.posts) - 1} replies")
            continue
        reason = "duplicate id" if is_again else thread_reason(thread, rules)
        if reason:
            reject(thread.place, reason, _detail(thread))
            continue
        cleaned = clean_replies(thread, rules, reject, gone)
        if any(post.role == "recommender" for post in cleaned.posts):
            yield cleaned
        else:
            reject(thread.place, "request: no reply left", _detail(thread))


def _detail(thread: Thread) -> str:
    return f"{thread.thread_id} with {len(thread.posts) - 1} replies"


def clean_replies(
    thread: Thread, rules: Rules, reject: Reject, gone: frozenset[str] = frozenset()
) -> Thread:
    """Return the thread without the replies that are rejected.

    What was said in answer to a rejected reply now answers the nearest post above that is left.
    """
    above: dict[str, str | None] = {}
    kept: list[Post] = []
    for number, post in enumerate(thread.posts):
        reply_to = above.get(post.reply_to, post.reply_to) if post.reply_to else None
        reason = None if number == 0 and not thread.is_chat else reply_reason(post, rules)
        if post.post_id in gone:
            above[post.post_id] = reply_to
            reject(post.place, f"reply: {_TAKEN_BACK}", "")
        elif reason:
            above[post.post_id] = reply_to
            reject(post.place, reason, post.post_id)
        else:
            kept.append(replace(post, reply_to=reply_to))
    return replace(thread, posts=tuple(kept))
