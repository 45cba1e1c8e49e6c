"""What a stage leaves out: counted in memory and kept on disk, however much it is."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson

from builder.records import Rejection
from builder.rows import from_row, to_row
from builder.tables import replacing

_IN_MEMORY_BYTES = 1 << 20
_MAX_DETAIL_CHARS = 1_000


class Rejections:
    """Rejections in the order in which they came; a temporary file holds them."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115 - see __del__
        self.n_by_reason = Counter[str]()

    def __del__(self) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self.n_by_reason.total()

    def __iter__(self) -> Iterator[Rejection]:
        position = 0
        while True:
            self._file.seek(position)
            line = self._file.readline()
            if not line:
                return
            position = self._file.tell()
            yield from_row(Rejection, orjson.loads(line))

    def add(self, rejection: Rejection) -> None:
        """Add one; of a long detail, which may quote a cell of megabytes, the beginning."""
        row = to_row(rejection)
        if len(rejection.detail) > _MAX_DETAIL_CHARS:
            row["detail"] = f"{rejection.detail[:_MAX_DETAIL_CHARS]} ..."
        self._file.seek(0, 2)
        self._file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        self.n_by_reason[rejection.reason] += 1

    def save(self, path: Path) -> None:
        """Write them as JSON Lines."""
        self._file.seek(0)
        with replacing(path) as new, new.open("wb") as target:
            shutil.copyfileobj(self._file, target)
