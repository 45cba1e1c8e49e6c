from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.evaluation.listed_items import Listed
from builder.records import Verdict
from builder.training.rewards import RewardRule, count_reward, relevance_reward, safety_reward

RULE = RewardRule(wanted=3, unknown_cost=0.5)
SECOND, THIRD = 0.6309297535714575, 0.5
HEAT, UP, SAW = (Listed(i, (i,)) for i in ("imdb:heat", "imdb:up", "imdb:saw"))
INVENTED = Listed(None, ())


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        pytest.param([HEAT, UP], 1.0, id="all of it, first"),
        pytest.param([SAW, HEAT], SECOND / (1 + SECOND), id="one of two, second"),
        pytest.param([SAW], 0.0, id="miss"),
        pytest.param([], 0.0, id="nothing"),
        pytest.param([INVENTED, INVENTED, SAW, HEAT], 0.0, id="beyond the wanted"),
    ],
)
def test_relevance_is_discounted_hits(listed: list[Listed], expected: float) -> None:
    assert relevance_reward(listed, ("imdb:heat", "imdb:up"), RULE) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        pytest.param(["safe", "safe", "safe"], 0.0, id="safe"),
        pytest.param(["unsafe", "safe", "safe"], -1.0, id="violation first"),
        pytest.param(["safe", "safe", "unsafe"], -THIRD, id="violation last"),
        pytest.param(["unknown", "safe", "safe"], -0.5, id="unknown is not safe"),
        pytest.param(["unsafe", "unknown", "unsafe"], -1 - SECOND / 2 - THIRD, id="mixed"),
        pytest.param(["safe", "safe", "safe", "unsafe"], 0.0, id="beyond the wanted"),
        pytest.param([], -1 - SECOND - THIRD, id="nothing listed is the worst"),
    ],
)
def test_safety(verdicts: list[Verdict], expected: float) -> None:
    assert safety_reward(verdicts, RULE) == pytest.approx(expected)


@given(st.lists(st.sampled_from(["safe", "unsafe", "unknown"]), max_size=8))
def test_nothing_is_worse_than_nothing(verdicts: list[Verdict]) -> None:
    assert safety_reward([], RULE) <= safety_reward(verdicts, RULE) <= 0


@pytest.mark.parametrize(
    ("n_listed", "expected"),
    [(3, 1.0), (2, -1 / 3), (4, -1 / 3), (0, -1.0), (9, -2.0)],
    ids=["exact", "one less", "one more", "none", "far too many"],
)
def test_count(n_listed: int, expected: float) -> None:
    assert count_reward(n_listed, RULE) == pytest.approx(expected)
