from __future__ import annotations

from pathlib import Path

import pytest

from builder.catalog.fetching.register import REGISTER, read_register
from builder.catalog.readers.catalog_readers import reader_names
from builder.errors import InputError


def test_the_register_names_readers_that_are_there() -> None:
    register = read_register(REGISTER)
    assert {source.reader for source in register.sources} <= set(reader_names())
    assert len({source.name for source in register.sources}) == len(register.sources)


def test_what_needs_an_account_is_said_in_one_line() -> None:
    told = [source.obtain for source in read_register(REGISTER).sources if source.obtain]
    assert len(told) >= 5
    assert not any("\n" in line for line in told)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sha256:696d", "sha:696d", r"sources.0.files.0.checksum: String should match"),
        ("url: https://files", "url: file:///files", r"sources.0.files.0.url: String should match"),
        ("attempts: 5", "attempts: 0", r"http.attempts"),
        (
            "    obtain: with a Kaggle",
            "    api_key: x\n    obtain: with a Kaggle",
            "api_key: Extra",
        ),
        (
            "    files:",
            "    obtain: ask\n    files:",
            "movielens-latest-small needs exactly one of files",
        ),
    ],
    ids=["checksum", "url", "attempts", "unknown key", "two ways"],
)
def test_a_wrong_register_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = REGISTER.read_text()
    assert old in text
    (tmp_path / "sources.yaml").write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=message):
        read_register(tmp_path / "sources.yaml")
