"""Vectors kept between runs, by a digest of the model and one of the text, in one SQLite file.

The file is not one of DVC's outs, which DVC deletes. A vector from the cache is bit for bit the one
that the model would give, see `SentenceEncoder`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from builder.errors import InputError
from builder.tagging.encode.encoder import Encoder, Track

_AT_ONCE = 4096
"""Texts encoded before they are stored: a killed run loses no more."""

_WAIT_S = 60.0
"""For another process that is writing to the file."""

_TABLE = (
    "create table if not exists vectors"
    " (model text not null, text blob not null, vector blob not null, primary key (model, text))"
    " without rowid"
)


class CachedEncoder:
    """An encoder that calls the model only for texts that are not in the cache."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self._encoder, self._path = encoder, path

    @property
    def name(self) -> str:
        """The encoder's name in params.yaml."""
        return self._encoder.name

    @property
    def fingerprint(self) -> str:
        """A digest of everything that a text's vector depends on."""
        return self._encoder.fingerprint

    @property
    def width(self) -> int:
        """Dimensions of a vector."""
        return self._encoder.width

    def encode(self, texts: Sequence[str], track: Track) -> NDArray[np.float32]:
        """Return (n_texts, dim), rows L2-normalised, in the order of the texts.

        Raises:
            InputError: If the file is not a vector cache.
        """
        vectors = np.zeros((len(texts), self.width), dtype=np.float32)
        digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        with self._open() as database:
            rows_by_digest: dict[bytes, list[int]] = {}
            for row, digest in enumerate(digests):
                cached = self._lookup(database, digest)
                if cached is None:
                    rows_by_digest.setdefault(digest, []).append(row)
                else:
                    vectors[row] = cached
            waiting = list(rows_by_digest)
            for start in range(0, len(waiting), _AT_ONCE):
                part = waiting[start : start + _AT_ONCE]
                fresh = self._encoder.encode(
                    [texts[rows_by_digest[digest][0]] for digest in part], track
                )
                for digest, vector in zip(part, fresh, strict=True):
                    vectors[rows_by_digest[digest]] = vector
                self._keep(database, part, fresh)
        return vectors

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self._path, timeout=_WAIT_S)) as database:
                database.execute(_TABLE)
                yield database
        except sqlite3.Error as exc:
            fix = "delete it (it will be rebuilt), or set embed.cache to another file"
            raise InputError(self._path, f"is not a vector cache ({exc})", fix) from exc

    def _lookup(self, database: sqlite3.Connection, digest: bytes) -> NDArray[np.float32] | None:
        query = "select vector from vectors where model = ? and text = ?"
        row = database.execute(query, (self.fingerprint, digest)).fetchone()
        if row is None or len(row[0]) != 4 * self.width:
            return None
        vector = np.frombuffer(row[0], dtype="<f4")
        return vector if np.isfinite(vector).all() else None

    def _keep(
        self, database: sqlite3.Connection, digests: Sequence[bytes], vectors: NDArray[np.float32]
    ) -> None:
        rows = (
            (self.fingerprint, digest, vector.astype("<f4").tobytes())
            for digest, vector in zip(digests, vectors, strict=True)
        )
        with database:
            database.executemany("insert or replace into vectors values (?, ?, ?)", rows)
