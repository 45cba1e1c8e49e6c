from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import InputError
from builder.tagging.encoder import SentenceEncoder, load_encoder, plan_batches
from builder.tagging.prototypes import warning_prototypes
from builder.tagging.vectors import Vectors, read_vectors, write_vectors
from builder.taxonomy import ContentWarning

Track = Callable[..., Iterator[Any]]
TEXTS = [
    "The family dog is shot and dies.",
    "A hound is killed.",
    "They bake a cake together.",
    "rain",
    "",
]


@pytest.fixture(scope="module")
def offline() -> SentenceEncoder:
    return load_encoder("offline", workers=1, batch_chars=64)


@given(st.lists(st.text(max_size=12)), st.integers(1, 40))
def test_batches_hold_every_text_once_within_the_limit(texts: list[str], limit: int) -> None:
    batches = plan_batches(texts, limit)
    assert sorted(index for batch in batches for index in batch) == list(range(len(texts)))
    for batch in batches:
        longest = max(max(1, len(texts[index])) for index in batch)
        assert len(batch) == 1 or len(batch) * longest <= limit


def test_vectors_are_unit_length_and_in_the_order_of_the_texts(
    offline: SentenceEncoder, track: Track
) -> None:
    vectors = offline.encode(TEXTS, track)
    assert (vectors.shape, vectors.dtype, offline.name) == ((5, 384), np.float32, "offline")
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    cosines = vectors @ vectors.T
    assert cosines[0, 1] > 0.5 > cosines[0, 2]
    backwards = offline.encode(TEXTS[::-1], track)
    np.testing.assert_array_equal(backwards[::-1], vectors)


def test_the_number_of_workers_changes_no_bit(offline: SentenceEncoder, track: Track) -> None:
    many = load_encoder("offline", workers=3, batch_chars=64)
    texts = [f"{text} {number}" for number in range(12) for text in TEXTS]
    np.testing.assert_array_equal(many.encode(texts, track), offline.encode(texts, track))


def test_no_text_gives_no_vector(offline: SentenceEncoder, track: Track) -> None:
    assert offline.encode([], track).shape == (0, 384)


def test_a_model_that_cannot_be_loaded_is_named_with_the_way_to_get_it(tmp_path: Path) -> None:
    for name in ("no/such-model", str(tmp_path)):
        with pytest.raises(InputError, match=f"hf download {name}.*or use 'offline'"):
            load_encoder(name, workers=1, batch_chars=64)


def test_a_folder_saved_by_sentence_transformers_is_an_encoder(
    offline: SentenceEncoder, track: Track, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    offline._model.save(str(folder))
    saved = load_encoder(str(folder), workers=1, batch_chars=64)
    assert saved.name == str(folder)
    np.testing.assert_array_equal(saved.encode(TEXTS, track), offline.encode(TEXTS, track))


def test_a_prototype_is_the_mean_of_what_the_taxonomy_says(
    offline: SentenceEncoder, track: Track, a_warning: Callable[..., ContentWarning]
) -> None:
    warning = a_warning()
    texts = ["Does the dog die", "A dog dies.", "The hound is shot.", "dog dies", "dead dog"]
    mean = offline.encode(texts, track).astype(np.float64).mean(axis=0)
    [prototype, _] = warning_prototypes([warning, a_warning("b", keywords=[])], offline, track)
    np.testing.assert_allclose(prototype, mean / np.linalg.norm(mean), atol=1e-6)


def test_vectors_are_read_back_and_refused_when_they_do_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "vectors.safetensors"
    rows = np.eye(2, 3, dtype=np.float32)
    write_vectors(path, Vectors(rows, rows[:1], "offline"))
    found = read_vectors(path, n_warnings=1)
    np.testing.assert_array_equal(found.sentences, rows)
    np.testing.assert_array_equal(found.warnings, rows[:1])
    assert found.encoder == "offline"
    with pytest.raises(InputError, match="holds 1 warnings, the taxonomy 2; run `dvc repro embed`"):
        read_vectors(path, n_warnings=2)
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(InputError, match="not a file of vectors"):
        read_vectors(path, n_warnings=1)
    with pytest.raises(InputError, match="no such file"):
        read_vectors(tmp_path / "none", n_warnings=1)
