"""What every reader of dialogs is given: whom to tell what it leaves out, and where to work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from builder.sources import Reject


@dataclass(frozen=True, slots=True)
class Scratch:
    """Where a dump's parts lie while it is read, and their limits.

    `memory_mib` is for putting threads together; `checkpoint_mib` of content lie between two
    points at which a killed run goes on.
    """

    folder: Path
    memory_mib: int
    checkpoint_mib: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One source being read. `left_out` counts what its selection leaves out, by reason."""

    reject: Reject
    scratch: Scratch
    left_out: Counter[str] = field(default_factory=Counter)
