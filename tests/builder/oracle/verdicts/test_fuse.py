"""From evidence to verdict, by the posterior and by the reference's formula."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from builder.oracle.make import Made
from builder.oracle.verdicts.fuse import risk_source
from builder.records import Evidence, Reason, Risk, TextLikelihood
from builder.taxonomy import CATEGORIES
from tests.factories import make_evidence, make_taxonomy, make_trait
from tests.support.oracle_rules import fuse_evidence

MakeOracle = Callable[..., Made]


def risk(made: Made) -> Risk:
    """Return the first trait's risk of item a."""
    return next(iter(made.risks()))


def noes(*numbers: int) -> list[Evidence]:
    return [make_evidence("statement", f"w{number}", 0.0) for number in numbers]


def others() -> list[Evidence]:
    """Return answers on items b and c that make every warning equally common."""
    return [make_evidence("statement", f"w{n}", 1.0, item_id=i) for i in "bc" for n in range(1, 6)]


def test_a_yes_is_unsafe_whatever_the_noes() -> None:
    found = risk(
        fuse_evidence(make_taxonomy(), *noes(1, 2, 3), make_evidence("statement", "w5", 1.0))
    )
    assert (found.verdict, found.ddd_trigger, found.source) == ("unsafe", 1, "DDD")
    assert found.risk is not None
    assert 0.97 < found.low <= found.risk <= found.high < 1
    assert found.reasons == (
        Reason("yes", ("w5",), "ours", place="films.jsonl:1"),
        Reason("no", ("w1", "w2", "w3"), "ours"),
    )


@pytest.mark.parametrize(
    ("answered", "verdict"),
    [
        pytest.param((1, 2, 3, 4, 5), "safe", id="all-answered"),
        pytest.param((1, 2, 3, 4), "safe", id="a-rare-one-is-open"),
        pytest.param((2, 3, 4, 5), "unknown", id="the-decisive-one-is-open"),
        pytest.param((), "unknown", id="nothing-known"),
    ],
)
def test_noes_clear_only_if_they_speak_of_what_is_likely(
    answered: tuple[int, ...],
    verdict: str,
) -> None:
    ids = ["a", *(f"i{n}" for n in range(40))]
    rows = [make_evidence("statement", "w1", float(n < 20), item_id=f"i{n}") for n in range(40)]
    rows += [make_evidence("statement", "w5", 1.0, item_id="i1")]
    found = risk(fuse_evidence(make_taxonomy(), *noes(*answered), *rows, ids=ids))
    assert found.verdict == verdict
    assert (found.risk is None) == (verdict == "unknown")


def test_no_evidence_is_unknown_and_neither_safe_nor_zero() -> None:
    for applicability in ("none", "strong"):
        tree = make_taxonomy(make_trait("Gore", applicability, violence_gore=1.0))
        found = risk(fuse_evidence(tree, *others()))
        assert (found.verdict, found.risk, found.pg_risk) == ("unknown", None, None)
        assert found.low < 0.5 < found.high


@pytest.mark.parametrize(
    ("applicability", "violence", "fright", "verdict"),
    [
        pytest.param("strong", 3, 2, "unsafe", id="severe"),
        pytest.param("strong", 0, 0, "safe", id="none"),
        pytest.param("strong", None, 0, "unknown", id="main-category-unknown"),
        pytest.param("strong", 2, 1, "unknown", id="between"),
        pytest.param("weak", 0, 0, "unknown", id="a-weak-proxy-never-clears-alone"),
        pytest.param("weak", 3, 3, "unknown", id="nor-convicts-alone"),
        pytest.param("very_weak_proxy", 3, 3, "unknown", id="a-very-weak-one-does-neither"),
    ],
)
def test_severities_convict_and_strong_ones_clear(
    applicability: str,
    violence: int | None,
    fright: int | None,
    verdict: str,
) -> None:
    tree = make_taxonomy(
        make_trait("Gore", applicability, violence_gore=1.0, frightening_intense=0.3)
    )
    stated = {"violence_gore": violence, "frightening_intense": fright}
    votes = {s: tuple(100 * (level == s) for level in range(4)) for s in range(4)}
    rows = [
        make_evidence("severity", c, float(s), votes=votes[s])
        for c, s in stated.items()
        if s is not None
    ]
    assert risk(fuse_evidence(tree, *rows)).verdict == verdict


@pytest.mark.parametrize(
    ("second", "verdict"),
    [
        pytest.param(("statement", "w1", 1.0), "unsafe", id="a-source-says-yes"),
        pytest.param(("similarity", "w1", 0.6), "unsafe", id="a-sentence-says-so"),
        pytest.param(("similarity", "w1", 0.4), "unknown", id="a-sentence-too-far-from-it"),
        pytest.param(("severity", "frightening_intense", 3.0), "unknown", id="another-severity"),
    ],
)
def test_a_weak_proxy_convicts_with_a_second_witness(
    second: tuple[str, str, float],
    verdict: str,
) -> None:
    tree = make_taxonomy(make_trait("Gore", "weak", violence_gore=1.0, frightening_intense=0.3))
    severe = make_evidence("severity", "violence_gore", 3.0, votes=(0, 0, 0, 100))
    alone, joined = (
        risk(fuse_evidence(tree, *others(), *rows))
        for rows in ([severe], [severe, make_evidence(*second)])
    )
    assert (alone.verdict, joined.verdict) == ("unknown", verdict)
    assert alone.high > 0.5


def test_texts_speak_of_a_whole_trait() -> None:
    def told(log_ratio: float, *rows: Evidence) -> Risk:
        text = TextLikelihood(
            "a", "Gore", log_ratio, "plot", "Blood.", "x", "CC0-1.0", ("pg:severity",)
        )
        made = fuse_evidence(make_taxonomy(), *rows, texts=[text])
        assert made.taught_by == {"texts": ["pg:severity"], "thresholds": []}
        return risk(made)

    assert [told(ratio).verdict for ratio in (-4.0, 0.0, 5.0)] == ["unknown"] * 3
    spoken = told(5.0, make_evidence("similarity", "w1", 0.6, span="Blood."))
    assert spoken.verdict == "unsafe"
    assert spoken.reasons == (
        Reason("similarity", ("w1",), "ours", 0.6, quote="Blood.", place="plot"),
        Reason("likelihood", (), "x", 5.0, quote="Blood.", place="plot"),
    )


def test_the_reference_knows_no_unknown_where_anything_is_known() -> None:
    tree = make_taxonomy(make_trait("Gore", "strong", violence_gore=1.0, frightening_intense=0.3))
    rows = [
        make_evidence("severity", "violence_gore", 3.0, votes=(0, 1, 0, 9)),
        make_evidence("severity", "frightening_intense", 2.0, votes=(0, 1, 5, 5)),
        make_evidence("statement", "w1", 0.0, item_id="b"),
    ]
    severe, quiet, nothing = fuse_evidence(tree, *rows, fusion="saferec").risks()
    assert (severe.verdict, severe.risk, severe.source) == ("unsafe", 1.0, "ParentGuide")
    assert (quiet.verdict, quiet.risk, quiet.low, quiet.high) == ("safe", 0.0, 0.0, 0.0)
    assert (nothing.verdict, nothing.risk) == ("unknown", None)


def test_the_references_worked_example_to_the_digit() -> None:
    tree = make_taxonomy(make_trait("Gore", "strong", violence_gore=1.0, frightening_intense=0.3))
    severities = dict(zip(CATEGORIES, (0.0, 3.0, 1.0, 0.0, 2.0), strict=True))
    rows = [make_evidence("severity", category, value) for category, value in severities.items()]
    found = risk(fuse_evidence(tree, *rows, fusion="saferec"))
    assert (found.risk, found.pg_risk, found.ddd_trigger) == (0.9231, 0.9231, 0)


@pytest.mark.parametrize(
    ("trigger", "pg", "source"),
    [
        (True, 0.1, "Both"),
        (True, 0.0, "DDD"),
        (False, 0.7, "ParentGuide"),
        (False, 0.5, ""),
        (False, 0.0, ""),
    ],
)
def test_the_source_is_named_as_in_the_release(trigger: bool, pg: float, source: str) -> None:
    assert risk_source(trigger, pg, 0.66) == source


def test_every_item_and_trait_has_a_row() -> None:
    tree = make_taxonomy(make_trait("Gore"), make_trait("Horror"))
    rows = fuse_evidence(tree, ids=["a", "b"]).risks()
    assert [(r.oracle, r.trait, r.item_id) for r in rows] == [
        ("build", "Gore", "a"),
        ("build", "Gore", "b"),
        ("build", "Horror", "a"),
        ("build", "Horror", "b"),
    ]


def test_an_order_of_evidence_changes_nothing() -> None:
    rows = [
        *others(),
        *noes(1, 2, 3),
        make_evidence("statement", "w4", 1.0),
    ]
    one, other = fuse_evidence(make_taxonomy(), *rows), fuse_evidence(make_taxonomy(), *rows[::-1])
    assert np.array_equal(one.fused.risk, other.fused.risk)
    assert [r.verdict for r in one.risks()] == [r.verdict for r in other.risks()]
