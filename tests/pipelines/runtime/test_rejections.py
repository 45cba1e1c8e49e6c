"""Rejections are counted and kept, but not in memory."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

import zstandard

from builder.records import Rejection
from pipelines.runtime.rejections import Rejections


def rejection(number: int, detail: str = "d") -> Rejection:
    return Rejection("link", f"a.jsonl:{number}", "odd" if number % 2 else "even", detail)


def test_they_come_back_in_their_order_and_are_counted(tmp_path: Path) -> None:
    rejections = Rejections()
    for number in range(30_000):  # more than the file keeps in memory
        rejections.add(rejection(number))
    assert len(rejections) == 30_000
    assert rejections.n_by_reason == {"odd": 15_000, "even": 15_000}
    assert list(islice(rejections, 2)) == [rejection(0), rejection(1)]
    rejections.add(rejection(30_000))
    assert list(rejections) == [rejection(number) for number in range(30_001)]
    rejections.save(tmp_path / "link.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "link.jsonl").read_text().splitlines()]
    assert [row["place"] for row in rows] == [f"a.jsonl:{number}" for number in range(30_001)]


def test_a_long_detail_is_cut() -> None:
    rejections = Rejections()
    rejections.add(rejection(1, "x" * 5_000))
    assert [one.detail for one in rejections] == ["x" * 1_000 + " ..."]


def test_none_are_saved_as_an_empty_file(tmp_path: Path) -> None:
    Rejections().save(tmp_path / "link.jsonl")
    assert (tmp_path / "link.jsonl").read_bytes() == b""
    assert not Rejections()


CHILD = """
import resource, sys
from pathlib import Path
from builder.dialogs.reader_context import ReaderContext, Scratch
from builder.dialogs.readers.reddit import read_reddit
from pipelines.runtime.stage import Job
from tests.factories import make_dialog_source
job = Job("mine_dialogs", 1, 1)
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before = peak()
context = ReaderContext(job.reject, Scratch(Path(sys.argv[2]), memory_mib=100, checkpoint_mib=64.0))
assert list(read_reddit(Path(sys.argv[1]), make_dialog_source(), context)) == []
print(len(job.rejections), int(peak() - before))
"""


def test_zst_of_bad_lines(tmp_path: Path) -> None:
    """Lines of {} in a hundred bytes: each is rejected, none stays in memory."""
    path = tmp_path / "RS_bad.zst"
    path.write_bytes(zstandard.ZstdCompressor(level=19).compress(b"{}\n" * 300_000))
    assert path.stat().st_size < 100
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(tmp_path / "scratch")],
        capture_output=True,
        text=True,
        check=True,
    )
    n_rejected, mib = map(int, done.stdout.split())
    assert n_rejected == 300_000
    assert mib < 120  # DuckDB's own included; as records they took 275
