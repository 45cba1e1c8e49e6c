"""From configured sources to dialogs: read, cleaned, and without anybody's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from builder.dialogs.cleaning.clean import clean_threads
from builder.dialogs.cleaning.filters import Rules
from builder.dialogs.cleaning.spool import Spool
from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.privacy.protection import Privacy
from builder.dialogs.privacy.tombstones import Tombstones
from builder.dialogs.reader_context import ReaderContext, Scratch
from builder.dialogs.readers.dialog_readers import read_source
from builder.dialogs.thread import Thread
from builder.records import Dialog
from builder.sources import Reject


@dataclass
class MiningCounts:
    """What was read and made so far.

    Attributes:
        threads: Threads by source, "name/path".
        posts_in: Posts of these threads.
        turns_out: Turns of the dialogs.
        outside_selection: By source, what its selection leaves out, by reason.
    """

    threads: dict[str, int] = field(default_factory=dict)
    posts_in: int = 0
    turns_out: int = 0
    outside_selection: dict[str, dict[str, int]] = field(default_factory=dict)


def read_sources(
    sources: Sequence[DialogSource],
    root: Path,
    scratch: Scratch,
    counts: MiningCounts,
    privacy: Privacy,
    *,
    track: Callable[[Iterable[Thread]], Iterable[Thread]],
    reject: Reject,
) -> Iterator[Thread]:
    """Yield the threads of every source and count them.

    Args:
        sources: As configured.
        root: Their folder.
        scratch: Where dumps are worked on.
        counts: Changed.
        privacy: Is told the authors of whole sources.
        track: Shows the progress of one source.
        reject: Called with each row that is rejected.
    """
    for spec in sources:
        context, n_threads = (
            ReaderContext(reject, scratch, authors=privacy.authors_of(spec.name)),
            0,
        )
        for thread in track(read_source(root, spec, context)):
            counts.posts_in += len(thread.posts)
            n_threads += 1
            yield thread
        counts.threads[f"{spec.name}/{spec.path}"] = n_threads
        if left_out := +context.left_out:
            counts.outside_selection[spec.name] = dict(sorted(left_out.items()))


def clean_dialogs(
    threads: Iterable[Thread],
    rules: Rules,
    privacy: Privacy,
    tombstones: Tombstones,
    folder: Path,
    counts: MiningCounts,
    reject: Reject,
) -> Iterator[Dialog]:
    """Yield what may stay of the threads, with people protected, ordered by source, date and id.

    Args:
        threads: As read.
        rules: What is left out.
        privacy: Masks names and makes pseudonyms.
        tombstones: What people took back.
        folder: Where dialogs wait until near copies are found.
        counts: Changed.
        reject: Called with each post and thread that is left out.

    Raises:
        InputError: If a tombstone was made with another key, or matches nothing.
    """

    def withdrawn(thread: Thread) -> frozenset[str]:
        pseudonyms = privacy.pseudonyms(thread) if tombstones.stones else {}
        ids = tombstones.withdrawn_ids(thread, pseudonyms)
        if thread.posts[0].post_id in ids and not thread.is_chat:  # its copies go, too
            request = privacy.protect(replace(thread, posts=thread.posts[:1]))
            spool.put(request, thread.place, is_chat=False, is_withdrawn=True)
        return ids

    tombstones.require_key(privacy.fingerprint)
    with Spool(folder) as spool:
        for thread in clean_threads(threads, rules, reject, withdrawn):
            spool.put(privacy.protect(thread), thread.place, is_chat=thread.is_chat)
        tombstones.require_matches()
        spool.drop_copies(rules, reject)
        for dialog in spool.dialogs():
            counts.turns_out += len(dialog.turns)
            yield dialog
