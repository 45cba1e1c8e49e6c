"""How likely a violation is: what moves it, by how much, and what bounds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.oracle.evidence.gather import gather
from builder.oracle.posterior.posterior import Posterior, posterior
from builder.oracle.posterior.severities import severities_of
from builder.records import Evidence, TextKind, TextLikelihood
from builder.taxonomy import CATEGORIES, Trait
from tests.factories import make_evidence, make_trait
from tests.support.oracle_rules import make_rules

WARNINGS = [f"w{number}" for number in range(1, 6)]
RATES = np.array([0.02, 0.02, 0.02, 0.02, 0.2])


def judge(
    *rows: Evidence,
    of: Trait | None = None,
    texts: tuple[TextLikelihood, ...] = (),
    base: Mapping[str, float] | None = None,
) -> Posterior:
    """Fuse rows of evidence on item "a" for one trait."""
    trait = of or make_trait()
    gathered = gather(["a"], WARNINGS, [trait.name], rows, texts, {"plot": 0.5}, {"genres"})
    return posterior(gathered, WARNINGS, [trait], RATES, base or {}, make_rules().posterior)


def text(log_ratio: float, kind: TextKind = "plot") -> TextLikelihood:
    return TextLikelihood("a", "Gore", log_ratio, kind, "Blood.", "x", "CC0-1.0", ())


def test_two_votes_are_not_two_thousand() -> None:
    risks = [
        judge(make_evidence("statement", "w1", 1.0, votes=votes)).risk[0, 0]
        for votes in ((2, 0), (3, 1), (20, 2), (2000, 100))
    ]
    assert risks == pytest.approx([0.6542, 0.6515, 0.9998, 0.999999], abs=5e-5)


def test_a_rare_warning_needs_more_votes() -> None:
    def voted(warning: str) -> float:
        noes = [make_evidence("statement", w, 0.0) for w in WARNINGS if w != warning]
        vote = make_evidence("statement", warning, 1.0, votes=(2, 1))
        return float(judge(vote, *noes).risk[0, 0])

    assert (voted("w1"), voted("w5")) == pytest.approx((0.3308, 0.4621), abs=5e-5)


def test_a_statement_holds_with_its_precision() -> None:
    noes = [make_evidence("statement", f"w{n}", 0.0) for n in range(1, 5)]
    yes = judge(make_evidence("statement", "w5", 1.0), *noes)
    assert yes.risk[0, 0] == pytest.approx(0.98, abs=0.005)
    no = judge(make_evidence("statement", "w5", 0.0), *noes)
    assert no.risk[0, 0] == pytest.approx(0.2 / 0.8 * 0.02 / 0.98, abs=0.003)
    assert (yes.settled[0, 0], no.settled[0, 0]) == (1.0, 1.0)


def test_an_open_question_weighs_what_its_warning_weighs() -> None:
    rare = judge(*[make_evidence("statement", f"w{n}", 0.0) for n in range(1, 5)])
    decisive = judge(*[make_evidence("statement", f"w{n}", 0.0) for n in (1, 5)])
    assert rare.settled[0, 0] == pytest.approx(0.266, abs=0.01)
    assert decisive.settled[0, 0] == pytest.approx(0.4, abs=0.01)
    assert (rare.risk[0, 0], rare.high[0, 0]) == pytest.approx((0.1725, 0.3794), abs=5e-5)
    assert (decisive.risk[0, 0], decisive.high[0, 0]) == pytest.approx((0.0518, 0.1112), abs=5e-5)


def test_one_answer_of_several_settles_nothing() -> None:
    assert judge(make_evidence("statement", "w5", 0.0)).settled[0, 0] == 0
    assert judge(make_evidence("statement", "w5", 0.0, votes=(0, 900))).settled[0, 0] == 0
    only = make_trait().model_copy(update={"warnings": ["w5"]})
    assert judge(make_evidence("statement", "w5", 0.0), of=only).settled[0, 0] == 1


@pytest.mark.parametrize(
    ("votes", "is_unsafe"),
    [pytest.param((), False, id="a-flag"), pytest.param((0, 0, 5, 500), True, id="votes")],
)
def test_a_broad_flag_does_not_overrule_noes_to_every_question(
    votes: tuple[int, ...],
    is_unsafe: bool,
) -> None:
    gore = make_trait("Gore", "strong", violence_gore=1.0)
    noes = [make_evidence("statement", warning, 0.0) for warning in WARNINGS]
    severe = make_evidence("severity", "violence_gore", 3.0, votes=votes)
    risk = judge(severe, *noes, of=gore).risk[0, 0]
    assert (risk > 0.5) == is_unsafe
    assert is_unsafe or risk < 0.05
    assert judge(severe, *noes[:3], of=gore).risk[0, 0] > 0.5


def test_ratings_clear_nobody() -> None:
    gore = make_trait("Gore", "strong", violence_gore=1.0)
    for rated in (
        make_evidence("ceiling", "violence_gore", 0.0),
        make_evidence("severity", "violence_gore", 0.0),
    ):
        found = judge(rated, of=gore)
        assert (found.settled[0, 0], found.hinted[0, 0]) == (0, 0.95)


def test_nothing_is_not_informed_and_has_the_base_rate() -> None:
    nothing = judge(base={"Gore": 0.4})
    assert not nothing.is_informed[0, 0]
    assert nothing.settled[0, 0] == 0
    assert nothing.risk[0, 0] == pytest.approx(0.4)
    assert (nothing.low[0, 0], nothing.high[0, 0]) == pytest.approx((0.0678, 0.7846), abs=5e-5)


@pytest.mark.parametrize(
    ("log_ratio", "odds"),
    [pytest.param(0.0, 1.0, id="silent"), pytest.param(2.3026, 10.0, id="ten-times")],
)
def test_texts_multiply_the_odds(log_ratio: float, odds: float) -> None:
    told = judge(texts=(text(log_ratio),), base={"Gore": 0.3})
    risk = told.risk[0, 0]
    assert risk / (1 - risk) == pytest.approx(3 / 7 * odds, rel=0.001)


def test_silence_settles_a_trait_only_where_labels_taught_it() -> None:
    silent = judge(texts=(text(-2.3026),), base={"Gore": 0.3})
    assert silent.hinted == pytest.approx(0.9, abs=1e-5)
    assert silent.settled[0, 0] == 0
    assert judge(texts=(text(-2.3026),)).hinted[0, 0] == 0
    genre = judge(texts=(text(-2.3026, "genres"),), base={"Gore": 0.3})
    assert genre.hinted[0, 0] == 0
    assert genre.risk[0, 0] == pytest.approx(0.3 / (0.3 + 0.7 * 10), abs=5e-5)
    assert judge(texts=(text(2.3026),), base={"Gore": 0.3}).hinted[0, 0] == 0


def test_texts_as_a_whole_attest_only_what_labels_taught_them() -> None:
    loud = (text(5.0),)
    assert judge(texts=loud, base={"Gore": 0.3}).is_attested[0, 0]
    assert not judge(texts=loud).is_attested[0, 0]
    assert judge(make_evidence("similarity", "w1", 0.6), texts=loud).is_attested[0, 0]


def test_a_likeness_counts_once_where_texts_speak_as_a_whole() -> None:
    alike = make_evidence("similarity", "w1", 0.6)
    assert judge(alike).risk[0, 0] == pytest.approx(0.7349, abs=5e-5)
    assert judge(alike, texts=(text(0.0),)).risk == judge(texts=(text(0.0),)).risk


def test_votes_on_a_severity_are_weighed_not_counted() -> None:
    def moments(*votes: int) -> tuple[float, float]:
        row = make_evidence("severity", "violence_gore", 2.0, votes=votes)
        found = severities_of(
            gather(["a"], WARNINGS, ["Gore"], [row], (), {}, ()), make_rules().posterior
        )
        assert found.is_known.tolist() == [[False, True, False, False, False]]
        return float(found.mean[0, 1]), float(found.variance[0, 1])

    few, many = moments(0, 0, 2, 1), moments(0, 0, 200, 100)
    assert few == pytest.approx((1.9524, 0.1080), abs=5e-5)
    assert many == pytest.approx((2.3246, 0.0008), abs=5e-5)


@pytest.mark.parametrize(
    ("applicability", "value", "risk"),
    [
        pytest.param("strong", 3, 0.9555, id="severe"),
        pytest.param("strong", 0, 0.11, id="harmless-leaves-the-floor"),
        pytest.param("weak", 3, 0.6720, id="a-weak-proxy-weighs-its-trust"),
    ],
)
def test_severities_speak_as_far_as_they_stand_for_the_trait(
    applicability: str,
    value: int,
    risk: float,
) -> None:
    gore = make_trait("Gore", applicability, violence_gore=1.0)
    votes = tuple(200 if level == value else 0 for level in range(4))
    row = make_evidence("severity", "violence_gore", float(value), votes=votes)
    found = judge(row, of=gore)
    assert found.risk[0, 0] == pytest.approx(risk, abs=5e-5)
    assert found.hinted[0, 0] == {"strong": 0.95, "weak": 0.6}[applicability]
    assert found.settled[0, 0] == {"strong": 0.95, "weak": 0.0}[applicability]
    assert found.is_attested[0, 0] == (applicability == "strong" and value == 3)


def test_a_weak_proxy_has_nothing_to_add_to_what_was_answered() -> None:
    row = make_evidence("severity", "violence_gore", 3.0, votes=(0, 0, 0, 200))
    noes = [make_evidence("statement", f"w{n}", 0.0) for n in range(1, 6)]
    weak, strong = (make_trait("Gore", how, violence_gore=1.0) for how in ("weak", "strong"))
    assert judge(row, *noes, of=weak).risk == judge(*noes, of=weak).risk
    half_answered = [judge(*rows, of=weak) for rows in (noes[:4], (row, *noes[:4]), (row,))]
    risks = [float(fused.risk[0, 0]) for fused in half_answered]
    assert risks == pytest.approx([0.1725, 0.5043, 0.6720], abs=5e-5)
    assert judge(row, *noes, of=strong).risk[0, 0] == pytest.approx(0.9503, abs=5e-5)


def test_a_ceiling_bounds_what_nobody_rated() -> None:
    gore = make_trait("Gore", "strong", violence_gore=1.0)
    mild = judge(make_evidence("ceiling", "violence_gore", 1.0), of=gore)
    assert mild.is_informed[0, 0]
    assert mild.high[0, 0] == pytest.approx(0.2477, abs=5e-5)
    assert judge(of=gore).high[0, 0] == pytest.approx(0.6272, abs=5e-5)


ROWS = st.one_of(
    st.tuples(
        st.sampled_from(["severity", "ceiling"]),
        st.sampled_from(CATEGORIES),
        st.sampled_from([0.0, 1, 2, 3]),
    ),
    st.tuples(st.just("statement"), st.sampled_from(["w1", "w2", "w3"]), st.sampled_from([0.0, 1])),
)


@given(rows=st.lists(ROWS, max_size=8), ratio=st.none() | st.floats(-6, 6))
def test_the_interval_holds_the_risk_and_a_yes_never_lowers_it(
    rows: list[tuple[str, str, float]],
    ratio: float | None,
) -> None:
    gore = make_trait("Gore", "strong", violence_gore=1.0, sex_nudity=0.5)
    made: list[Any] = [make_evidence(*row) for row in rows]
    texts = () if ratio is None else (text(ratio),)
    found = judge(*made, of=gore, texts=texts)
    low, risk, high = found.low[0, 0], found.risk[0, 0], found.high[0, 0]
    assert 0 <= low <= risk <= high <= 1
    assert 0 <= found.settled[0, 0] <= 1
    more = judge(*made, make_evidence("statement", "w4", 1.0), of=gore, texts=texts)
    assert more.risk[0, 0] >= risk
    assert more.low[0, 0] >= low


def test_no_items_have_no_posterior() -> None:
    found = gather([], WARNINGS, ["Gore"], (), (), {}, ())
    assert posterior(
        found, WARNINGS, [make_trait()], RATES, {}, make_rules().posterior
    ).risk.shape == (
        0,
        1,
    )


def test_items_are_fused_alike_in_any_company() -> None:
    gore = make_trait("Gore", "weak", violence_gore=1.0)
    ids = [f"i{n}" for n in range(2100)]
    rows = [
        make_evidence("statement", f"w{n % 5 + 1}", 1.0, item_id=i, votes=(n % 7, n % 11))
        for n, i in enumerate(ids)
    ]
    rows += [make_evidence("similarity", "w1", 0.6, item_id=i) for i in ids[::7]]
    rows += [
        make_evidence("severity", "violence_gore", n % 4, item_id=i) for n, i in enumerate(ids)
    ]
    texts = [replace(text(n % 19 - 9.0), item_id=i) for n, i in enumerate(ids[::3])]

    def fused(order: list[str]) -> Posterior:
        found = gather(order, WARNINGS, ["Gore"], rows, texts, {"plot": 0.5}, ())
        return posterior(found, WARNINGS, [gore], RATES, {}, make_rules().posterior)

    forward, backward = fused(ids), fused(ids[::-1])
    assert len(np.unique(forward.risk)) > 100
    for one, other in zip(astuple(forward), astuple(backward), strict=True):
        assert one == pytest.approx(other[::-1], abs=1e-12)
