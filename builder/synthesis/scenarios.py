"""PENGUIN rows (arXiv 2505.18882): synthetic ones from drawn profiles, real ones from posts.

The profile of a synthetic row is always drawn here, under the rules of scenarios/attributes.yaml;
a writer only puts the question and the emotional state into words. A real row holds what the
post's own words state, each value with its quote, and "not given" for all else.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.llm.asking import ask_all
from builder.llm.prompts import Prompt, fence
from builder.llm.protocol import ChatClient, ChatRequest, Failure, ReplyModel
from builder.records import Dialog, Scenario
from builder.seeding import keyed_rng
from builder.sources import Reject
from builder.synthesis.extraction import Extractor
from builder.synthesis.leaves import DOMAINS, Domain, Leaf, Leaves, ScenarioGrammar, wordings_of
from builder.synthesis.profiles import ATTRIBUTES, Profile
from builder.synthesis.yaml_file import FOLDER, Strict

NOT_GIVEN = "not given"
"""What an attribute reads that a post does not state."""

SCENARIO_TASK, PROFILE_TASK = "scenario", "profile"

_N_EXAMPLES = 3


class WrittenScenario(ReplyModel):
    """What a writer adds to a drawn profile."""

    query: str
    emotional_state: str


class Statement(ReplyModel):
    """An attribute's value, and the words of the post that state it."""

    value: str
    quote: str


class StatedProfile(ReplyModel):
    """What a post says of its writer."""

    query: str
    domain: Domain
    education_level: Statement
    age: Statement
    gender: Statement
    marital_status: Statement
    profession: Statement
    economic_status: Statement
    health_status: Statement
    mental_health_status: Statement
    emotional_state: Statement
    self_harm_history: Statement


class WritingRules(Strict):
    """What a query must be: `min_words` to `max_words` long, and unlike the others of its leaf.

    `attempts` bounds how often a row is asked for; `max_overlap` in (0, 1] is the share of word
    pairs, as Jaccard, from which two queries count as one.
    """

    attempts: int
    min_words: int
    max_words: int
    max_overlap: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A synthetic row before it is written: the nth of its leaf, with its profile."""

    scenario_id: str
    domain: Domain
    leaf: Leaf
    nth: int
    profile: Profile


def grammars(leaves: Leaves, extractor: Extractor, seed: int, min_words: int) -> dict[str, Any]:
    """Return the offline writer's grammars of this module's two tasks."""
    return {
        SCENARIO_TASK: ScenarioGrammar(leaves, seed),
        PROFILE_TASK: ProfileGrammar(extractor, min_words),
    }


def plan_scenarios(leaves: Leaves, per_domain: int, seed: int) -> list[Plan]:
    """Return the synthetic rows to write, all leaves of a domain in turn.

    A row depends on its number alone, so that a larger `per_domain` only adds rows.

    Raises:
        LookupError: If the needs of a leaf contradict the rules.
    """
    plans = []
    for domain in DOMAINS:
        in_turn = leaves.by_domain[domain]
        for number in range(per_domain):
            leaf, nth = in_turn[number % len(in_turn)], number // len(in_turn)
            scenario_id = f"synthetic:{domain}:{number:04d}"
            rng = keyed_rng(seed, "profile", scenario_id)
            profile = leaves.vocabulary.draw(rng, leaf.needs, leaf.tags)
            plans.append(Plan(scenario_id, domain, leaf, nth, profile))
    return plans


def scenario_request(plan: Plan, prompt: Prompt, attempt: int) -> ChatRequest[WrittenScenario]:
    """Return the question for a row's words; each attempt is a draw of its own."""
    profile = {name: option.text for name, option in plan.profile.items()}
    rng = keyed_rng(plan.scenario_id, attempt)
    examples = rng.sample(wordings_of(plan.leaf), _N_EXAMPLES)
    return ChatRequest(
        task=SCENARIO_TASK,
        row_id=f"{plan.scenario_id}#{attempt}",
        prompt_version=prompt.version,
        messages=prompt.render(
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
    prompt: Prompt,
    rules: WritingRules,
    *,
    workers: int,
    reject: Reject,
) -> list[Scenario]:
    """Return the synthetic rows, no query twice, in the plans' order.

    A row whose query does not hold to the rules is asked for again; what then still does not is
    rejected. The first row in the plans' order keeps a query that two have.
    """
    queries, written = _Queries(rules), dict[str, Scenario]()
    waiting = list(plans)
    for attempt in range(rules.attempts):
        requests = [scenario_request(plan, prompt, attempt) for plan in waiting]
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
        self._pairs_by_leaf: dict[str, list[frozenset[tuple[str, str]]]] = {}

    def problem(self, query: str, leaf: str) -> str | None:
        """Return why a query cannot be taken, None where it can."""
        words = _words(query)
        if not self._rules.min_words <= len(words) <= self._rules.max_words:
            return "query too short or too long"
        if words in self._taken:
            return "query repeated"
        pairs = _pairs(words)
        others = self._pairs_by_leaf.get(leaf, [])
        if any(_jaccard(pairs, other) >= self._rules.max_overlap for other in others):
            return "query too like another"
        return None

    def add(self, query: str, leaf: str) -> None:
        words = _words(query)
        self._taken.add(words)
        self._pairs_by_leaf.setdefault(leaf, []).append(_pairs(words))


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[\w']+", text.casefold().replace("’", "'")))


def _pairs(words: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return frozenset(zip(words, words[1:], strict=False))


def _jaccard(one: frozenset[Any], other: frozenset[Any]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 0.0


class ProfileGrammar:
    """Extracts what a post states, by patterns; the task "profile"."""

    def __init__(self, extractor: Extractor, min_words: int) -> None:
        self._extractor = extractor
        self._min_words = min_words

    def __call__(self, inputs: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
        """Return the reply's fields; nothing is drawn."""
        stated = self._extractor.profile(inputs["posts"])
        given = {name: {"value": s.value, "quote": s.quote} for name, s in stated.items()}
        missing = {name: {"value": NOT_GIVEN, "quote": ""} for name in ATTRIBUTES}
        return {
            "query": self._extractor.question(inputs["opening"], self._min_words) or "",
            "domain": self._extractor.domain(inputs["opening"]),
            **missing,
            **given,
        }


def profile_request(
    dialog: Dialog, prompt: Prompt, max_chars: int
) -> ChatRequest[StatedProfile] | None:
    """Return the question for what a dialog's seeker says of themselves, None without a seeker.

    Args:
        dialog: Pseudonymised; only turns of whoever spoke first as a seeker are read.
        prompt: The prompt "profile".
        max_chars: Longest text put before a model.
    """
    seekers = [turn for turn in dialog.turns if turn.role == "seeker"]
    own = [turn.text for turn in seekers if turn.author == seekers[0].author]
    if not own:
        return None
    posts = "\n".join(own)
    return ChatRequest(
        task=PROFILE_TASK,
        row_id=f"real:{dialog.dialog_id}",
        prompt_version=prompt.version,
        messages=prompt.render(posts=fence(posts, max_chars)),
        reply=StatedProfile,
        inputs={"opening": own[0], "posts": posts},
    )


def extract_scenarios(
    client: ChatClient,
    dialogs: Sequence[Dialog],
    prompt: Prompt,
    *,
    min_stated: int,
    max_chars: int,
    workers: int,
    reject: Reject,
) -> list[Scenario]:
    """Return the real rows, in the dialogs' order.

    Rejected are posts that ask nothing, that state fewer than `min_stated` attributes, or whose
    question stands in a row already. A value or a question whose words are not the post's own is
    not taken from any writer.
    """
    asked = [(d, profile_request(d, prompt, max_chars)) for d in dialogs]
    for dialog, request in asked:
        if request is None:
            reject(dialog.dialog_id, "nobody asks", f"{len(dialog.turns)} turns")
    requests = [request for _, request in asked if request is not None]
    rows, taken = [], set[tuple[str, ...]]()
    for request, outcome in ask_all(client, requests, workers):
        if isinstance(outcome, Failure):
            reject(request.row_id, outcome.reason, outcome.detail)
            continue
        row = _real(request, outcome.value, outcome.made_by)
        n_stated = sum(getattr(row, name) != NOT_GIVEN for name in ATTRIBUTES)
        if n_stated < min_stated:
            reject(row.scenario_id, "too few attributes stated", f"{n_stated} of {min_stated}")
        elif not row.query:
            reject(row.scenario_id, "no question of the post's own", outcome.value.query)
        elif _words(row.query) in taken:
            reject(row.scenario_id, "query repeated", row.query)
        else:
            taken.add(_words(row.query))
            rows.append(row)
    return rows


def _real(request: ChatRequest[StatedProfile], said: StatedProfile, made_by: str) -> Scenario:
    posts = _spaced(request.inputs["posts"])
    stated = {name: _stated(getattr(said, name), posts) for name in ATTRIBUTES}
    query = said.query.strip()
    return Scenario(
        scenario_id=request.row_id,
        domain=said.domain,
        made_by=made_by,
        source="real",
        query=query if _spaced(query) in posts else "",
        scenario=said.domain,
        **stated,
    )


def _stated(statement: Statement, posts: str) -> str:
    quote = _spaced(statement.quote)
    return statement.value.strip() if quote and quote in posts else NOT_GIVEN


def _spaced(text: str) -> str:
    return " ".join(text.casefold().split())


def read_prompt(task: str) -> Prompt:
    """Return the prompt file of one of this module's tasks."""
    return Prompt.read(FOLDER / "prompts" / f"{task}.md")
