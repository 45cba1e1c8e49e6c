"""Text rows as a matrix by block, and its axes."""

from __future__ import annotations

import numpy as np
import pytest

from builder.tagging.heads.design import Design, make_design, rotate
from builder.tagging.heads.features import FeatureReader, TextRow
from builder.taxonomy import Taxonomy
from tests.factories import make_sentence, make_trait, make_warning


@pytest.fixture
def reader() -> FeatureReader:
    trait = make_trait("dogs", warnings=["does-the-dog-die"])
    warning = make_warning("does-the-dog-die")
    tree = Taxonomy(traits={"dogs": trait}, warnings={warning.id: warning})
    return FeatureReader(tree, np.eye(1, 4, dtype=np.float32), np.zeros(1))


@pytest.fixture
def rows(reader: FeatureReader) -> list[TextRow]:
    """Make 12 items: all have an overview, every third a plot too."""
    dice = np.random.default_rng(7)
    vectors = dice.standard_normal((16, 4)).astype(np.float32)
    said = []
    for number in range(12):
        item_id = f"imdb:tt{number:07}"
        said.append(make_sentence("A.", item_id=item_id, kind="overview", vector=number))
        if number % 3 == 0:
            said.append(make_sentence("B.", item_id=item_id, vector=12 + number // 3))
    return list(reader.read(said, vectors))


def whole(design: Design) -> np.ndarray:
    columns = [
        design.column(block, number)
        for block in range(len(design.blocks))
        for number in range(design.means.shape[1])
    ]
    return np.stack(columns, axis=1)


def test_an_item_without_a_block_has_noughts_there(
    reader: FeatureReader, rows: list[TextRow]
) -> None:
    design = make_design(rows, reader, (1.0, 1.0, 1.0, 1.0))
    assert design.blocks == (("ours", "overview"), ("ours", "plot"))
    assert [part.items.tolist() for part in design.rows] == [[*range(12)], [0, 3, 6, 9]]
    assert not whole(design)[1, reader.width :].any()


def test_rows_are_centred_and_each_part_has_a_mean_square_of_its_weight(
    reader: FeatureReader, rows: list[TextRow]
) -> None:
    design = make_design(rows, reader, (2.0, 3.0, 1.0, 1.0))
    for part in design.rows:
        np.testing.assert_allclose(part.values.mean(axis=0), 0, atol=1e-6)
        squares = (part.values.astype(np.float64) ** 2).mean(axis=0)
        ends = np.cumsum(reader.parts)
        assert squares[: ends[0]].sum() == pytest.approx(4, rel=1e-5)
        assert squares[ends[0] : ends[1]].sum() == pytest.approx(9, rel=1e-5)
        assert not squares[ends[2] :].any()


def test_axes_enough_for_all_items_lose_nothing(reader: FeatureReader, rows: list[TextRow]) -> None:
    design = make_design(rows, reader, (1.0, 1.0, 1.0, 1.0))
    coordinates, back = rotate(design, max_axes=12)
    np.testing.assert_allclose(coordinates @ back, whole(design), atol=1e-5)
    np.testing.assert_allclose(back @ back.T, np.eye(len(back)), atol=1e-4)


def test_fewer_axes_are_those_of_the_greatest_spread(
    reader: FeatureReader, rows: list[TextRow]
) -> None:
    design = make_design(rows, reader, (1.0, 1.0, 1.0, 1.0))
    coordinates, back = rotate(design, max_axes=3)
    assert coordinates.shape == (12, 3)
    left, singular, right = np.linalg.svd(whole(design), full_matrices=False)
    best = (left[:, :3] * singular[:3]) @ right[:3]
    lost, least = (np.linalg.norm(whole(design) - near) for near in (coordinates @ back, best))
    assert lost == pytest.approx(least, rel=0.02)


def test_no_rows_are_an_empty_design(reader: FeatureReader) -> None:
    design = make_design([], reader, (1.0, 1.0, 1.0, 1.0))
    assert (design.item_ids, design.blocks, design.means.shape) == ((), (), (0, reader.width))
