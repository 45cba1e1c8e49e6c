"""Text rows, heads fitted on them, and what the heads say: on vectors made by hand."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder.errors import InputError
from builder.records import Sentence
from builder.tagging.heads.features import N_BUCKETS, FeatureReader, TextRow, background_of
from builder.tagging.heads.head_file import read_heads, write_heads
from builder.tagging.heads.heads import HeadRules, Heads, PartWeights, fit_heads, fold_of
from builder.tagging.heads.likelihoods import item_log_ratios, likelihoods
from builder.taxonomy import Taxonomy
from tests.factories import make_sentence, make_trait, make_warning

RULES = HeadRules(
    folds=3,
    inverse_penalty=1.0,
    min_labels=10,
    part_weights=PartWeights(mean=1.0, cosines=1.0, nearest=1.0, words=1.0),
    axes=300,
)
PROTOTYPES = np.eye(4, dtype=np.float32)[:2]
VECTORS = np.eye(4, dtype=np.float32)
"""Sentences 0 and 1 are the warnings word for word, 2 and 3 are about neither."""


@pytest.fixture
def reader() -> FeatureReader:
    warnings = [
        make_warning("does-the-dog-die"),
        make_warning("is-there-gore", question="Is there gore", keywords=["gore"]),
    ]
    tree = Taxonomy(
        traits={
            "dogs": make_trait("dogs", warnings=["does-the-dog-die"]),
            "gore": make_trait("gore", warnings=[warnings[1].id]),
        },
        warnings={w.id: w for w in warnings},
    )
    return FeatureReader(tree, PROTOTYPES, background_of(PROTOTYPES, VECTORS))


@pytest.fixture
def corpus() -> tuple[list[Sentence], dict[str, dict[str, bool]]]:
    """Make 90 items of two sentences; dogs die in those that say so, with some noise."""
    dice, said, labels = random.Random(7), [], {}
    for number in range(90):
        item_id = f"imdb:tt{number:07}"
        unsafe = number % 2 == 0
        speaks = unsafe if dice.random() < 0.8 else not unsafe
        labels[item_id] = unsafe
        for index, vector in enumerate((2, 0 if speaks else 3)):
            text = ("A day.", "", "", "They sing.")[vector] if vector else "The dog dies."
            said.append(
                make_sentence(text or "A day.", item_id=item_id, index=index, vector=vector)
            )
    return said, {"dogs": labels}


def fitted(reader: FeatureReader, corpus: Any) -> tuple[list[TextRow], Heads]:
    said, labels = corpus
    rows = list(reader.read(said, VECTORS))
    return rows, fit_heads(rows, reader, labels, RULES)


def test_a_row_is_mean_cosines_and_nearest(reader: FeatureReader) -> None:
    said = [make_sentence("The dog dies.", vector=0), make_sentence("A day.", vector=2, index=1)]
    (row,) = reader.read(said, VECTORS)
    assert row.block == ("ours", "plot")
    assert row.values.tolist() == [0.5, 0, 0.5, 0, 1.0, 0.25, 0.75, 0.0] + [0.0] * N_BUCKETS


def test_the_words_of_a_reason_count_by_themselves(reader: FeatureReader) -> None:
    texts = ("Rated R for gore, and some gore.", "rated r gore", "rated r language")
    rows = [
        next(reader.read([make_sentence(text, kind="reason", vector=2)], VECTORS)).values
        for text in texts
    ]
    words = [row[-N_BUCKETS:] for row in rows]
    assert words[0].sum() == 6
    assert (words[0] - words[1]).sum() == 3
    assert (words[1] != words[2]).sum() == 2


def test_a_sentence_that_denies_a_warning_is_not_near_it(reader: FeatureReader) -> None:
    (row,) = reader.read([make_sentence("No dog dies.", vector=0)], VECTORS)
    assert row.values[reader.nearest_column("dogs")] == 0


def test_sources_and_kinds_are_rows_of_their_own(reader: FeatureReader) -> None:
    said = [
        make_sentence("One.", vector=2, source="b"),
        make_sentence("Two.", vector=3, source="a"),
        make_sentence("three", vector=3, source="a", kind="tags"),
    ]
    blocks = [row.block for row in reader.read(said, VECTORS)]
    assert blocks == [("a", "plot"), ("a", "tags"), ("b", "plot")]


def test_heads_tell_items_apart_that_they_have_not_seen(reader: FeatureReader, corpus: Any) -> None:
    rows, heads = fitted(reader, corpus)
    told = {
        one.item_id: one
        for one in likelihoods(rows, VECTORS, reader, heads, ["x:statement"])
        if one.trait == "dogs"
    }
    assert not heads.heads["dogs"].is_pooled
    loud = [told[i].log_ratio for i, s in ((s.item_id, s) for s in corpus[0]) if s.vector == 0]
    quiet = [told[s.item_id].log_ratio for s in corpus[0] if s.vector == 3]
    assert min(loud) > 0.9
    assert max(quiet) < -0.9
    spoken = next(one for one in told.values() if one.log_ratio > 0)
    assert (spoken.sentence, spoken.kind, spoken.source) == ("The dog dies.", "plot", "ours")
    assert spoken.taught_by == ("x:statement",)


def test_an_items_own_label_never_reaches_its_row(reader: FeatureReader, corpus: Any) -> None:
    labels = corpus[1]
    rows, heads = fitted(reader, corpus)
    for item_id in sorted(labels["dogs"])[:9]:
        other = {"dogs": {**labels["dogs"], item_id: not labels["dogs"][item_id]}}
        again = fit_heads(rows, reader, other, RULES)
        own = [row for row in rows if row.item_id == item_id]
        before, after = (
            [one.log_ratio for one in item_log_ratios(own, h, h.heads["dogs"])]
            for h in (heads, again)
        )
        assert before == after
        fold = fold_of(item_id, RULES.folds)
        changed = [
            f
            for f in range(RULES.folds)
            if not np.array_equal(again.heads["dogs"].weights[f], heads.heads["dogs"].weights[f])
        ]
        assert changed == [f for f in range(RULES.folds) if f != fold]


def test_few_labels_share_one_slope(reader: FeatureReader, corpus: Any) -> None:
    _, heads = fitted(reader, corpus)
    head = heads.heads["gore"]
    assert head.is_pooled
    columns = np.flatnonzero(head.weights.any(axis=(0, 1)))
    assert columns.tolist() in ([], [reader.nearest_column("gore")])


def test_the_pooled_slope_speaks_for_a_trait_without_labels(
    reader: FeatureReader, corpus: Any
) -> None:
    said, labels = corpus
    gory = [make_sentence("Gore.", item_id=s.item_id, index=2, vector=1) for s in said[:20:2]]
    rows = list(reader.read([*said, *gory], VECTORS))
    heads = fit_heads(rows, reader, labels, RULES)
    told = {(one.item_id, one.trait): one for one in likelihoods(rows, VECTORS, reader, heads, [])}
    assert told[gory[0].item_id, "gore"].log_ratio > 0.3
    assert told[gory[0].item_id, "gore"].sentence == "Gore."
    assert told[said[-1].item_id, "gore"].log_ratio < 0


def test_how_far_an_item_is_unsafe_moves_the_slopes_but_not_what_counts_as_unsafe(
    reader: FeatureReader, corpus: Any
) -> None:
    said, labels = corpus
    rows = list(reader.read(said, VECTORS))
    speaks = {s.item_id for s in said if s.vector == 0}
    hard = labels["dogs"]
    soft = {i: (0.9 if i in speaks else 0.6) if unsafe else 0.0 for i, unsafe in hard.items()}
    one, other = (fit_heads(rows, reader, {"dogs": own}, RULES) for own in (hard, soft))
    assert one.heads["dogs"].bases.tolist() == other.heads["dogs"].bases.tolist()
    assert not np.array_equal(one.heads["dogs"].weights, other.heads["dogs"].weights)
    certain = fit_heads(rows, reader, {"dogs": {i: float(v) for i, v in hard.items()}}, RULES)
    assert np.array_equal(one.heads["dogs"].weights, certain.heads["dogs"].weights)


def test_without_labels_there_is_no_head(reader: FeatureReader, corpus: Any) -> None:
    rows = list(reader.read(corpus[0], VECTORS))
    assert fit_heads(rows, reader, {}, RULES).heads == {}
    assert fit_heads([], reader, {}, RULES).heads == {}


def test_a_text_of_a_source_that_no_label_knows_says_nothing(
    reader: FeatureReader, corpus: Any
) -> None:
    _, heads = fitted(reader, corpus)
    strange = list(reader.read([make_sentence("The dog dies.", source="new")], VECTORS))
    assert item_log_ratios(strange, heads, heads.heads["dogs"]) == []


def test_heads_come_back_from_disk_as_they_were(
    reader: FeatureReader, corpus: Any, tmp_path: Path
) -> None:
    rows, heads = fitted(reader, corpus)
    write_heads(tmp_path / "heads", heads)
    back = read_heads(tmp_path / "heads")
    told = [list(likelihoods(rows, VECTORS, reader, h, ["x:y"])) for h in (heads, back)]
    assert told[0] == told[1]
    assert len(told[0]) == 180


def test_a_damaged_file_of_heads_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "heads").write_bytes(b"no tensors")
    with pytest.raises(InputError, match="is not a file of text classifiers"):
        read_heads(tmp_path / "heads")
    with pytest.raises(InputError, match="no such file"):
        read_heads(tmp_path / "none")
