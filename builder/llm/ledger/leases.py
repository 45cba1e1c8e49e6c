"""Who holds money: a process while it lives, or a batch, which outlives the process."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

IN_BATCH = "batch"
"""Owner of the holds of a batch."""

_live_owners: set[str] = set()


def new_owner() -> str:
    """Return a name for who holds: this process, once."""
    return f"{os.getpid()}:{secrets.token_hex(8)}"


@contextmanager
def living(owner: str) -> Iterator[None]:
    """Let an owner of this process count as alive for as long as the context lasts."""
    _live_owners.add(owner)
    try:
        yield
    finally:
        _live_owners.discard(owner)


def is_alive(owner: str) -> bool:
    """Return whether the process that holds still runs; a number given anew counts as alive."""
    if owner == IN_BATCH:
        return True
    pid = int(owner.partition(":")[0])
    if pid == os.getpid():
        return owner in _live_owners
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
