"""What every reader of dialogs is given: where to report what it leaves out, and where to work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.dialogs.privacy.known_people import SourceAuthors
from builder.settings import Strict
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


class DumpSettings(Strict):
    """How much a dump may take while it is read.

    Attributes:
        memory_mib: MiB for putting threads together.
        checkpoint_mib: MiB of content between two points at which a killed run goes on.
    """

    memory_mib: Annotated[int, Field(ge=64)]
    checkpoint_mib: Annotated[float, Field(gt=0, le=1024)]

    def scratch(self, folder: Path) -> Scratch:
        """Return the place for a dump's parts with these limits."""
        return Scratch(folder, self.memory_mib, self.checkpoint_mib)


@dataclass(frozen=True, slots=True)
class ReaderContext:
    """Passed to the reader of one source.

    Attributes:
        reject: Called with each row that is rejected.
        scratch: Where to work.
        left_out: Counts of what the source's selection leaves out, by reason.
        authors: Filled by readers that know all authors before the first thread.
    """

    reject: Reject
    scratch: Scratch
    left_out: Counter[str] = field(default_factory=Counter)
    authors: SourceAuthors = field(default_factory=SourceAuthors)
