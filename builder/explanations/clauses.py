"""A warning as a clause, to stand after "because" or "whether": "a dog dies"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from builder.taxonomy import ContentWarning

_MAX_PARTICLE = 4  # characters; words no longer than that tell little
_ALIKE = 3  # words that tell, from which two clauses are one
_NAMES = ("Jewish", "Black", "Asian", "LGBT")
_EXAMPLES = re.compile(r", such as [^.]*, (?=\w+\.$)")
_ASIDE = re.compile(r", (?:on|for|by|with|usually) [^.]*(?=\.$)")


def clause_of(warning: ContentWarning) -> str:
    """Return a warning's description without its asides: "a dog dies"."""
    text = _ASIDE.sub("", _EXAMPLES.sub(" ", warning.description)).rstrip(".")
    return text if text.startswith(_NAMES) else text[:1].lower() + text[1:]


def distinct_clauses(clauses: Iterable[str]) -> tuple[str, ...]:
    """Return the clauses without those that say much the same as an earlier one."""
    kept: list[str] = []
    for clause in clauses:
        if not any(says_alike(clause, other) for other in kept):
            kept.append(clause)
    return tuple(kept)


def says_alike(clause: str, other: str) -> bool:
    """Return whether two clauses say much the same: "a horse dies", "an animal dies"."""
    ours, others = clause.split(), other.split()
    return ours[-1] == others[-1] or len(_telling(ours) & _telling(others)) >= _ALIKE


def _telling(words: Sequence[str]) -> set[str]:
    """Return the stems of the words that tell: "bloody" and "bloodshed" are one."""
    return {word.strip(",")[:5] for word in words if len(word) > _MAX_PARTICLE}
