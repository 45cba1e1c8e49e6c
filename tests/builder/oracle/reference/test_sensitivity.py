from __future__ import annotations

from builder.oracle.reference.sensitivity import sensitivity
from builder.records import Risk
from builder.tables import to_json
from tests.factories import make_risk


def risk(item_id: str, trait: str, trigger: int, pg: float | None, source: str) -> Risk:
    return make_risk(item_id, trait, "unknown", ddd_trigger=trigger, pg_risk=pg, source=source)


RISKS = [
    risk("imdb:tt0114709", "gore", 0, 0.74358974, "ParentGuide"),
    risk("imdb:tt0000002", "gore", 0, None, ""),
    risk("imdb:tt0000001", "gore", 0, 0.4444, ""),
    risk("esrb:portal-2", "gore", 1, None, "DDD"),
    risk("imdb:tt0114709", "pets", 1, 0.25, "Both"),
    risk("imdb:tt0000002", "pets", 0, None, ""),
    risk("imdb:tt0000001", "pets", 0, None, ""),
]


def test_the_reference_s_keys_in_their_order() -> None:
    assert (
        to_json(sensitivity(RISKS, 0.66)[1:]).decode()
        == """[
  {
    "imdbId": "0114709",
    "traits": {
      "gore": {
        "final": 0.7436,
        "unsafe": true,
        "source": "ParentGuide",
        "ddd_trigger": 0,
        "pg_risk": 0.7436
      },
      "pets": {
        "final": 1.0,
        "unsafe": true,
        "source": "Both",
        "ddd_trigger": 1,
        "pg_risk": 0.25
      }
    }
  }
]
"""
    )


def test_games_and_films_of_which_nothing_is_known_are_left_out() -> None:
    assert [film["imdbId"] for film in sensitivity(RISKS, 0.66)] == ["0000001", "0114709"]
    assert sensitivity(RISKS, 0.44)[0]["traits"]["gore"]["unsafe"] is True
