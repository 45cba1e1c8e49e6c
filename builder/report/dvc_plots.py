"""The page that `dvc plots show` fills, with Vega in it, so that it draws without a network."""

from __future__ import annotations

import vl_convert

_VEGA_LITE = "5.21"
"""DVC's plots are written for Vega-Lite 5."""

_SNIPPET = "window.vegaEmbed = vegaEmbed;"
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
{refresh_tag}
<title>Plots of saferec-builder</title>
<script>%s</script>
</head>
<body>
{plot_divs}
</body>
</html>
"""


def plots_template() -> str:
    """Return the value of DVC's `plots.html_template`, a file of about a megabyte.

    DVC puts its own script tags, which ask a server, in the place of {scripts}; there is none.
    """
    bundle = vl_convert.javascript_bundle(snippet=_SNIPPET, vl_version=_VEGA_LITE)
    return _PAGE % bundle.replace("</script", r"<\/script")
