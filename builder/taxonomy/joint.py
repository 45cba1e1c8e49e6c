"""One verdict for several sensitivities at once: of one person, or of people who watch together."""

from __future__ import annotations

from collections.abc import Iterable

from builder.records import Verdict


def joint_verdict(verdicts: Iterable[Verdict]) -> Verdict:
    """Return unsafe where one is unsafe, else unknown where one is unknown, else safe."""
    told = set(verdicts)
    return "unsafe" if "unsafe" in told else "unknown" if "unknown" in told else "safe"
