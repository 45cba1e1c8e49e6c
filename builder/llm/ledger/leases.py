"""Leases on held money: a process keeps one while it lives, a batch outlives its process."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

IN_BATCH = "batch"
"""Owner of the holds of all batches."""

_leased: set[str] = set()


def new_owner() -> str:
    """Return a new owner name, made of this process's id and a random part."""
    return f"{os.getpid()}:{secrets.token_hex(8)}"


@contextmanager
def lease(owner: str) -> Iterator[None]:
    """Let an owner of this process count as alive for as long as the context lasts."""
    _leased.add(owner)
    try:
        yield
    finally:
        _leased.discard(owner)


def is_alive(owner: str) -> bool:
    """Return whether an owner's process is still running; a reused process id counts as alive."""
    if owner == IN_BATCH:
        return True
    pid = int(owner.partition(":")[0])
    if pid == os.getpid():
        return owner in _leased
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
