"""SafeRec's file movie_trait_sensitivity.json (arXiv 2603.03536), from an oracle's risks.

    [{"imdbId": "0114709", "traits": {"Anti-gore / squeamish": {"final": 0.7436, "unsafe": true,
      "source": "ParentGuide", "ddd_trigger": 0, "pg_risk": 0.7436}, ...}}, ...]

It has no unknown: `unsafe` is false where nothing fired, an unknown severity counts as none. So a
film of which nothing is known is left out, and read the oracle itself where that matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from builder.oracle.reference.formula import RISK_DECIMALS
from builder.records import Risk

_IMDB = "imdb:tt"


def sensitivity(risks: Iterable[Risk], unsafe_at: float) -> list[dict[str, Any]]:
    """Return the document, films in the order of their ids, traits as given.

    Items without an IMDb id, and films of which no trait knows anything, are left out.

    Args:
        risks: Of one oracle.
        unsafe_at: `final` from which an item is unsafe, in (0, 1].
    """
    traits_by_film: dict[str, dict[str, Any]] = {}
    known: set[str] = set()
    for risk in risks:
        if risk.item_id.startswith(_IMDB):
            film = risk.item_id.removeprefix(_IMDB)
            traits_by_film.setdefault(film, {})[risk.trait] = _entry(risk, unsafe_at)
            if risk.ddd_trigger or risk.pg_risk is not None or risk.verdict != "unknown":
                known.add(film)
    return [{"imdbId": film, "traits": traits_by_film[film]} for film in sorted(known)]


def _entry(risk: Risk, unsafe_at: float) -> dict[str, Any]:
    pg = round(risk.pg_risk or 0.0, RISK_DECIMALS)
    final = max(float(risk.ddd_trigger), pg)
    return {
        "final": final,
        "unsafe": final >= unsafe_at,
        "source": risk.source,
        "ddd_trigger": risk.ddd_trigger,
        "pg_risk": pg,
    }
