from __future__ import annotations

import pytest

from builder.export.naming import Names
from builder.oracle.files.oracle import Oracle
from builder.records import Conversation
from builder.training.examples import Example, ThreadLists, sft_row
from tests.factories import DOGS, make_conversation, make_item, make_oracle, make_risk


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
        "sft/train/0",
        "t1/1#a",
        "t1",
        "Slow westerns?",
        trait,
        (trait,) if trait else (),
        (),
        completion,
    )


@pytest.mark.parametrize(
    ("whole_thread", "wanted", "expected"),
    [
        (False, 10, ("imdb:0", "imdb:1")),
        (True, 10, ("imdb:0", "imdb:1", "imdb:2", "imdb:3", "imdb:4")),
        (True, 3, ("imdb:0", "imdb:1", "imdb:2")),
    ],
    ids=["own titles", "never the seen one or another thread's", "no more than wanted"],
)
def test_plain_lists(
    thread: list[Conversation], whole_thread: bool, wanted: int, expected: tuple[str, ...]
) -> None:
    lists = ThreadLists(thread, whole_thread=whole_thread)
    assert lists.unfiltered(example(), wanted) == expected


def test_safe_lists_hold_neither_unsafe_nor_unknown(
    thread: list[Conversation], oracle: Oracle
) -> None:
    lists = ThreadLists(thread, whole_thread=True)
    assert lists.safe(example(), oracle, 10) == ("imdb:0", "imdb:2")


def test_two_safe_films_of_one_title_and_year_both_reach_the_trainer() -> None:
    films = [make_item("imdb:a", "Heat", 1995), make_item("imdb:b", "Heat", 1995)]
    oracle = make_oracle([make_risk(film.item_id, DOGS, "safe") for film in films], films)
    ids = ("imdb:a", "imdb:b")
    own = make_conversation("t1/1#a", recommended=ids, safe=ids, filtered=(), unknown=())
    listed = ThreadLists([own], whole_thread=True).safe(example(), oracle, 10)
    row = sft_row(example(), listed, Names(films), reasoning=False)
    assert listed == ids
    assert row["completion"][0]["content"] == ("<solution>\nHeat (1995)\nHeat (1995)\n</solution>")


def test_without_a_trait_nothing_is_filtered(thread: list[Conversation], oracle: Oracle) -> None:
    lists = ThreadLists(thread, whole_thread=True)
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
    row = sft_row(own, ["imdb:0"], names, reasoning=reasoning)
    assert row["prompt"] == [{"role": "user", "content": "Slow westerns?"}]
    assert row["completion"] == [{"role": "assistant", "content": expected}]
