from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import InputError
from builder.tagging.encode.encoder import EncoderSettings, Precision
from builder.tagging.encode.length_batches import LENGTH_STEP, plan_batches, rows_of
from builder.tagging.encode.prototypes import warning_prototypes
from builder.tagging.encode.sentence_encoder import SentenceEncoder, bundled_model, load_encoder
from builder.tagging.encode.vector_cache import CachedEncoder
from builder.tagging.encode.vectors import Vectors, read_vectors, write_vectors
from tests.factories import make_warning

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
    return load_encoder(
        EncoderSettings(model="offline", batch_tokens=64), workers=1, precision="float32"
    )


@given(st.lists(st.integers(0, 70)), st.integers(1, 200))
def test_batches_hold_every_text_once_padded_by_less_than_a_step(
    lengths: list[int], limit: int
) -> None:
    batches = plan_batches(lengths, limit)
    assert sorted(index for batch in batches for index in batch.texts) == [*range(len(lengths))]
    for batch in batches:
        assert len(batch.texts) <= rows_of(batch.length, limit)
        for index in batch.texts:
            assert 0 <= batch.length - max(1, lengths[index]) < LENGTH_STEP


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
    many = load_encoder(
        EncoderSettings(model="offline", batch_tokens=64), workers=3, precision="float32"
    )
    texts = [f"{text} {number}" for number in range(12) for text in TEXTS]
    np.testing.assert_array_equal(many.encode(texts, track), offline.encode(texts, track))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_what_a_text_is_encoded_with_changes_no_bit(
    precision: Precision, track: Track, tmp_path: Path
) -> None:
    encoder = load_encoder(
        EncoderSettings(model="offline", batch_tokens=128), workers=1, precision=precision
    )
    texts = [f"{'very ' * (number % 9)}old dog {number}" for number in range(30)]
    together = encoder.encode(texts, track)
    for row in (0, 7, 29):
        np.testing.assert_array_equal(encoder.encode([texts[row]], track)[0], together[row])
    cache = CachedEncoder(encoder, tmp_path / "vectors.sqlite")
    cache.encode(texts[5:12], track)
    np.testing.assert_array_equal(cache.encode(texts, track), together)


def test_bfloat16_stays_within_a_thousandth(offline: SentenceEncoder, track: Track) -> None:
    light = load_encoder(
        EncoderSettings(model="offline", batch_tokens=64), workers=1, precision="bfloat16"
    )
    assert light.fingerprint != offline.fingerprint
    cosines = (light.encode(TEXTS, track) * offline.encode(TEXTS, track)).sum(axis=1)
    assert 0.999 < cosines.min() < 1


def test_vectors_are_those_of_sentence_transformers(offline: SentenceEncoder, track: Track) -> None:
    theirs = offline._model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    np.testing.assert_allclose(offline.encode(TEXTS, track), theirs, atol=1e-6)


def test_ten_megabytes_cost_what_the_model_reads_of_them(
    offline: SentenceEncoder, track: Track
) -> None:
    long = "the dog runs " * 800_000
    [vector] = offline.encode([long], track)
    np.testing.assert_array_equal(vector, offline.encode(["the dog runs " * 9000], track)[0])


def test_a_vector_that_is_not_finite_is_an_error(track: Track) -> None:
    broken = load_encoder(
        EncoderSettings(model="offline", batch_tokens=64), workers=1, precision="float32"
    )
    with torch.no_grad():
        next(broken._model[0].parameters()).fill_(float("nan"))
    with pytest.raises(InputError, match="gives no finite vector for 'a dog'"):
        broken.encode(["a dog"], track)


def test_no_text_gives_no_vector(offline: SentenceEncoder, track: Track) -> None:
    assert offline.encode([], track).shape == (0, 384)


def no_tokenizer(folder: Path) -> None:
    shutil.copytree(bundled_model(), folder, ignore=shutil.ignore_patterns("*token*", "vocab*"))


def cut_weights(folder: Path) -> None:
    only_pickled_weights(folder)
    with (Path(bundled_model()) / "model.safetensors").open("rb") as whole:
        (folder / "model.safetensors").write_bytes(whole.read(100_000))


def only_pickled_weights(folder: Path) -> None:
    shutil.copytree(bundled_model(), folder, ignore=shutil.ignore_patterns("*.safetensors"))
    (folder / "pytorch_model.bin").write_bytes(b"")


@pytest.mark.parametrize("make", [Path.mkdir, no_tokenizer, cut_weights, only_pickled_weights])
def test_a_damaged_model_is_one_clear_error(make: Callable[[Path], None], tmp_path: Path) -> None:
    folder = tmp_path / "model"
    make(folder)
    with pytest.raises(
        InputError, match=r"not a complete sentence-transformers folder.*use 'offline'"
    ):
        load_encoder(
            EncoderSettings(model=str(folder), batch_tokens=64), workers=1, precision="float32"
        )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no/such-model", "fetch it with `hf download no/such-model`.*or use 'offline'"),
        ("/no/such/folder", "no such folder; name a folder or a model id, or use 'offline'"),
        ("two words", "no such folder"),
    ],
)
def test_a_model_that_is_not_there_is_named_with_the_way_to_get_it(name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        load_encoder(EncoderSettings(model=name, batch_tokens=64), workers=1, precision="float32")


def test_a_folder_saved_by_sentence_transformers_is_an_encoder(
    offline: SentenceEncoder, track: Track, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    offline._model.save(str(folder))
    saved = load_encoder(
        EncoderSettings(model=str(folder), batch_tokens=64), workers=1, precision="float32"
    )
    assert saved.name == str(folder)
    np.testing.assert_array_equal(saved.encode(TEXTS, track), offline.encode(TEXTS, track))


def test_a_prototype_is_the_mean_of_what_the_taxonomy_says(
    offline: SentenceEncoder, track: Track
) -> None:
    warning = make_warning()
    texts = ["Does the dog die", "A dog dies.", "The hound is shot.", "dog dies", "dead dog"]
    mean = offline.encode(texts, track).astype(np.float64).mean(axis=0)
    [prototype, _] = warning_prototypes([warning, make_warning("b", keywords=[])], offline, track)
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
