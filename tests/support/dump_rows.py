"""Rows of a dump for the tests that read one, and what counts as a row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Rejected = list[tuple[str, str, str]]


def submission(post_id: str = "a", **changes: Any) -> dict[str, Any]:
    row = {
        "id": post_id,
        "subreddit": "moviesuggestions",
        "author": "asker",
        "title": "Films like *Heat*?",
        "selftext": "No **gore**.",
        "created_utc": 100,
        "score": 5,
        "over_18": False,
    }
    return {**row, **changes}


def comment(post_id: str, parent: str = "t3_a", **changes: Any) -> dict[str, Any]:
    row = {
        "id": post_id,
        "link_id": "t3_a",
        "parent_id": parent,
        "author": "other",
        "body": "*Ronin*",
        "created_utc": 200,
        "score": 1,
    }
    return {**row, **changes}


def lines(*rows: Any) -> bytes:
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows).encode()


def reasons(rejected: Rejected) -> list[tuple[str, str]]:
    return [(Path(place).name, reason) for place, reason, _ in rejected]


def is_blank(line: bytes) -> bool:
    """Say whether a line holds nothing but spaces, which readers pass over."""
    return not line.strip()
