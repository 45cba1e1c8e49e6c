"""Which evidence feeds which oracle: "source:kind" patterns, "*" standing for any.

The oracle that builds and rewards and the one that grades must not share evidence, or a model is
graded by what it was taught with. Whether two patterns can meet is decided by the patterns alone,
so that a new row of data never makes a configuration wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from builder.errors import InputError
from builder.records import Evidence, EvidenceKind, TextLikelihood

LIKELIHOOD = "likelihood"
"""The kind, in patterns, of what texts say as a whole (`TextLikelihood`)."""

_ANY = "*"


@dataclass(frozen=True, slots=True)
class Feed:
    """Evidence of one source, or of any, and of one kind, or of any."""

    source: str
    kind: str

    @classmethod
    def parse(cls, pattern: str) -> Feed:
        """Return the feed of "maintainers:statement", "*:similarity" or "mpaa:*".

        Raises:
            InputError: If it is not of that form or names no kind of evidence.
        """
        source, colon, kind = pattern.rpartition(":")
        kinds = (*get_args(EvidenceKind), LIKELIHOOD, _ANY)
        if not colon or not source or kind not in kinds or (_ANY in source and source != _ANY):
            fix = f"write source:kind, where either may be *; the kinds are {', '.join(kinds[:-1])}"
            raise InputError("params.yaml: fuse", f"{pattern!r} is not a source:kind pattern", fix)
        return cls(source, kind)

    def __str__(self) -> str:
        return f"{self.source}:{self.kind}"

    def takes(self, source: str, kind: str) -> bool:
        """Return whether evidence of a source and kind belongs to the feed."""
        return self.source in (_ANY, source) and self.kind in (_ANY, kind)

    def meets(self, other: Feed) -> bool:
        """Return whether some evidence could belong to both."""
        return all(
            _ANY in (own, its) or own == its
            for own, its in ((self.source, other.source), (self.kind, other.kind))
        )


def parse_feeds(
    build: Iterable[str], grade: Iterable[str], *, may_meet: bool = False
) -> dict[str, tuple[Feed, ...]]:
    """Return the feeds of the oracles "build" and "grade"; what labels them may be the same.

    Raises:
        InputError: If a pattern is malformed or two of different oracles can meet.
    """
    feeds = {
        "build": tuple(Feed.parse(pattern) for pattern in build),
        "grade": tuple(Feed.parse(pattern) for pattern in grade),
    }
    for own in () if may_meet else feeds["build"]:
        for its in feeds["grade"]:
            if own.meets(its):
                raise InputError(
                    "params.yaml: fuse",
                    f"{str(own)!r} of build and {str(its)!r} of grade can match the same evidence",
                    "narrow one of them: an oracle must not be graded by what it was built from",
                )
    return feeds


def select(evidence: Iterable[Evidence], feeds: Sequence[Feed]) -> list[Evidence]:
    """Return the evidence of the feeds, in its order."""
    return [e for e in evidence if any(feed.takes(e.source, e.kind) for feed in feeds)]


def select_likelihoods(
    likelihoods: Iterable[TextLikelihood], feeds: Sequence[Feed]
) -> list[TextLikelihood]:
    """Return what texts of the feeds' sources say, in its order."""
    return [t for t in likelihoods if any(feed.takes(t.source, LIKELIHOOD) for feed in feeds)]
