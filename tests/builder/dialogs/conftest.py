"""Threads and readings for the tests of dialog sources, cleaning and privacy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder.dialogs.cleaning.filters import Rules
from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.markup import read_markdown
from builder.dialogs.reader_context import ReaderContext, Scratch
from builder.dialogs.thread import Post, Thread
from builder.sources import Reject

MakePost = Callable[..., Post]
MakeThread = Callable[..., Thread]
Spec = Callable[..., DialogSource]


@pytest.fixture
def spec() -> Spec:
    """Make a source of a name."""

    def make(name: str = "ours", **changes: Any) -> DialogSource:
        fields = {"reader": "reddit", "path": "x", "licence": "CC0-1.0", **changes}
        return DialogSource.model_validate({"name": name, "retrieved": "2026-11-21", **fields})

    return make


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


@pytest.fixture
def post() -> MakePost:
    def make(post_id: str, text: str, **changes: Any) -> Post:
        fields: dict[str, Any] = {
            "place": f"RC:{post_id}",
            "reply_to": "t3_a",
            "author": "someone",
            "role": "recommender",
            "created_utc": 1_650_000_000,
            "score": 1,
        }
        return Post(post_id=post_id, text=read_markdown(text), **{**fields, **changes})

    return make


@pytest.fixture
def thread(spec: Spec, post: MakePost) -> MakeThread:
    def make(request: str, *replies: Post, thread_id: str = "t3_a", **changes: Any) -> Thread:
        asked: dict[str, Any] = {"reply_to": None, "author": "asker", "role": "seeker"}
        asked |= {name: changes.pop(name) for name in ("score", "author") if name in changes}
        asked["created_utc"] = changes.pop("created_utc", 1_650_000_000)
        first = post(thread_id, request, **asked)
        fields: dict[str, Any] = {
            "community": "moviesuggestions",
            "is_chat": False,
            "over_18": False,
        }
        fields |= {"spec": spec("ours"), **changes}
        return Thread(thread_id=thread_id, posts=(first, *replies), **fields)

    return make
