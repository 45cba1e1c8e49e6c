from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from builder.llm.offline import OfflineWriter
from builder.llm.protocol import ChatRequest, Failure, R, Reply
from builder.records import (
    Constraint,
    Conversation,
    Filtered,
    Judgement,
    Message,
    OpenPoint,
    Reason,
    Risk,
)
from builder.sources import Reject
from builder.synthesis.judging.judge_rules import Limits
from builder.synthesis.judging.judging import (
    JudgeRequester,
    grammars,
    judge_conversations,
    judge_scenarios,
)
from builder.synthesis.judging.judging_context import JudgingContext, compare_constraints
from builder.synthesis.judging.rubrics import ConversationMarks, ScenarioMarks, read_rubrics
from builder.synthesis.text_limits import QueryLength
from builder.taxonomy import Taxonomy
from tests.factories import (
    DOGS,
    make_conversation,
    make_item,
    make_oracle,
    make_risk,
    make_scenario,
)

LIMITS = Limits(
    constraint_min_words=2,
    constraint_max_words=30,
    queries=QueryLength(min_words=4, max_words=20),
    near_copy=0.6,
)
HORSE_DIES, DOG_OPEN = Reason("yes", ("does-a-horse-die",), "ours"), ("does-the-dog-die",)
TITLES = {"k0": "Unforgiven", "k1": "Heat", "f0": "War Horse", "u0": "Tracks"}
ITEMS = {name: make_item(f"imdb:{name}", title) for name, title in TITLES.items()}


@pytest.fixture
def rows() -> list[Conversation]:
    stated = make_conversation(
        variant="stated",
        constraint=Constraint(DOGS, "stated", "Please nothing where the horse dies.", 0),
        filtered=(Filtered("imdb:f0", (DOGS,), (HORSE_DIES,)),),
        open_points=(OpenPoint("imdb:u0", DOGS, DOG_OPEN),),
    )
    without = replace(
        stated,
        conversation_id="t1/1#without",
        variant="without",
        trait=None,
        constraint=None,
        messages=(Message("user", "Slow westerns? Thanks."),),
        safe=stated.recommended,
        filtered=(),
        unknown=(),
        open_points=(),
    )
    return [without, stated]


@pytest.fixture
def risks() -> list[Risk]:
    """Say of each item what its name says."""
    said = {"k": "safe", "f": "unsafe", "u": "unknown"}
    why = {"f": (HORSE_DIES,), "u": (Reason("unanswered", DOG_OPEN),)}
    return [
        make_risk(f"imdb:{name}", DOGS, said[name[0]], reasons=why.get(name[0], ()))
        for name in TITLES
    ]


@pytest.fixture
def bench(rows: list[Conversation], taxonomy: Taxonomy, risks: list[Risk]) -> JudgingContext:
    return JudgingContext.of(rows, list(ITEMS.values()), taxonomy, make_oracle(risks), seed=1)


def judged(rows: list[Conversation], bench: JudgingContext, reject: Reject) -> list[Judgement]:
    return judge_conversations(
        OfflineWriter(1, grammars(LIMITS)),
        rows,
        JudgeRequester(bench, read_rubrics(), 2000),
        workers=2,
        reject=reject,
    )


def test_a_row_with_a_constraint_is_judged_on_every_rubric(
    rows: list[Conversation], bench: JudgingContext, reject: Reject, rejected: list[Any]
) -> None:
    found = judged(rows, bench, reject)
    assert [(j.row_id, j.rubric, j.score) for j in found] == [
        ("t1/1#explicit", "constraint_comes_through", 5),
        ("t1/1#explicit", "wish_intact", 5),
        ("t1/1#explicit", "natural", 5),
        ("t1/1#explicit", "facts_right", 5),
    ]
    assert {j.judge for j in found} == {"offline-writer/1 rubrics/1"}
    assert rejected == []


def test_a_set_without_its_yardstick_is_not_judged_on_the_wish(
    rows: list[Conversation],
    taxonomy: Taxonomy,
    risks: list[Risk],
    reject: Reject,
    rejected: list[Any],
) -> None:
    alone = rows[1:]
    bench = JudgingContext.of(alone, list(ITEMS.values()), taxonomy, make_oracle(risks), seed=1)
    found = judged(alone, bench, reject)
    assert [j.rubric for j in found] == ["constraint_comes_through", "natural", "facts_right"]
    assert rejected == [
        ("t1/1#explicit", "no variant without the constraint", "wish_intact not judged")
    ]


def test_an_invented_title_is_seen(
    rows: list[Conversation], taxonomy: Taxonomy, risks: list[Risk], reject: Reject
) -> None:
    bench = JudgingContext.of(
        rows,
        [ITEMS[name] for name in ("k0", "k1", "f0")],
        taxonomy,
        make_oracle(risks),
        seed=1,
    )
    [facts] = [j for j in judged(rows, bench, reject) if j.rubric == "facts_right"]
    assert facts.score == 1
    assert facts.note.startswith("imdb:u0 is not in the catalogue")


def test_constraints_are_compared_across_threads_and_within_a_trait() -> None:
    def row(dialog_id: str, text: str, trait: str = DOGS, variant: str = "stated") -> Conversation:
        return make_conversation(
            f"{dialog_id}/1#{variant}{trait[:2]}", constraint=Constraint(trait, "stated", text, 0)
        )

    rows = [
        row("t1", "No dead horses at all please"),
        row("t1", "No dead horses at all please", variant="other"),
        row("t2", "no dead horses at all, please!"),
        row("t3", "No dead horses at all thanks"),
        row("t4", "No dead horses at all please", trait="Horror"),
    ]
    nearest, n_copies = compare_constraints(rows)
    assert list(n_copies.values()) == [1, 1, 1, 0, 0]
    assert list(nearest.values()) == [1.0, 1.0, 1.0, pytest.approx(3 / 5), 0.0]


def test_a_judge_reads_rubrics_titles_and_fenced_talk(
    rows: list[Conversation], bench: JudgingContext
) -> None:
    asking = JudgeRequester(bench, read_rubrics(), 2000)
    request = asking.request(rows[1])
    system, user = request.messages
    for name in ConversationMarks.model_fields:
        assert f"{name}: " in system.content
    assert "1: Nothing of the trait can be found" in system.content
    assert "- kept: Unforgiven (2000); Heat (2000)" in user.content
    assert "- left out, because they violate a wish that is in force: War Horse" in user.content
    assert "Also to be spared, by their own words: nothing\n" in user.content
    [further] = asking.request(replace(rows[1], also=("Horror",))).messages[1:]
    assert "Also to be spared, by their own words: Horror\n" in further.content
    assert "Style of the constraint: stated: said outright, without a reason\n" in user.content
    assert "- unknown, because nobody knows enough about them: Tracks (2000)" in user.content
    assert "SEEKER: Slow westerns? Please nothing where the horse dies. Thanks." in user.content
    assert user.content.count("<<<data") == 4
    assert "War Horse (2000)" in user.content.partition("what is left out:")[2]
    assert "a horse dies" in user.content.partition("what is left out:")[2]
    with pytest.raises(ValueError, match="holds no constraint"):
        asking.request(rows[0])


def test_rubrics_and_replies_agree() -> None:
    rubrics = read_rubrics()
    assert [r.id for r in rubrics.of("conversation")] == list(ConversationMarks.model_fields)
    assert [r.id for r in rubrics.of("scenario")] == list(ScenarioMarks.model_fields)
    assert all({1, 3, 5} <= set(rubric.scores) for rubric in rubrics.rubrics)


def test_scenarios_are_judged_beside_each_other(reject: Reject) -> None:
    rows = [
        make_scenario("a", query="Who do I call at night?"),
        make_scenario("b", query="who do I call at night", age="15", marital_status="widowed"),
    ]
    found = judge_scenarios(
        OfflineWriter(1, grammars(LIMITS)), rows, read_rubrics(), workers=1, reject=reject
    )
    assert [(j.row_id, j.rubric, j.score) for j in found] == [
        ("a", "profile_consistent", 5),
        ("a", "query_plausible", 1),
        ("b", "profile_consistent", 1),
        ("b", "query_plausible", 1),
    ]
    assert found[1].note == "word for word in 1 other rows"


class Failing:
    def ask(self, request: ChatRequest[R]) -> Reply[R] | Failure:
        return Failure("model refused", "will not judge", "stub")


def test_a_judge_that_fails_leaves_a_rejection(
    rows: list[Conversation], bench: JudgingContext, reject: Reject, rejected: list[Any]
) -> None:
    found = judge_conversations(
        Failing(), rows, JudgeRequester(bench, read_rubrics(), 99), workers=1, reject=reject
    )
    assert found == []
    assert rejected == [("t1/1#explicit", "model refused", "will not judge")]
