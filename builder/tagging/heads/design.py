"""The design matrix of labelled items: text rows by block, centred and scaled, and its main axes.

An item has only a few of the blocks, so each block keeps just its own rows, in float32: 25,000
items of five texts take 0.4 GB, where the full matrix in float64, zeros included, takes 10 GB.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.seeding import keyed_digest
from builder.tagging.heads.features import Block, FeatureReader, TextRow

Floats = NDArray[np.float64]

_PASSES = 3
"""Of subspace iteration (Halko et al. 2011, arXiv 0909.4061)."""


@dataclass(frozen=True)
class BlockRows:
    """The rows of one block.

    Attributes:
        items: (n,), index of each row's item.
        values: (n, width), centred and scaled.
    """

    items: NDArray[np.int64]
    values: NDArray[np.float32]


@dataclass(frozen=True)
class Design:
    """The design matrix.

    Attributes:
        item_ids: Sorted.
        blocks: Sorted.
        means: (n_blocks, width), of the rows as read.
        scales: (n_blocks, width), by which the centred rows were multiplied.
        rows: Rows by block.
    """

    item_ids: tuple[str, ...]
    blocks: tuple[Block, ...]
    means: Floats
    scales: Floats
    rows: tuple[BlockRows, ...]

    def column(self, block: int, number: int) -> Floats:
        """Return one column of a block for all items, (n_items,); 0 for items without the block."""
        whole: Floats = np.zeros(len(self.item_ids))
        whole[self.rows[block].items] = self.rows[block].values[:, number]
        return whole


def make_design(
    rows: Iterable[TextRow], reader: FeatureReader, part_weights: Sequence[float]
) -> Design:
    """Return the design matrix of text rows.

    Args:
        rows: In any order; iterated over once.
        reader: That reads them.
        part_weights: How much each part of a row counts, see `builder.tagging.heads.features`.
    """
    ids_by_block: dict[Block, list[str]] = {}
    values_by_block: dict[Block, list[NDArray[np.float32]]] = {}
    for row in rows:
        ids_by_block.setdefault(row.block, []).append(row.item_id)
        values_by_block.setdefault(row.block, []).append(row.values.astype(np.float32))
    item_ids = tuple(sorted({item_id for ids in ids_by_block.values() for item_id in ids}))
    blocks = tuple(sorted(ids_by_block))
    number_by_id = {item_id: number for number, item_id in enumerate(item_ids)}
    means, scales, parts = [], [], []
    for block in blocks:
        numbers = np.array([number_by_id[i] for i in ids_by_block[block]], dtype=np.int64)
        values = np.stack(values_by_block.pop(block))
        means.append(values.mean(axis=0, dtype=np.float64))
        values -= means[-1].astype(np.float32)
        scales.append(_scales(values, reader, part_weights))
        values *= scales[-1].astype(np.float32)
        parts.append(BlockRows(numbers, values))
    shape = (len(blocks), reader.width)
    return Design(
        item_ids,
        blocks,
        np.array(means).reshape(shape),
        np.array(scales).reshape(shape),
        tuple(parts),
    )


def _scales(
    values: NDArray[np.float32], reader: FeatureReader, part_weights: Sequence[float]
) -> Floats:
    """Return the factors for the columns of a block's centred rows: (width,).

    Mean vectors and words are scaled as a whole, so that the part's rows have a mean square of 1;
    each column of cosines is scaled by itself, so that together they have that mean square.
    """
    ends = np.cumsum([0, *reader.parts])
    squares = np.einsum("ij,ij->j", values, values, dtype=np.float64) / len(values)
    scales: Floats = np.zeros_like(squares)
    parts = zip(ends, ends[1:], part_weights, (True, False, False, True), strict=False)
    for start, end, weight, is_whole in parts:
        part_squares = squares[start:end]
        root = np.sqrt(part_squares.sum() if is_whole else part_squares * (end - start))
        scales[start:end] = np.where(root > 1e-6, weight / np.maximum(root, 1e-9), 0.0)
    return scales


def rotate(design: Design, max_axes: int) -> tuple[Floats, Floats]:
    """Return the items' coordinates, (n_items, n_axes), and the way back, (n_axes, n_columns).

    A penalised fit does not depend on the choice of axes. For more items than `max_axes`, the axes
    are those of the greatest variance, so that time and memory grow linearly with the items.
    """
    n_items = len(design.item_ids)
    rng = np.random.default_rng(keyed_digest("axes of text heads"))
    basis = np.linalg.qr(rng.standard_normal((n_items, min(n_items, max_axes))))[0]
    if n_items > max_axes:
        for _ in range(_PASSES):
            basis = np.linalg.qr(_times(design, _transposed_times(design, basis)))[0]
    back = _transposed_times(design, basis)
    squares, turn = np.linalg.eigh(back.T.astype(np.float64) @ back)
    kept = squares > squares[-1] * 1e-8
    roots = np.sqrt(squares[kept])
    return (basis @ turn[:, kept]) * roots, (turn[:, kept] / roots).T @ back.T


def _transposed_times(design: Design, right: Floats) -> Floats:
    """Return the transposed design matrix times an (n_items, n) matrix: (n_columns, n)."""
    return np.concatenate(
        [(rows.values.T @ right[rows.items].astype(np.float32)) for rows in design.rows]
    ).astype(np.float64)


def _times(design: Design, right: Floats) -> Floats:
    """Return the design matrix times an (n_columns, n) matrix: (n_items, n)."""
    width = design.means.shape[1]
    product: Floats = np.zeros((len(design.item_ids), right.shape[1]))
    for number, rows in enumerate(design.rows):
        block_rows = right[number * width : (number + 1) * width].astype(np.float32)
        product[rows.items] += rows.values @ block_rows
    return product
