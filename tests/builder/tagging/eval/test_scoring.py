from __future__ import annotations

import numpy as np

from builder.tagging.eval.scoring import TraitScores, score_table


def scored(**scores: list[float]) -> TraitScores:
    yes = np.array([True, True, False, False])
    return TraitScores(tuple("abcd"), yes, {name: np.array(own) for name, own in scores.items()})


def test_the_table_holds_values_leads_and_means() -> None:
    good, bad = [0.9, 0.8, 0.2, 0.1], [0.0, 1.0, 0.5, 0.4]
    one = scored(head=good, cosine=bad)
    table = score_table({"t": one, "u": one}, n_resamples=200, seed=1, baselines=["cosine"])
    told = table["by_trait"]["t"]
    assert (told["n"], told["n_unsafe"]) == (4, 2)
    assert told["auroc"]["head"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert told["auroc"]["cosine"]["value"] == 0.5
    lead = told["auroc"]["head - cosine"]
    assert lead["value"] == 0.5
    assert lead["low"] < lead["value"] <= lead["high"] <= 1.0
    assert told["calibration_error"]["head"]["value"] == 0.15
    assert table["mean"]["auroc"]["head - cosine"] == lead
    assert list(table["mean"]) == ["auroc", "average_precision", "calibration_error"]


def test_one_class_alone_has_no_area() -> None:
    one = TraitScores(("a",), np.array([True]), {"head": np.array([0.4])})
    table = score_table({"t": one}, n_resamples=5, seed=1, baselines=[])
    none = {"value": None, "low": None, "high": None}
    assert table["by_trait"]["t"]["auroc"]["head"] == none
    assert table["mean"]["calibration_error"]["head"]["value"] == 0.6
