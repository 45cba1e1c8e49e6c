"""Random choices keyed by row and seed, so that neither order nor workers change them."""

from __future__ import annotations

import hashlib
import random


def keyed_digest(*key: str | int) -> int:
    """Return 64 bits that depend on every part of the key and on nothing else."""
    joined = "\x1f".join(str(part) for part in key)
    return int.from_bytes(hashlib.blake2b(joined.encode(), digest_size=8).digest(), "big")


def keyed_rng(*key: str | int) -> random.Random:
    """Return a generator of its own for one row: `keyed_rng(seed, stage, row_id)`."""
    return random.Random(keyed_digest(*key))
