from collections.abc import Callable
from dataclasses import replace

import pytest

from builder.errors import InputError
from builder.llm.protocol import ChatRequest, Failure, R, Reply
from builder.records import Assignment, Conversation, Verdict
from builder.synthesis.constraints.copies import COPIED, CopyRule
from builder.synthesis.constraints.synthesizer import NOTHING_SAFE
from tests.factories import DOGS, make_assignment, make_request
from tests.support.variant_rules import make_variant_rule

Run = Callable[..., list[Conversation]]

POST = "Action please\n\nSeen Heat more often than I can say. Looking for pace and good chases."
VIOLATED = make_assignment(DOGS, reason="1 of 3 goes against it.", confidence=0.6)
CUED = make_assignment(DOGS, "cues", reason="A cue.", cue="good chases")
GORY = replace(CUED, also=("Anti-gore / squeamish",))  # for which no alternative is known


@pytest.mark.parametrize(
    ("assignment", "said", "n_kept"),
    [
        (VIOLATED, ("unsafe", "unknown", "unknown"), 1),
        (VIOLATED, ("unsafe", "unsafe", "unsafe"), 1),
        (CUED, ("unsafe", "unsafe", "unsafe"), 1),
        (GORY, ("unsafe", "unsafe", "unsafe"), 0),
        (CUED, ("unsafe", "unsafe", "unknown"), 1),
    ],
    ids=[
        "unknown is not safe",
        "all unsafe",
        "cue, an alternative",
        "cue, all unsafe",
        "cue, one unknown",
    ],
)
def test_nothing_safe_is_a_counted_rejection(
    run: Run,
    rejected: list[tuple[str, str, str]],
    assignment: Assignment,
    said: tuple[Verdict, ...],
    n_kept: int,
) -> None:
    assert len(run([assignment], said)) == n_kept
    assert {reason for _, reason, _ in rejected} <= {NOTHING_SAFE}
    assert len(rejected) == (2 if assignment is VIOLATED else 1 - n_kept)


def test_an_assignment_of_no_request_ends_the_run(run: Run) -> None:
    with pytest.raises(
        InputError, match="refer to t9#1, which is no request; run `dvc repro assign`"
    ):
        run([replace(VIOLATED, request_id="t9#1")])


class _Refuser:
    def ask(self, request: ChatRequest[R]) -> Reply[R] | Failure:
        return Failure("model refused", "no", "openai:m")


def test_a_variant_without_a_reply_is_rejected_alone(
    run: Run, rejected: list[tuple[str, str, str]]
) -> None:
    assert [row.variant for row in run([VIOLATED], client=_Refuser())] == ["without"]
    assert {reason for _, reason, _ in rejected} == {"model refused"}
    assert len(rejected) == 2


def test_workers_and_order_change_nothing(run: Run) -> None:
    requests = [make_request(POST, f"t{n}#1") for n in range(25)]
    assigned = [replace(VIOLATED, request_id=request.request_id) for request in requests]
    one = run(assigned, requests=requests, workers=1)
    many = run(assigned[::-1], requests=requests[::-1], workers=4)
    assert {row.conversation_id: row for row in one} == {r.conversation_id: r for r in many}


class _Parrot:
    """Says the same of everybody, and something of its own when asked a third time."""

    def ask(self, request: ChatRequest[R]) -> Reply[R] | Failure:
        text = "Nothing with dogs that get hurt, please."
        if request.row_id.endswith("#2"):
            text = f"Keep {request.row_id} clear of hurt dogs."
        value = request.reply.model_validate({"earlier": "", "text": text}, context=request.inputs)
        return Reply(value, "parrot")


@pytest.mark.parametrize("attempts", [2, 3])
def test_a_copy_is_asked_for_anew_and_then_left_out(
    run: Run,
    rejected: list[tuple[str, str, str]],
    attempts: int,
) -> None:
    requests = [make_request(POST, request_id=f"t{n}#1") for n in (1, 2)]
    assigned = [replace(VIOLATED, request_id=request.request_id) for request in requests]
    rows = run(
        assigned,
        requests=requests,
        client=_Parrot(),
        rule=make_variant_rule(styles=["stated"], per_sample=1),
        copies=CopyRule(gram_words=3, min_jaccard=0.6, attempts=attempts),
    )
    told = {row.conversation_id: row.constraint.text for row in rows if row.constraint}
    first, second = "t1#1:violations:stated", "t2#1:violations:stated"
    assert told[first] == "Nothing with dogs that get hurt, please."
    if attempts == 3:
        assert told[second] == f"Keep {second}#2 clear of hurt dogs."
        assert rejected == []
    else:
        assert second not in told
        assert rejected == [(second, COPIED, f"of {first}, overlap 1.00")]
