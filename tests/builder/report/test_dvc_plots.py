"""The page that `dvc plots show` fills."""

from __future__ import annotations

from builder.report.dvc_plots import plots_template


def test_the_template_carries_vega_and_asks_no_server() -> None:
    page = plots_template()
    assert page.count("{plot_divs}") == 1
    assert "{scripts}" not in page
    assert "cdn." not in page
    assert "<script src" not in page
    assert page.count("</script>") == 1
    assert "vegaEmbed" in page
