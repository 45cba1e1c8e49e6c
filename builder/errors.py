"""Errors a user can act on: each says what was found, where, and how to fix it."""

from __future__ import annotations

from pathlib import Path


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
        super().__init__(f"{place}: {found}; {fix}")
        self.place, self.found, self.fix = str(place), found, fix
