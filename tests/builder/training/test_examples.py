from __future__ import annotations

import pytest

from builder.export.naming import Names
from builder.oracle.files.lookup import Oracle
from builder.records import Conversation
from builder.training.examples import Example, ThreadLists, sft_row
from tests.factories import DOGS, make_conversation


@pytest.fixture
def thread() -> list[Conversation]:
    """Two replies to one request: Heat and Saw; Up, Hades, Alien and the seen Babe."""
    own = {"safe": ("imdb:0",), "filtered": (), "unknown": (), "seen": ("imdb:5",)}
    other = ("imdb:2", "imdb:3", "imdb:4", "imdb:5")
    return [
        make_conversation("t1/1#a", recommended=("imdb:0", "imdb:1"), **own),
        make_conversation("t1/2#a", recommended=other, **own),
        make_conversation("t2/1#a", recommended=("imdb:5",), **own),
    ]


def example(trait: str | None = DOGS, completion: str = "") -> Example:
    return Example(
        "t1/1#a", "t1", "Slow westerns?", trait, (trait,) if trait else (), (), completion
    )


@pytest.mark.parametrize(
    ("whole_thread", "wanted", "expected"),
    [
        (False, 10, ["Heat (2000)", "Saw (2001)"]),
        (True, 10, ["Heat (2000)", "Saw (2001)", "Up (2002)", "Hades (2003)", "Alien (2004)"]),
        (True, 3, ["Heat (2000)", "Saw (2001)", "Up (2002)"]),
    ],
    ids=["own titles", "never the seen one or another thread's", "no more than wanted"],
)
def test_plain_lists(
    thread: list[Conversation], names: Names, whole_thread: bool, wanted: int, expected: list[str]
) -> None:
    lists = ThreadLists(thread, names, whole_thread=whole_thread)
    assert [str(title) for title in lists.unfiltered(example(), wanted)] == expected


def test_safe_lists_hold_neither_unsafe_nor_unknown(
    thread: list[Conversation], names: Names, oracle: Oracle
) -> None:
    lists = ThreadLists(thread, names, whole_thread=True)
    safe = lists.safe(example(), oracle, 10)
    assert [str(title) for title in safe] == ["Heat (2000)", "Up (2002)"]


def test_without_a_trait_nothing_is_filtered(
    thread: list[Conversation], names: Names, oracle: Oracle
) -> None:
    lists = ThreadLists(thread, names, whole_thread=True)
    assert lists.safe(example(None), oracle, 10) == lists.unfiltered(example(None), 10)


@pytest.mark.parametrize(
    ("reasoning", "expected"),
    [
        (False, "<solution>\nHeat (2000)\n</solution>"),
        (True, "<reasoning>\nSaw is out.\n</reasoning>\n<solution>\nHeat (2000)\n</solution>"),
    ],
    ids=["without reasoning", "with reasoning"],
)
def test_a_row_for_the_trainer(names: Names, reasoning: bool, expected: str) -> None:
    own = example(completion="<reasoning>\nSaw is out.\n</reasoning>\n<solution>\n</solution>")
    row = sft_row(own, [names.title_year("imdb:0")], reasoning=reasoning)
    assert row["prompt"] == [{"role": "user", "content": "Slow westerns?"}]
    assert row["completion"] == [{"role": "assistant", "content": expected}]
