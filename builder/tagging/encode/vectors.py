"""Vectors on disk: one safetensors file that also names its encoder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from builder.errors import InputError
from builder.tables import write_bytes


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors of sentences and warnings.

    Attributes:
        sentences: (n_sentences, dim), rows L2-normalised.
        warnings: (n_warnings, dim), rows L2-normalised, in the order of the taxonomy.
        encoder: Its name in params.yaml.
    """

    sentences: NDArray[np.float32]
    warnings: NDArray[np.float32]
    encoder: str


def write_vectors(path: Path, vectors: Vectors) -> None:
    """Write the vectors and the name of the encoder that made them."""
    tensors = {
        "sentences": np.ascontiguousarray(vectors.sentences),
        "warnings": np.ascontiguousarray(vectors.warnings),
    }
    write_bytes(path, save(tensors, {"encoder": vectors.encoder}))


def read_vectors(path: Path, n_warnings: int) -> Vectors:
    """Return the vectors in a file.

    Args:
        path: Path of the file.
        n_warnings: Of the taxonomy.

    Raises:
        InputError: If the file is missing, damaged or not a file of vectors, or was made with
            another taxonomy.
    """
    fix = "delete it and run `dvc repro embed`"
    try:
        with safe_open(path, framework="np") as file:
            tensors = (file.get_tensor("sentences"), file.get_tensor("warnings"))
            vectors = Vectors(*tensors, file.metadata()["encoder"])
    except FileNotFoundError as exc:
        raise InputError(path, "no such file", "run `dvc repro embed` to make it") from exc
    except (SafetensorError, KeyError, TypeError) as exc:
        raise InputError(path, f"is not a file of vectors ({exc})", fix) from exc
    if len(vectors.warnings) != n_warnings:
        problem = f"holds {len(vectors.warnings)} warnings, the taxonomy {n_warnings}"
        raise InputError(path, problem, "run `dvc repro embed`")
    return vectors
