"""Threads and readings for the tests of dialog sources, cleaning and privacy."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.dialogs.cleaning.filters import Rules
from builder.dialogs.reader_context import ReaderContext, Scratch
from builder.sources import Reject


@pytest.fixture
def reading(tmp_path: Path, reject: Reject) -> ReaderContext:
    """Be what a reader is given, with a scratch folder of its own."""
    return ReaderContext(reject, Scratch(tmp_path / "scratch", memory_mib=100, checkpoint_mib=1.0))


@pytest.fixture
def rules() -> Rules:
    return Rules(
        request_min_words=3,
        request_min_score=0,
        reply_min_score=0,
        allow_over_18=False,
        english_min_confidence=0.05,
        language_min_words=4,
        copy_shingle_words=3,
        copy_min_jaccard=0.3,
        chat_copy_min_jaccard=0.6,
        copy_min_words=8,
    )
