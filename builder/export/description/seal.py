"""The last files of a release: its card, its Croissant description, the checksums of it all."""

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
class Seal:
    """Where the three files lie, side by side in the release's folder."""

    card: Path
    croissant: Path
    checksums: Path

    @property
    def folder(self) -> Path:
        """The folder of the release."""
        return self.checksums.parent


def seal_release(seal: Seal, release: Release, facts: CardFacts) -> int:
    """Write the three files and return how many files the release has.

    All three are made before the first is written, so that a kill leaves them apart for a moment
    only.
    """
    folder, own = seal.folder, {seal.card, seal.croissant, seal.checksums}
    data = [read_released(folder, path) for path in release_files(folder) if path not in own]
    contents = {
        seal.card: render_card(release, facts).encode(),
        seal.croissant: to_json(describe(release, hub_licences(facts.sources), data)),
    }
    described = [as_released(path.name, content) for path, content in contents.items()]
    contents[seal.checksums] = checksum_lines([*data, *described]).encode()
    for path, content in contents.items():
        write_bytes(path, content)
    return len(data) + len(contents)
