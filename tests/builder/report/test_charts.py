"""Charts as SVG: the figures are in them, the colours follow the page, ids stay apart."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from builder.report.charts import Span, coverage_chart, lines_chart, systems_chart

ROWS = [
    {"trait": "gore & <blood>", "oracle": oracle, "verdict": verdict, "share": share}
    for oracle in ("building", "grading")
    for verdict, share in (("safe", 0.25), ("unsafe", 0.5), ("unknown", 0.25))
]


def words(svg: str) -> list[str]:
    return [e.text or "" for e in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_bars_stand_for_the_shares_of_each_oracle() -> None:
    svg = coverage_chart(ROWS)
    assert {"building", "grading", "gore & <blood>", "unknown"} <= set(words(svg))
    paths = re.findall(r'aria-roledescription="bar" d="M[\d.]+,[\d.]+h([\d.]+)', svg)
    assert sorted(map(float, paths)) == [75] * 4 + [150] * 2
    for word in ("safe", "unsafe", "unknown"):
        assert svg.count('aria-roledescription="bar" ') == 6
        assert f"var(--{word})" in svg


def test_charts_take_their_colours_from_the_page_alone() -> None:
    svg = lines_chart(
        [{"step": 0, "series": "a", "value": 1.0}, {"step": 1, "series": "a", "value": 0.5}],
        name="loss",
        y_title="loss",
    )
    assert not re.search(r'(fill|stroke)="#0\d0\d0\d"', svg)
    assert "var(--accent)" in svg
    assert "href" not in svg.replace("xmlns:xlink", "")


def test_lines_have_one_path_a_series() -> None:
    rows = [{"step": s, "series": n, "value": s + 1.0} for n in ("a", "b") for s in range(5)]
    svg = lines_chart(rows, name="loss", y_title="mean reward")
    assert svg.count('aria-roledescription="line mark"') == 2
    assert {"a", "b", "mean reward", "step"} <= set(words(svg))


def test_systems_have_a_panel_a_measure_and_a_dot_a_system() -> None:
    rows = [Span("plain", 0.25, 0.4, 0.2, 0.3), Span("safe", 0.05, 0.3, 0.03, 0.09)]
    svg = systems_chart({"SVR@10": rows, "Recall@10": rows})
    assert svg.count('aria-roledescription="circle"') == 4
    assert words(svg).count("plain") == 1
    assert {"SVR@10", "Recall@10"} <= set(words(svg))


def test_ids_of_two_charts_never_meet() -> None:
    rows = [{"step": s, "series": "a", "value": 1.0} for s in range(3)]
    ids = [
        set(re.findall(r'id="([^"]+)"', lines_chart(rows, name=name, y_title="y")))
        for name in ("sft", "gdpo")
    ]
    assert not ids[0] & ids[1]
