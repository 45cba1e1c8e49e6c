"""What every reader of dialogs is given: where to report what it leaves out, and where to work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from builder.sources import Reject


@dataclass(frozen=True, slots=True)
class Scratch:
    """Where a dump is filtered and joined, and its limits.

    Attributes:
        folder: For the parts of dumps and DuckDB's temporary files.
        memory_mib: Memory for joining threads.
        checkpoint_mib: Content per part; a killed run is resumed after the last whole part.
    """

    folder: Path
    memory_mib: int
    checkpoint_mib: float


@dataclass(frozen=True, slots=True)
class ReaderContext:
    """Passed to the reader of one source.

    Attributes:
        reject: Called with each row that is rejected.
        scratch: Where to work.
        left_out: Counts of what the source's selection leaves out, by reason.
    """

    reject: Reject
    scratch: Scratch
    left_out: Counter[str] = field(default_factory=Counter)
