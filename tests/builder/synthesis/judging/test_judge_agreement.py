from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from builder.llm.protocol import ChatRequest, R, Reply
from builder.sources import Reject
from builder.synthesis.judging.judge_agreement import agreement, judge_sample
from builder.synthesis.judging.judging import JudgeRequester
from builder.synthesis.judging.judging_context import JudgingContext
from builder.synthesis.judging.rubrics import read_rubrics
from builder.taxonomy import Taxonomy
from tests.factories import make_conversation, make_item, make_judgement, make_oracle


def test_agreement_is_told_by_look_and_rubric() -> None:
    first = [
        make_judgement("a", "natural", 5),
        make_judgement("b", "natural", 3),
        make_judgement("b", "wish_intact", 5),
    ]
    again = [
        make_judgement("a", "natural", 5),
        make_judgement("b", "natural", 2),
        make_judgement("z", "natural", 1),
    ]
    looks = {"again": again}
    assert agreement(first, looks) == {
        "again": [{"rubric": "natural", "n": 2, "equal": 0.5, "krippendorff_alpha": 0.8333}]
    }


class _Wavers:
    """Scores 5 when asked first, 4 by the other prompt, 3 when asked again."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def ask(self, request: ChatRequest[R]) -> Reply[R]:
        self.asked.append((request.task, request.row_id))
        score = 4 if request.task.endswith("_other") else 3 if "#again" in request.row_id else 5
        fields: Mapping[str, Any] = {
            name: {"score": score, "note": ""} for name in request.reply.model_fields
        }
        return Reply(request.reply.model_validate(fields), "judge")


@pytest.mark.parametrize(("share", "n_rows"), [(1.0, 1), (0.0, 0)])
def test_a_sample_is_asked_again_and_by_another_prompt(
    taxonomy: Taxonomy,
    reject: Reject,
    share: float,
    n_rows: int,
) -> None:
    row = make_conversation()
    items = [make_item(f"imdb:{i}", i) for i in ("k0", "k1")]
    asking = JudgeRequester(
        JudgingContext.of([row], items, taxonomy, make_oracle([]), seed=1), read_rubrics(), 999
    )
    client = _Wavers()
    looks = judge_sample(client, [row], asking, share=share, seed=1, workers=1, reject=reject)
    assert all(j.row_id == "t1/1#explicit" for found in looks.values() for j in found)
    assert {j.score for j in looks["again"]} == ({3} if n_rows else set())
    assert {j.score for j in looks["other_prompt"]} == ({4} if n_rows else set())
    assert (
        client.asked
        == [
            ("judge_conversation", "t1/1#explicit#again"),
            ("judge_conversation_other", "t1/1#explicit"),
        ]
        * n_rows
    )
