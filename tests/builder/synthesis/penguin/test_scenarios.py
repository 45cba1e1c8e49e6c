from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from builder.llm.offline import OfflineWriter
from builder.llm.protocol import ChatRequest, Failure, R, Reply
from builder.records import Scenario
from builder.sources import Reject
from builder.synthesis.penguin.profiles import ATTRIBUTES
from builder.synthesis.penguin.scenarios import (
    TASK,
    WritingRules,
    plan_scenarios,
    scenario_request,
    write_scenarios,
)
from builder.synthesis.penguin.templates import (
    DOMAINS,
    ScenarioGrammar,
    ScenarioTemplates,
    wordings_of,
)
from builder.synthesis.text_limits import QueryLength

RULES = WritingRules(attempts=8, max_overlap=0.5, queries=QueryLength(min_words=4, max_words=40))
PER_DOMAIN = 24


class Scripted:
    """Says the next line of a script to each request, and remembers the requests."""

    def __init__(self, *lines: str | None) -> None:
        self._lines = list(lines)
        self.asked: list[str] = []

    def ask(self, request: ChatRequest[R]) -> Reply[R] | Failure:
        self.asked.append(request.row_id)
        line = self._lines.pop(0)
        if line is None:
            return Failure("model refused", "no", "scripted")
        words = {"query": line, "emotional_state": "The user waits."}
        return Reply(request.reply.model_validate(words), "scripted")


@pytest.fixture(scope="module")
def leaves() -> ScenarioTemplates:
    return ScenarioTemplates.load()


def written(
    leaves: ScenarioTemplates, reject: Reject, seed: int = 1, workers: int = 2
) -> list[Scenario]:
    client = OfflineWriter(seed, {TASK: ScenarioGrammar(leaves, seed)})
    plans = plan_scenarios(leaves, PER_DOMAIN, seed)
    return write_scenarios(client, plans, RULES, workers=workers, reject=reject)


@pytest.fixture(scope="module")
def rows(leaves: ScenarioTemplates) -> list[Scenario]:
    def fail(place: str, reason: str, detail: str) -> None:
        raise AssertionError(f"{place} {reason} {detail}")

    return written(leaves, fail)


def test_every_domain_gets_its_rows_and_no_query_stands_twice(rows: list[Scenario]) -> None:
    assert [row.domain for row in rows] == [d for d in DOMAINS for _ in range(PER_DOMAIN)]
    assert len({row.query.casefold() for row in rows}) == len(rows) == 168
    assert len({row.scenario_id for row in rows}) == len(rows)


def test_a_synthetic_row_has_every_attribute_and_its_leaf(
    rows: list[Scenario], leaves: ScenarioTemplates
) -> None:
    for row in rows:
        assert (row.source, row.made_by) == ("synthetic", "offline-writer/1")
        assert row.scenario in {leaf.name for leaf in leaves.by_domain[row.domain]}  # type: ignore[index]
        assert [f.name for f in fields(row) if not getattr(row, f.name)] == ["dialog_id"]
        for name in ATTRIBUTES:
            if name != "emotional_state":
                leaves.vocabulary.find(name, getattr(row, name))


def test_queries_are_varied(rows: list[Scenario]) -> None:
    first_words = [" ".join(row.query.casefold().split()[:2]) for row in rows]
    assert max(first_words.count(start) for start in first_words) <= len(rows) / 6
    assert len({row.emotional_state for row in rows}) >= 160
    assert any(row.query[0].islower() for row in rows)


def test_rows_do_not_depend_on_workers_but_on_the_seed(
    rows: list[Scenario], leaves: ScenarioTemplates, reject: Reject
) -> None:
    assert written(leaves, reject, workers=7) == rows
    assert written(leaves, reject, seed=2) != rows


def test_more_rows_change_no_profile(leaves: ScenarioTemplates) -> None:
    few, many = plan_scenarios(leaves, 3, 1), plan_scenarios(leaves, 9, 1)
    assert {p.scenario_id: p for p in few}.items() <= {p.scenario_id: p for p in many}.items()


def test_a_repeated_query_is_asked_for_again(
    leaves: ScenarioTemplates, reject: Reject, rejected: list[Any]
) -> None:
    plans = plan_scenarios(leaves, 2, 1)[:2]
    client = Scripted("How long does it take?", "how long does it take", "Who do I ask about it?")
    rows = write_scenarios(client, plans, RULES, workers=1, reject=reject)
    assert [row.query for row in rows] == ["How long does it take?", "Who do I ask about it?"]
    assert client.asked == [
        "synthetic:life:0000#0",
        "synthetic:life:0001#0",
        "synthetic:life:0001#1",
    ]
    assert rejected == []


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["How long does it take?"] * 3, "query repeated"),
        (["How long does it take?", "Too short?", "Too short?"], "query too short or too long"),
        (["How long does it take?", None], "model refused"),
    ],
    ids=["repeated", "short", "refused"],
)
def test_a_query_that_cannot_stand_is_rejected(
    leaves: ScenarioTemplates,
    reject: Reject,
    rejected: list[tuple[str, str, str]],
    lines: list[str | None],
    reason: str,
) -> None:
    plans = plan_scenarios(leaves, 2, 1)[:2]
    rules = RULES.model_copy(update={"attempts": 2})
    rows = write_scenarios(Scripted(*lines), plans, rules, workers=1, reject=reject)
    assert [row.scenario_id for row in rows] == ["synthetic:life:0000"]
    assert [(place, why) for place, why, _ in rejected] == [("synthetic:life:0001", reason)]


def test_near_copies_are_only_sought_within_a_leaf(
    leaves: ScenarioTemplates, reject: Reject, rejected: list[tuple[str, str, str]]
) -> None:
    n_leaves = len(leaves.by_domain["life"])
    plans = plan_scenarios(leaves, n_leaves + 1, 1)
    same_leaf, other_leaf = [plans[0], plans[n_leaves]], plans[:2]
    rules = RULES.model_copy(update={"attempts": 1})
    lines = ("How long does it take to heal?", "How long does it take to fix?")
    assert len(write_scenarios(Scripted(*lines), other_leaf, rules, workers=1, reject=reject)) == 2
    assert len(write_scenarios(Scripted(*lines), same_leaf, rules, workers=1, reject=reject)) == 1
    assert [why for _, why, _ in rejected] == ["query too like another"]


def test_a_model_reads_profile_and_leaf(leaves: ScenarioTemplates) -> None:
    plan = plan_scenarios(leaves, 1, 1)[0]
    first, second = scenario_request(plan, 0), scenario_request(plan, 1)
    system, user = first.messages
    assert first.prompt_version.startswith("scenario/1@")
    assert plan.leaf.name in user.content
    assert all(option.text in user.content for option in plan.profile.values())
    assert any(wording in user.content for wording in wordings_of(plan.leaf))
    assert "emotional_state" in system.content
    assert first.key({}) != second.key({})
