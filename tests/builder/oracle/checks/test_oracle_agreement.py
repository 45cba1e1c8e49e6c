from __future__ import annotations

import numpy as np

from builder.oracle.checks.oracle_agreement import agreement, disagreement
from builder.oracle.files.compiled import VERDICTS
from builder.oracle.verdicts.fuse import Codes


def codes(*verdicts: str) -> Codes:
    return np.array([[VERDICTS.index(v)] for v in verdicts], dtype=np.int8)


def test_oracles_agree_only_where_both_know() -> None:
    build = codes("unsafe", "unsafe", "safe", "safe", "unknown", "unsafe")
    grade = codes("unsafe", "safe", "safe", "safe", "safe", "unknown")
    table = agreement(build, grade, ["Gore"], n_resamples=200, seed=1)
    assert table["Gore"] == table["all"]
    low, high = table["Gore"].pop("agreement_interval")
    assert 0 < low < 0.75 < high <= 1
    assert len(table["Gore"].pop("kappa_interval")) == 2
    assert table["Gore"] == {
        "both_known": 4,
        "both_unsafe": 1,
        "both_safe": 2,
        "only_build_unsafe": 1,
        "only_grade_unsafe": 0,
        "agreement": 0.75,
        "kappa": 0.5,
    }


def test_where_one_oracle_is_silent_there_is_no_agreement() -> None:
    table = agreement(
        codes("unknown", "safe"), codes("safe", "unknown"), ["A"], n_resamples=9, seed=1
    )
    assert table["A"]["both_known"] == 0
    for name in ("agreement", "agreement_interval", "kappa", "kappa_interval"):
        assert table["A"][name] is None


def test_disagreement_is_a_share_where_there_is_any() -> None:
    build = np.array([[2, 1, 0], [2, 1, 1], [1, 1, 2], [2, 1, 0]], dtype=np.int8)
    grade = np.array([[2, 1, 1], [1, 1, 0], [1, 1, 0], [2, 1, 0]], dtype=np.int8)
    table = agreement(build, grade, ["A", "B", "C"], n_resamples=9, seed=1)
    assert disagreement(table) == {"all": 0.125, "A": 0.25, "B": 0.0}


def test_one_sided_answers_have_no_kappa() -> None:
    table = agreement(codes("safe", "safe"), codes("safe", "safe"), ["A"], n_resamples=9, seed=1)
    assert (table["A"]["agreement"], table["A"]["kappa"]) == (1.0, None)
