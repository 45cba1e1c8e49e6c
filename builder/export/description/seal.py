"""Write the last files of a release: its card, its Croissant description and its checksums."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from builder.export.description.card import CardFacts, Release, hub_licences, render_card
from builder.export.description.checksums import (
    as_released,
    checksum_lines,
    read_released,
    release_files,
)
from builder.export.description.croissant import describe
from builder.tables import to_json, write_bytes


@dataclass(frozen=True, slots=True)
class DescriptionFiles:
    """Where the three files are, side by side in the folder of the release.

    Attributes:
        card: README.md.
        croissant: croissant.json.
        checksums: SHA256SUMS.
    """

    card: Path
    croissant: Path
    checksums: Path

    @property
    def folder(self) -> Path:
        """The folder of the release."""
        return self.checksums.parent


def seal_release(paths: DescriptionFiles, release: Release, facts: CardFacts) -> int:
    """Write the three files and return how many files the release has.

    All three are prepared before the first is written, so that a kill can leave them inconsistent
    only for a moment.
    """
    folder, to_write = paths.folder, {paths.card, paths.croissant, paths.checksums}
    data = [read_released(folder, path) for path in release_files(folder) if path not in to_write]
    contents = {
        paths.card: render_card(release, facts).encode(),
        paths.croissant: to_json(describe(release, hub_licences(facts.sources), data)),
    }
    described = [as_released(path.name, content) for path, content in contents.items()]
    contents[paths.checksums] = checksum_lines([*data, *described]).encode()
    for path, content in contents.items():
        write_bytes(path, content)
    return len(data) + len(contents)
