"""What a dialog as a whole says about the titles in it: films or games, and from when."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from builder.records import Dialog, Domain

_GAMES = re.compile(
    r"gam(?:e|es|ing|er|ers)\b|gam(?:e|ing)|playstation|xbox|nintendo|steam", re.IGNORECASE
)
_FILMS = re.compile(r"movie|film|cinema|flick", re.IGNORECASE)


def domain_of(community: str) -> Domain | None:
    """Return what a community talks about; None if its name does not say."""
    if _GAMES.search(community):
        return "game"
    return "film" if _FILMS.search(community) else None


def year_of(dialog: Dialog) -> int | None:
    """Return the year of a dialog; None if it has no date."""
    date = datetime.fromtimestamp(dialog.created_utc, UTC)
    return date.year if dialog.created_utc else None
