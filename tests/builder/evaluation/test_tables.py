from __future__ import annotations

from builder.evaluation.tables import long_csv


def test_a_line_for_every_system_and_figure() -> None:
    figure = {"value": 0.5, "low": 0.25, "high": 0.75}
    assert long_csv({"plain_sft": {"recall@10": figure}, "safe, too": {"listed": figure}}) == (
        b"system,metric,value,low,high\n"
        b"plain_sft,recall@10,0.5,0.25,0.75\n"
        b'"safe, too",listed,0.5,0.25,0.75\n'
    )
