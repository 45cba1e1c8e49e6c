from __future__ import annotations

from builder.training.log import curve


def test_a_curve_is_long_form() -> None:
    assert curve([(5, "plain SFT", 1.25), (5, "Safe-SFT", 1.0)]) == (
        b"step,series,value\n5,plain SFT,1.25\n5,Safe-SFT,1.0\n"
    )
