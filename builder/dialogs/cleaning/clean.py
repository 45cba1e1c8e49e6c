"""Cleans threads: posts and whole threads that a filter refuses are rejected with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from builder.dialogs.cleaning.filters import Rules, reply_reason, thread_reason
from builder.dialogs.cleaning.quotes import drop_repeated_quotes
from builder.dialogs.thread import Post, Thread
from builder.sources import Reject

_TAKEN_BACK = "withdrawn by its author"


def clean_threads(
    threads: Iterable[Thread],
    rules: Rules,
    reject: Reject,
    withdrawn: Callable[[Thread], frozenset[str]] = lambda thread: frozenset(),
) -> Iterator[Thread]:
    """Yield what the filters keep, one thread at a time.

    A whole thread is rejected if its request is, if its id has occurred before, or if no reply is
    left in it.

    Args:
        threads: As the sources give them.
        rules: The thresholds.
        reject: Called with each post and thread that is left out.
        withdrawn: Returns the ids of a thread's posts that their authors took back.
    """
    place_by_id: dict[str, str] = {}
    for thread in threads:
        first_place = place_by_id.setdefault(thread.dialog_id, thread.place)
        is_repeated = first_place != thread.place
        withdrawn_ids = withdrawn(thread)
        thread = replace(thread, as_read=thread.posts)
        thread = drop_repeated_quotes(thread, withdrawn_ids)
        if thread.posts[0].post_id in withdrawn_ids and not thread.is_chat:
            reject(thread.place, f"request: {_TAKEN_BACK}", f"with {len(thread.posts) - 1} replies")
            continue
        reason = "duplicate id" if is_repeated else thread_reason(thread, rules)
        if reason:
            reject(thread.place, reason, _detail(thread))
            continue
        cleaned = clean_replies(thread, rules, reject, withdrawn_ids)
        if any(post.role == "recommender" for post in cleaned.posts):
            yield cleaned
        else:
            reject(thread.place, "request: no reply left", _detail(thread))


def _detail(thread: Thread) -> str:
    return f"{thread.thread_id} with {len(thread.posts) - 1} replies"


def clean_replies(
    thread: Thread, rules: Rules, reject: Reject, withdrawn_ids: frozenset[str] = frozenset()
) -> Thread:
    """Return the thread without the replies that are rejected.

    An answer to a rejected reply becomes an answer to the nearest post above that is kept.
    """
    above: dict[str, str | None] = {}
    kept: list[Post] = []
    for number, post in enumerate(thread.posts):
        reply_to = above.get(post.reply_to, post.reply_to) if post.reply_to else None
        reason = None if number == 0 and not thread.is_chat else reply_reason(post, rules)
        if post.post_id in withdrawn_ids:
            above[post.post_id] = reply_to
            reject(post.place, f"reply: {_TAKEN_BACK}", "")
        elif reason:
            above[post.post_id] = reply_to
            reject(post.place, reason, post.post_id)
        else:
            kept.append(replace(post, reply_to=reply_to))
    return replace(thread, posts=tuple(kept))
