"""The readers of dialog sources by the name that params.yaml calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from builder.dialogs.inspired import read_inspired
from builder.dialogs.reddit import read_reddit
from builder.dialogs.redial import read_redial
from builder.dialogs.thread import Thread
from builder.errors import InputError
from builder.sources import Reject, SourceSpec, require

_READERS: dict[str, Callable[[Path, SourceSpec, Reject], Iterator[Thread]]] = {
    "inspired": read_inspired,
    "reddit": read_reddit,
    "redial": read_redial,
}


def read_source(root: Path, spec: SourceSpec, reject: Reject) -> Iterator[Thread]:
    """Yield the threads of one configured source.

    Raises:
        InputError: If its reader is unknown or its path does not exist.
    """
    if spec.reader not in _READERS:
        known = ", ".join(sorted(_READERS))
        raise InputError(
            f"source {spec.name}", f"unknown reader {spec.reader!r}", f"one of {known}"
        )
    yield from _READERS[spec.reader](require(root / spec.path), spec, reject)
