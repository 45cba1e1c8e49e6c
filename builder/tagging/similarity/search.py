"""Exact search for pairs of vectors and prototypes: FAISS, torch or NumPy behind one protocol.

All find the same pairs: `find_matches` computes the cosines again in float64. Each search imports
its library when called: torch takes seconds, and a run uses only one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

SearchName = Literal["faiss", "torch", "numpy"]

Floats = NDArray[np.float32]
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Rows of the vectors and of the prototypes, parallel, in any order."""

_AT_ONCE = 65_536
"""Vectors compared at once, to bound memory."""

_MAX_GPU_NEIGHBOURS = 2048
"""That FAISS returns on a GPU."""


class Search(Protocol):
    """Finds pairs by cosine."""

    def __call__(self, vectors: Floats, prototypes: Floats, floor: float) -> Pairs:
        """Return every pair whose cosine is at least `floor`.

        Args:
            vectors: (n_vectors, dim), rows L2-normalised.
            prototypes: (n_prototypes, dim), rows L2-normalised.
            floor: In [-1, 1].
        """


def search_faiss(vectors: Floats, prototypes: Floats, floor: float) -> Pairs:
    """Search with FAISS, on a GPU if there is one; see `Search`."""
    import faiss

    if faiss.get_num_gpus() and len(prototypes) <= _MAX_GPU_NEIGHBOURS:
        return _search_faiss_gpu(vectors, prototypes, floor)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    limits, _, rows = index.range_search(np.ascontiguousarray(prototypes), floor)
    columns = np.repeat(np.arange(len(prototypes)), np.diff(limits.astype(np.int64)))
    return rows.astype(np.int64), columns


def _search_faiss_gpu(vectors: Floats, prototypes: Floats, floor: float) -> Pairs:
    """Ask for all prototypes of each vector, since a GPU index has no range search."""
    import faiss

    flat = faiss.IndexFlatIP(prototypes.shape[1])
    flat.add(np.ascontiguousarray(prototypes))
    index = faiss.index_cpu_to_gpu(faiss.StandardGpuResources(), 0, flat)
    parts = []
    for start, chunk in _chunks(vectors):
        cosines, columns = index.search(np.ascontiguousarray(chunk), len(prototypes))
        rows, places = np.nonzero(cosines >= floor)
        parts.append((rows + start, columns[rows, places].astype(np.int64)))
    return _joined(parts)


def search_torch(vectors: Floats, prototypes: Floats, floor: float) -> Pairs:
    """Search with torch, on a GPU if there is one; see `Search`."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    right = torch.from_numpy(np.ascontiguousarray(prototypes)).to(device).T
    parts = []
    for start, chunk in _chunks(vectors):
        left = torch.from_numpy(np.ascontiguousarray(chunk)).to(device)
        rows, columns = torch.nonzero(left @ right >= floor, as_tuple=True)
        parts.append((rows.cpu().numpy() + start, columns.cpu().numpy()))
    return _joined(parts)


def search_numpy(vectors: Floats, prototypes: Floats, floor: float) -> Pairs:
    """Search with NumPy; see `Search`."""
    return _joined(
        [
            (rows + start, columns)
            for start, chunk in _chunks(vectors)
            for rows, columns in [np.nonzero(chunk @ prototypes.T >= floor)]
        ]
    )


SEARCHES: dict[SearchName, Search] = {
    "faiss": search_faiss,
    "torch": search_torch,
    "numpy": search_numpy,
}


def _chunks(vectors: Floats) -> Iterator[tuple[int, Floats]]:
    for start in range(0, len(vectors), _AT_ONCE):
        yield start, vectors[start : start + _AT_ONCE]


def _joined(parts: list[Pairs]) -> Pairs:
    none = np.zeros(0, dtype=np.int64)
    return (
        np.concatenate([none, *(rows for rows, _ in parts)]),
        np.concatenate([none, *(columns for _, columns in parts)]),
    )
