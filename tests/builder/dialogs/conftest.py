"""Threads for the tests of cleaning and privacy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from builder.dialogs.filters import Rules
from builder.dialogs.markup import read_markdown
from builder.dialogs.thread import Post, Thread
from builder.sources import SourceSpec

MakePost = Callable[..., Post]
MakeThread = Callable[..., Thread]


@pytest.fixture
def rules() -> Rules:
    return Rules(
        request_min_words=3,
        request_min_score=0,
        reply_min_score=0,
        allow_over_18=False,
        foreign_min_share=0.25,
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
def thread(spec: Callable[..., SourceSpec], post: MakePost) -> MakeThread:
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
