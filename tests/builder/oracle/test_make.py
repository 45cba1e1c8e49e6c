"""An oracle from start to end, with labels from outside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from builder.errors import InputError
from builder.oracle.make import Made
from builder.records import TextLikelihood
from builder.taxonomy import Taxonomy
from tests.factories import make_evidence, make_taxonomy, make_trait
from tests.support.oracle_rules import fuse_evidence

MakeOracle = Callable[..., Made]
IDS = [f"i{n}" for n in range(400)]


def told(item_id: str, trait: str, log_ratio: float) -> TextLikelihood:
    taught_by = ("pg:severity",)
    return TextLikelihood(item_id, trait, log_ratio, "plot", "...", "wiki", "CC0-1.0", taught_by)


@pytest.fixture
def made() -> Made:
    """Make an oracle from texts that are right in nine cases of ten, and votes that label them."""
    tree = make_taxonomy(make_trait("Gore", "strong", violence_gore=1.0), make_trait("Spiders"))
    texts, rows = [], []
    for n, item_id in enumerate(IDS):
        violates = n % 4 == 0
        heard = violates if n % 10 else not violates
        ratio = 2.0 + n / 1000 if heard else -2.0 - n / 1000
        texts += [told(item_id, name, ratio) for name in ("Gore", "Spiders")]
        votes = {"item_id": item_id, "source": "pg"}
        rows.append(make_evidence("severity", "violence_gore", 3.0 * violates, **votes))
    return fuse_evidence(
        tree, *rows, texts=texts, ids=IDS, feeds=["wiki:likelihood"], labels=["pg:severity"]
    )


def test_labels_from_outside_set_base_rates_thresholds_and_scale(made: Made) -> None:
    assert made.taught_by == {"texts": ["pg:severity"], "thresholds": ["pg:severity"]}
    gore, spiders = (made.calibration["observed"][name] for name in ("Gore", "Spiders"))
    assert (gore["violators"], gore["respecters"]) == (100, 300)
    assert (gore["clears_by"], gore["convicts_by"]) == ("own labels", "own labels")
    assert (spiders["violators"], spiders["clears_by"]) == (0, "stated")
    assert gore["missed"]["low"] <= 0.05
    assert made.calibration["calibration_error"] < 0.05
    assert made.labelled.is_counted.sum(axis=0).tolist() == [400, 0]


def test_silent_texts_clear_nobody_by_labels_that_are_proxies(made: Made) -> None:
    assert {r.verdict for r in made.risks()} == {"unknown", "unsafe"}


@pytest.mark.parametrize(
    ("n_wrong", "is_cleared"),
    [pytest.param(0, True, id="right"), pytest.param(50, False, id="wrong-too-often")],
)
def test_silent_texts_clear_where_answers_show_that_they_may(
    n_wrong: int,
    is_cleared: bool,
) -> None:
    """Every fourth film violates the trait; texts are silent on the others, and on `n_wrong`."""
    texts, rows = [], []
    for n, item_id in enumerate(IDS):
        violates = n % 4 == 0
        is_silent = not violates or (n_wrong > 0 and n % (400 // n_wrong) == 0)
        texts.append(told(item_id, "Gore", (-2.0 if is_silent else 2.0) - n / 1000))
        rows += [
            make_evidence("statement", f"w{k}", float(violates), item_id=item_id, source="people")
            for k in range(1, 6)
        ]
    made = fuse_evidence(
        make_taxonomy(make_trait("Gore")),
        *rows,
        texts=texts,
        ids=IDS,
        feeds=["wiki:likelihood"],
        labels=["people:statement"],
    )
    n_safe = sum(r.verdict == "safe" for r in made.risks())
    assert (n_safe > 200) if is_cleared else (n_safe == 0)


def test_an_oracle_is_not_labelled_by_its_own_evidence() -> None:
    with pytest.raises(InputError, match="labels an oracle that"):
        fuse_evidence(make_taxonomy(), feeds=["pg:*"], labels=["pg:severity"])


def test_yeses_are_taken_away_to_see_who_would_be_missed() -> None:
    rows = [make_evidence("statement", "w1", 1.0, item_id=f"i{n}") for n in range(10)]
    rows += [make_evidence("statement", f"w{n}", 0.0, item_id="i0") for n in range(2, 6)]
    rows += [make_evidence("statement", f"w{n}", float(n == 2), item_id="i20") for n in range(1, 6)]
    unsaid = fuse_evidence(make_taxonomy(), *rows, ids=IDS[:30]).calibration["if_unsaid"]
    assert unsaid["Gore"]["said"] == 11
    assert unsaid["Gore"]["missed"]["share"] == pytest.approx(1 / 11, abs=1e-4)
    assert unsaid["all"] == unsaid["Gore"]


def test_one_question_settles_no_trait(bundled: Taxonomy) -> None:
    """A catalogue with one column of answers, whichever question it is."""
    for warning in sorted({w for trait in bundled.traits.values() for w in trait.warnings}):
        rows = [
            make_evidence("statement", warning, float(n % 10 == 0), item_id=IDS[n])
            for n in range(60)
        ]
        made = fuse_evidence(bundled, *rows, ids=IDS[:60])
        assert {r.verdict for r in made.risks()} == {"unknown", "unsafe"}, warning


@pytest.mark.parametrize(
    "trait_id", ["spiders-snakes-bugs", "animal-harm", "photosensitivity-motion"]
)
def test_the_question_that_nobody_asks_stays_open(bundled: Taxonomy, trait_id: str) -> None:
    """All questions of a trait but two of five, or one of three, are answered no."""
    [trait] = [t for t in bundled.traits.values() if t.id == trait_id]
    n_open = max(1, len(trait.warnings) * 2 // 5)
    rows = [
        make_evidence("statement", warning, float(n % 7 == k), item_id=IDS[n])
        for k, warning in enumerate(trait.warnings[n_open:])
        for n in range(60)
    ]
    made = fuse_evidence(bundled, *rows, ids=IDS[:60])
    assert {r.verdict for r in made.risks() if r.trait == trait.name} == {"unknown", "unsafe"}
