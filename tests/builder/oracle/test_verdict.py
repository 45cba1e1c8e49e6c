from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.oracle.fuse import fuse, risk_source
from builder.oracle.verdict import VerdictRules
from builder.records import Evidence, Risk
from builder.taxonomy import CATEGORIES, Taxonomy, Trait

RULES = VerdictRules(
    unsafe_at=0.66, safe_below=0.5, min_answered=0.6, clearing_applicability=["strong"]
)
Make = Callable[..., Evidence]
MakeTaxonomy = Callable[..., Taxonomy]
MakeTrait = Callable[..., Trait]


def risk(taxonomy: Taxonomy, *rows: Evidence) -> Risk:
    """Return the first trait's risk of item a."""
    risks = list(fuse("build", ["a"], rows, taxonomy, RULES, {"plot": 0.5}))
    return risks[0]


def noes(make: Make, n_noes: int) -> list[Evidence]:
    return [make("statement", f"w{number}", 0.0) for number in range(1, n_noes + 1)]


def test_a_yes_is_unsafe_whatever_the_noes(evidence: Make, taxonomy: MakeTaxonomy) -> None:
    found = risk(taxonomy(), *noes(evidence, 4), evidence("statement", "w5", 1.0))
    assert found == Risk(
        item_id="a",
        trait="Gore",
        oracle="build",
        verdict="unsafe",
        risk=1.0,
        low=1.0,
        high=1.0,
        ddd_trigger=1,
        pg_risk=0.0,
        source="DDD",
        because=("ours says yes: Is there w5",),
    )


@pytest.mark.parametrize(
    ("n_noes", "verdict", "bounds"),
    [(5, "safe", (0, 0)), (3, "safe", (0, 0)), (2, "unknown", (0, 1)), (0, "unknown", (0, 1))],
)
def test_enough_noes_clear_a_trait(
    evidence: Make, taxonomy: MakeTaxonomy, n_noes: int, verdict: str, bounds: tuple[int, int]
) -> None:
    found = risk(taxonomy(), *noes(evidence, n_noes))
    assert (found.verdict, (found.low, found.high)) == (verdict, bounds)
    assert found.risk == (0.0 if verdict == "safe" else None)


def test_no_evidence_is_unknown_and_neither_safe_nor_zero(
    taxonomy: MakeTaxonomy, trait: MakeTrait
) -> None:
    for applicability in ("none", "strong"):
        found = risk(taxonomy(trait("Gore", applicability, violence_gore=1.0)))
        assert (found.verdict, found.risk, found.pg_risk) == ("unknown", None, None)
        assert (found.low, found.high) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("applicability", "violence", "fright", "verdict", "bounds"),
    [
        pytest.param("strong", 3, 2, "unsafe", (0.9231, 1.0), id="severe"),
        pytest.param("weak", 3, None, "unsafe", (0.7692, 1.0), id="severe-enough-without-the-rest"),
        pytest.param("strong", 1, 1, "safe", (0.3333, 0.3333), id="mild"),
        pytest.param("strong", 1, None, "safe", (0.2564, 0.4872), id="safe-at-worst"),
        pytest.param("strong", 2, 0, "unknown", (0.5128, 1.0), id="between-the-thresholds"),
        pytest.param("strong", None, 0, "unknown", (0.0, 1.0), id="main-category-unknown"),
        pytest.param("weak", 0, 0, "unknown", (0.0, 1.0), id="a-weak-proxy-never-clears"),
    ],
)
def test_severities_convict_and_strong_ones_clear(
    evidence: Make,
    taxonomy: MakeTaxonomy,
    trait: MakeTrait,
    applicability: str,
    violence: int | None,
    fright: int | None,
    verdict: str,
    bounds: tuple[float, float],
) -> None:
    tree = taxonomy(trait("Gore", applicability, violence_gore=1.0, frightening_intense=0.3))
    stated = {"violence_gore": violence, "frightening_intense": fright}
    rows = [evidence("severity", c, float(s)) for c, s in stated.items() if s is not None]
    found = risk(tree, *rows)
    assert (found.verdict, (found.low, found.high)) == (verdict, bounds)


def test_a_ceiling_clears_a_strong_trait_and_does_not_count_as_stated(
    evidence: Make, taxonomy: MakeTaxonomy, trait: MakeTrait
) -> None:
    tree = taxonomy(trait("Gore", "strong", violence_gore=1.0, frightening_intense=0.3))
    rated = [evidence("ceiling", c, 1.0, span="rated PG") for c in CATEGORIES]
    found = risk(tree, *rated)
    assert (found.verdict, found.risk, found.high, found.pg_risk) == ("safe", 0.0, 0.3333, None)
    assert found.because == (
        "rated PG: at most mild violence & gore, frightening & intense scenes",
    )


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


def test_every_item_and_trait_has_a_row(taxonomy: MakeTaxonomy, trait: MakeTrait) -> None:
    tree = taxonomy(trait("Gore"), trait("Horror"))
    rows = fuse("grade", ["a", "b"], [], tree, RULES, {})
    assert [(r.oracle, r.trait, r.item_id) for r in rows] == [
        ("grade", "Gore", "a"),
        ("grade", "Gore", "b"),
        ("grade", "Horror", "a"),
        ("grade", "Horror", "b"),
    ]


SEVERITIES = st.tuples(
    st.sampled_from(["severity", "ceiling"]),
    st.sampled_from(CATEGORIES),
    st.sampled_from([0.0, 1, 2, 3]),
)
STATEMENTS = st.tuples(
    st.just("statement"), st.sampled_from(["w1", "w2", "w3"]), st.sampled_from([0.0, 1])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.one_of(SEVERITIES, STATEMENTS), max_size=8))
def test_bounds_hold_the_risk_and_a_new_yes_never_makes_an_item_safer(
    evidence: Make,
    taxonomy: MakeTaxonomy,
    trait: MakeTrait,
    rows: list[tuple[str, str, float]],
) -> None:
    tree = taxonomy(trait("Gore", "strong", violence_gore=1.0, sex_nudity=0.5))
    made: list[Any] = [evidence(*row) for row in rows]
    found = risk(tree, *made)
    assert 0 <= found.low <= found.high <= 1
    assert (found.risk is None) == (found.verdict == "unknown")
    assert (found.verdict == "unsafe") == (found.low >= RULES.unsafe_at)
    assert found.because
    assert risk(tree, *made, evidence("statement", "w4", 1.0)).verdict == "unsafe"
