from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from builder.errors import InputError
from builder.records import Item
from builder.tagging.encode.encoder import Track
from builder.tagging.encode.sentences import split_items, unique_texts
from builder.tagging.encode.vector_cache import CachedEncoder
from tests.factories import make_item, make_text

Tracker = Callable[..., Iterator[Any]]


class Counting:
    """An encoder of one number, the length, that writes down what it is asked."""

    def __init__(self, fingerprint: str = "one") -> None:
        self.fingerprint, self.name, self.width = fingerprint, "counting", 1
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], track: Track) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(text)] for text in texts], dtype=np.float32).reshape(-1, 1)


def test_a_text_is_encoded_once_and_a_new_one_costs_itself(tmp_path: Path, track: Tracker) -> None:
    model = Counting()
    first = CachedEncoder(model, tmp_path / "folder" / "vectors.sqlite")
    assert first.encode(["ab", "a", "ab"], track).tolist() == [[2], [1], [2]]
    again = CachedEncoder(model, tmp_path / "folder" / "vectors.sqlite")
    assert again.encode(["a", "abc", "ab"], track).tolist() == [[1], [3], [2]]
    assert model.asked == ["ab", "a", "abc"]
    assert again.encode([], track).shape == (0, 1)


def an_item(number: int, plot: str) -> Item:
    text = make_text(plot)
    return make_item(f"imdb:tt{number:07}", "x", 2001, texts=(text,))


def test_a_new_item_costs_its_own_sentences_only(tmp_path: Path, track: Tracker) -> None:
    model = Counting()
    items = [an_item(1, "A dog dies. It rains."), an_item(2, "It rains. They dance.")]
    for catalog in (items, [an_item(0, "A boy swims."), *items]):
        said = split_items(catalog, ["plot"], 9, lambda *_: None)
        encoder = CachedEncoder(model, tmp_path / "vectors.sqlite")
        assert encoder.encode(unique_texts(said), track).shape == (len(catalog) + 1, 1)
    assert model.asked == ["A dog dies.", "It rains.", "They dance.", "A boy swims."]


def test_another_model_shares_no_vector(tmp_path: Path, track: Tracker) -> None:
    path, other = tmp_path / "vectors.sqlite", Counting("two")
    CachedEncoder(Counting(), path).encode(["a"], track)
    CachedEncoder(other, path).encode(["a"], track)
    assert other.asked == ["a"]


@pytest.mark.parametrize("stored", [b"abc", np.array([np.nan], dtype="<f4").tobytes()])
def test_a_damaged_vector_is_encoded_again(stored: bytes, tmp_path: Path, track: Tracker) -> None:
    path, model = tmp_path / "vectors.sqlite", Counting()
    CachedEncoder(model, path).encode(["a"], track)
    database = sqlite3.connect(path)
    with database:
        database.execute("update vectors set vector = ?", (stored,))
    database.close()
    assert CachedEncoder(model, path).encode(["a"], track).tolist() == [[1]]
    assert model.asked == ["a", "a"]


def test_a_file_that_is_no_cache_is_one_clear_error(tmp_path: Path, track: Tracker) -> None:
    path = tmp_path / "vectors.sqlite"
    path.write_bytes(b"not a database at all, but long enough to be taken for one" * 20)
    with pytest.raises(InputError, match=r"is not a vector cache.*delete it"):
        CachedEncoder(Counting(), path).encode(["a"], track)
