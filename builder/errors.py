"""Errors a user can act on: each says what was found, where, and how to fix it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

_MAX_CHARS = 1_000  # of a place or a finding; either may hold a key or a cell of megabytes
_MAX_QUOTED_CHARS = 200


class Reject(Protocol):
    """Records one thing left out: `reject(place, reason, detail)`, see `Job` of the stages."""

    def __call__(self, place: str, reason: str, detail: str) -> None:
        """Record it."""


def refuse(place: str, reason: str, detail: str) -> None:
    """Be a `Reject` for files in which nothing may be left out.

    Raises:
        InputError: Always.
    """
    raise InputError(place, f"{reason} ({detail})" if detail else reason, "fix or replace the line")


class SaferecError(Exception):
    """A failure that ends the run with one line and no traceback."""


class InputError(SaferecError):
    """A file, row or setting that the run cannot go on with.

    Args:
        place: File, optionally with its row ("films.jsonl:12"), or the setting's name.
        found: What was found there.
        fix: What the user can do about it.
    """

    def __init__(self, place: str | Path, found: str, fix: str) -> None:
        self.place, self.found, self.fix = _cut(str(place)), _cut(found), fix
        super().__init__(f"{self.place}: {self.found}; {fix}")


def quoted(value: object) -> str:
    """Return a value for a message: its `repr`, of a long one the beginning."""
    return _cut(repr(value), _MAX_QUOTED_CHARS)


def _cut(text: str, max_chars: int = _MAX_CHARS) -> str:
    return text if len(text) <= max_chars else f"{text[:max_chars]} ..."
