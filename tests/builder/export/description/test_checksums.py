from __future__ import annotations

import subprocess
from pathlib import Path

from builder.export.description.checksums import (
    as_released,
    checksum_lines,
    read_released,
    release_files,
)


def test_sha256sum_accepts_the_file_and_finds_a_changed_byte(tmp_path: Path) -> None:
    (tmp_path / "b folder").mkdir()
    (tmp_path / "b folder" / "rows.json").write_bytes(b"[1]")
    (tmp_path / "a.md").write_bytes(b"hello")
    (tmp_path / ".gitignore").write_bytes(b"/a.md")
    (tmp_path / ".a.md.new").mkdir()
    (tmp_path / ".a.md.new" / "half").write_bytes(b"hel")
    found = [read_released(tmp_path, path) for path in release_files(tmp_path)]
    text = checksum_lines(reversed(found))
    assert [line[66:] for line in text.splitlines()] == ["a.md", "b folder/rows.json"]
    (tmp_path / "SHA256SUMS").write_text(text)
    check = ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "a.md").write_bytes(b"hellO")
    failed = subprocess.run(check, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert failed.returncode == 1
    assert failed.stdout == "a.md: FAILED\n"


def test_a_file_is_described_alike_before_and_after_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"hello")
    assert read_released(tmp_path, tmp_path / "a.md") == as_released("a.md", b"hello")
