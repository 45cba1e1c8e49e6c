"""Charts as SVG text for the page, drawn by Vega without a browser or a network.

Vega writes fixed colours, but the page has a light and a dark scheme. So a chart is drawn in
placeholder colours, which are then replaced by the CSS variables of the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt
import vl_convert

Row = Mapping[str, Any]

_VARIABLE_BY_INK = {
    "#010101": "var(--ink)",
    "#020202": "var(--muted)",
    "#030303": "var(--rule)",
    "#040404": "var(--safe)",
    "#050505": "var(--unsafe)",
    "#060606": "var(--unknown)",
    "#070707": "var(--accent)",
    "#080808": "var(--second)",
    "#090909": "var(--third)",
}
_INK_BY_NAME = {word[6:-1]: ink for ink, word in _VARIABLE_BY_INK.items()}
_SERIES = tuple(_INK_BY_NAME[name] for name in ("accent", "second", "third", "muted"))
_FONT = "system-ui, sans-serif"
_PADDING = {"left": 30, "right": 20, "top": 5, "bottom": 5}
"""In pixels; the reader's font may be wider than the one that Vega uses to measure text."""
_CLIP = re.compile(r'(id="|url\(#)(clip|gradient)')


class Span(NamedTuple):
    """One figure of one system, all as fractions.

    Attributes:
        name: Of the system.
        value: The figure.
        upper: The figure if every unknown item were unsafe; equal to `value` where unknown items
            cannot change it.
        low: Lower end of the bootstrap interval.
        high: Upper end of the bootstrap interval.
    """

    name: str
    value: float
    upper: float
    low: float
    high: float


def coverage_chart(rows: Sequence[Row]) -> str:
    """Return bars of the shares of verdicts by trait, one column per oracle.

    Args:
        rows: {"trait", "oracle", "verdict", "share"}, share in [0, 1].
    """
    order = ["safe", "unknown", "unsafe"]
    inks = [_INK_BY_NAME[verdict] for verdict in order]
    bars = (
        alt.Chart(alt.InlineData(values=list(rows)), width=300, height={"step": 18})
        .mark_bar(height=11)
        .encode(
            y=alt.Y("trait:N", title=None, sort=list(dict.fromkeys(r["trait"] for r in rows))),
            x=alt.X(
                "share:Q",
                title="share of titles",
                scale=alt.Scale(domain=[0, 1], nice=False),
                axis=alt.Axis(format="%", tickCount=4),
            ),
            color=alt.Color(
                "verdict:N",
                title=None,
                scale=alt.Scale(domain=order, range=inks),
                legend=alt.Legend(orient="top"),
            ),
            order=alt.Order("rank:Q"),
            column=alt.Column(
                "oracle:N", title=None, sort=list(dict.fromkeys(_of(rows, "oracle")))
            ),
        )
        .transform_calculate(rank=f"indexof({order}, datum.verdict)")
    )
    return _svg(bars, "coverage")


def lines_chart(rows: Sequence[Row], *, name: str, y_title: str) -> str:
    """Return one line per series over the steps of a training run.

    Args:
        rows: {"step", "series", "value"}.
        name: Of the chart within the page; keeps element ids unique.
        y_title: What is drawn, with its unit.
    """
    series = list(dict.fromkeys(_of(rows, "series")))
    chart = (
        alt.Chart(alt.InlineData(values=list(rows)), width=760, height=240)
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("step:Q", title="step", axis=alt.Axis(tickCount=8)),
            y=alt.Y("value:Q", title=y_title, scale=alt.Scale(zero=False)),
            color=alt.Color(
                "series:N",
                title=None,
                sort=series,
                scale=alt.Scale(domain=series, range=list(_SERIES)),
                legend=alt.Legend(orient="top", symbolType="stroke"),
            ),
            strokeDash=alt.StrokeDash("series:N", sort=series, legend=None),
        )
    )
    return _svg(chart, name)


def systems_chart(spans_by_measure: Mapping[str, Sequence[Span]]) -> str:
    """Return one panel per measure with each system's dot, interval and bar of unknown items."""
    panels = [
        _panel(measure, spans, is_first=number == 0)
        for number, (measure, spans) in enumerate(spans_by_measure.items())
    ]
    return _svg(alt.hconcat(*panels, spacing=28), "systems")


def _panel(measure: str, spans: Sequence[Span], *, is_first: bool) -> Any:
    rows = [span._asdict() for span in spans]
    base = alt.Chart(alt.InlineData(values=rows), width=350, height={"step": 38}).encode(
        y=alt.Y(
            "name:N",
            title=None,
            sort=[span.name for span in spans],
            axis=alt.Axis(labels=is_first, ticks=False, domain=False),
        )
    )
    axis = alt.Axis(format="%", tickCount=4)
    reach = base.mark_bar(height=12, color=_INK_BY_NAME["unknown"], opacity=0.55).encode(
        x=alt.X("value:Q", title=measure, axis=axis), x2="upper:Q"
    )
    interval = base.mark_rule(strokeWidth=2, color=_INK_BY_NAME["accent"]).encode(
        x="low:Q", x2="high:Q"
    )
    dot = base.mark_circle(size=85, opacity=1, color=_INK_BY_NAME["accent"]).encode(x="value:Q")
    return alt.layer(reach, interval, dot)


def _of(rows: Sequence[Row], key: str) -> list[str]:
    return [str(row[key]) for row in rows]


def _svg(chart: Any, name: str) -> str:
    drawn = chart.properties(background="transparent", padding=_PADDING).configure(**_look())
    text = vl_convert.vegalite_to_svg(drawn.to_json())
    for ink, variable in _VARIABLE_BY_INK.items():
        text = text.replace(ink, variable)
    text = _CLIP.sub(rf"\1{name}-\2", text)
    return re.sub(r'(<svg[^>]*?) width="(\d+)" height="\d+"', r'\1 style="max-width:\2px"', text)


def _look() -> dict[str, dict[str, Any] | str]:
    """Return the page's look as Vega-Lite's `config`."""
    ink, muted, rule = (_INK_BY_NAME[name] for name in ("ink", "muted", "rule"))
    return {
        "font": _FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": muted,
            "labelFontSize": 12,
            "labelLimit": 260,
            "titleColor": muted,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": rule,
            "domainColor": rule,
            "tickColor": rule,
        },
        "axisY": {"grid": False},
        "legend": {"labelColor": ink, "labelFontSize": 12, "titleColor": muted},
        "header": {"labelColor": ink, "labelFontSize": 13, "labelFontWeight": "bold"},
    }
