"""Synthetic PENGUIN rows (arXiv 2505.18882).

The profile of a row is always drawn here, by the rules of penguin/attributes.yaml; a writer only
words the question and the emotional state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from builder.llm.asking import ask_all
from builder.llm.protocol import ChatClient, ChatRequest, Failure, ReplyModel
from builder.near_copies.shingles import jaccard, shingle_set
from builder.records import Scenario
from builder.seeding import keyed_rng
from builder.settings import Strict
from builder.sources import Reject
from builder.synthesis.diversity import words_of
from builder.synthesis.penguin.profiles import Profile
from builder.synthesis.penguin.templates import (
    DOMAINS,
    Leaf,
    PenguinDomain,
    ScenarioTemplates,
    wordings_of,
)
from builder.synthesis.prompting import prompt
from builder.synthesis.text_limits import QueryLength

TASK = "scenario"
"""Task of the requests, and name of the prompt file."""

_N_EXAMPLES = 3


class WrittenScenario(ReplyModel):
    """What a writer adds to a drawn profile."""

    query: str
    emotional_state: str


class WritingRules(Strict):
    """What a query must be like.

    Attributes:
        attempts: How often a row is asked for at most.
        max_overlap: Jaccard overlap of word pairs from which two queries of a leaf count as one.
        queries: How long a query is.
    """

    attempts: Annotated[int, Field(ge=1)]
    max_overlap: Annotated[float, Field(gt=0, le=1)]
    queries: QueryLength


@dataclass(frozen=True, slots=True)
class Plan:
    """A synthetic row before it is written: the nth row of its leaf, with its profile."""

    scenario_id: str
    domain: PenguinDomain
    leaf: Leaf
    nth: int
    profile: Profile


def plan_scenarios(templates: ScenarioTemplates, per_domain: int, seed: int) -> list[Plan]:
    """Return the synthetic rows to write, taking the leaves of each domain in turn.

    A row depends only on its number, so that a larger `per_domain` only adds rows.

    Raises:
        LookupError: If the needs of a leaf contradict the rules.
    """
    plans = []
    for domain in DOMAINS:
        in_turn = templates.by_domain[domain]
        for number in range(per_domain):
            leaf, nth = in_turn[number % len(in_turn)], number // len(in_turn)
            scenario_id = f"synthetic:{domain}:{number:04d}"
            rng = keyed_rng(seed, "profile", scenario_id)
            profile = templates.vocabulary.draw(rng, leaf.needs, leaf.tags)
            plans.append(Plan(scenario_id, domain, leaf, nth, profile))
    return plans


def scenario_request(plan: Plan, attempt: int) -> ChatRequest[WrittenScenario]:
    """Return the request for a row's words; each attempt draws other examples."""
    profile = {name: option.text for name, option in plan.profile.items()}
    rng = keyed_rng(plan.scenario_id, attempt)
    template = prompt(TASK)
    examples = rng.sample(wordings_of(plan.leaf), _N_EXAMPLES)
    return ChatRequest(
        task=TASK,
        row_id=f"{plan.scenario_id}#{attempt}",
        prompt_version=template.version,
        messages=template.render(
            domain=plan.domain,
            scenario=plan.leaf.name,
            profile=[(name.replace("_", " "), text) for name, text in profile.items()],
            examples=examples,
            number=plan.nth + 1,
        ),
        reply=WrittenScenario,
        inputs={
            "domain": plan.domain,
            "scenario": plan.leaf.name,
            "profile": profile,
            "nth": plan.nth,
            "attempt": attempt,
        },
    )


def write_scenarios(
    client: ChatClient,
    plans: Sequence[Plan],
    rules: WritingRules,
    *,
    workers: int,
    reject: Reject,
) -> list[Scenario]:
    """Return the synthetic rows in the plans' order, no two with the same query.

    A row whose query breaks the rules is asked for again, and rejected if it still does. Of two
    rows with the same query, the first keeps it.
    """
    queries, written = _Queries(rules), dict[str, Scenario]()
    waiting = list(plans)
    for attempt in range(rules.attempts):
        requests = [scenario_request(plan, attempt) for plan in waiting]
        outcomes = ask_all(client, requests, workers)
        again = []
        for plan, (_, outcome) in zip(waiting, outcomes, strict=True):
            if isinstance(outcome, Failure):
                reject(plan.scenario_id, outcome.reason, outcome.detail)
                continue
            problem = queries.problem(outcome.value.query, plan.leaf.name)
            if problem is None:
                queries.add(outcome.value.query, plan.leaf.name)
                written[plan.scenario_id] = _synthetic(plan, outcome.value, outcome.made_by)
            elif attempt + 1 < rules.attempts:
                again.append(plan)
            else:
                reject(plan.scenario_id, problem, outcome.value.query)
        waiting = again
    return [written[plan.scenario_id] for plan in plans if plan.scenario_id in written]


def _synthetic(plan: Plan, words: WrittenScenario, made_by: str) -> Scenario:
    texts = {name: option.text for name, option in plan.profile.items()}
    return Scenario(
        scenario_id=plan.scenario_id,
        domain=plan.domain,
        made_by=made_by,
        source="synthetic",
        query=words.query.strip(),
        scenario=plan.leaf.name,
        emotional_state=words.emotional_state.strip(),
        **texts,
    )


class _Queries:
    """The queries taken so far."""

    def __init__(self, rules: WritingRules) -> None:
        self._rules = rules
        self._taken: set[tuple[str, ...]] = set()
        self._pairs_by_leaf: dict[str, list[frozenset[str]]] = {}

    def problem(self, query: str, leaf: str) -> str | None:
        """Return why a query cannot be used; None if it can."""
        words = tuple(words_of(query))
        length = self._rules.queries
        if not length.min_words <= len(words) <= length.max_words:
            return "query too short or too long"
        if words in self._taken:
            return "query repeated"
        pairs = shingle_set(words, 2)
        others = self._pairs_by_leaf.get(leaf, [])
        if any(jaccard(pairs, other) >= self._rules.max_overlap for other in others):
            return "query too like another"
        return None

    def add(self, query: str, leaf: str) -> None:
        words = tuple(words_of(query))
        self._taken.add(words)
        self._pairs_by_leaf.setdefault(leaf, []).append(shingle_set(words, 2))
