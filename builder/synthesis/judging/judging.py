"""Judgements of conversations and scenarios by the rubrics of rubrics.yaml.

One request a row; the judge, rules or a model, answers all of the row's rubrics with a score from
1 to 5 and a note. Rows without a constraint are the yardstick of their set and are not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from builder.llm.asking import ask_all
from builder.llm.prompts import fence
from builder.llm.protocol import ChatClient, ChatRequest, Failure, Grammar, Reply
from builder.records import Conversation, Judgement, Scenario
from builder.rows import to_row
from builder.sources import Reject
from builder.synthesis.constraints.constraint_task import told_style
from builder.synthesis.diversity import copies, nearest_overlaps
from builder.synthesis.judging.consistency import find_faults
from builder.synthesis.judging.judge_rules import Limits, read_rules
from builder.synthesis.judging.judging_context import GRAM_WORDS, Bench, said
from builder.synthesis.judging.rubrics import ConversationMarks, Rubrics, ScenarioMarks
from builder.synthesis.judging.rule_judges import (
    ConversationRules,
    OtherConversationRules,
    ScenarioRules,
)
from builder.synthesis.prompting import fenced, prompt
from builder.synthesis.seeker.writing_style import WritingStyle

CONVERSATION_TASK, SCENARIO_TASK = "judge_conversation", "judge_scenario"
OTHER_TASK = "judge_conversation_other"
"""The same rubrics in another wording, for a sample; see judge_agreement.py."""

AGAIN = "#again"
"""Marks the row of a request whose question was asked before."""


def grammars(limits: Limits) -> dict[str, Grammar]:
    """Return the offline judge's rules by task."""
    rules = read_rules()
    return {
        CONVERSATION_TASK: ConversationRules(rules, limits),
        OTHER_TASK: OtherConversationRules(rules, limits),
        SCENARIO_TASK: ScenarioRules(rules, limits),
    }


@dataclass(frozen=True, slots=True)
class Asking:
    """What goes into every question on a conversation; `max_chars` bounds each text of it."""

    bench: Bench
    rubrics: Rubrics
    max_chars: int

    def request(
        self, row: Conversation, *, task: str = CONVERSATION_TASK, suffix: str = ""
    ) -> ChatRequest[ConversationMarks]:
        """Return the question for the marks of a conversation that holds a constraint.

        Args:
            row: The conversation.
            task: Names the prompt.
            suffix: Added to the row's id, so that asking again is a question of its own.

        Raises:
            ValueError: If it holds no constraint.
        """
        return _conversation_request(row, self, task, suffix)


def _conversation_request(
    row: Conversation, asking: Asking, task: str, suffix: str
) -> ChatRequest[ConversationMarks]:
    bench, rubrics, max_chars = asking.bench, asking.rubrics, asking.max_chars
    if row.constraint is None:
        raise ValueError(f"{row.conversation_id} holds no constraint")
    asked = prompt(task)
    traits = bench.taxonomy.traits
    trait = traits.get(row.constraint.trait)
    short = trait.short if trait else row.constraint.trait
    own = [message.content for message in row.messages if message.role == "user"]
    without = bench.original.get(row.sample_id)
    original = [m.content for m in without.messages if m.role == "user"] if without else []
    faults = [asdict(fault) for fault in find_faults(row, bench.title_by_id, bench.oracle)]
    return ChatRequest(
        task=task,
        row_id=row.conversation_id + suffix,
        prompt_version=asked.version,
        messages=asked.render(
            rubrics=rubrics.of("conversation"),
            trait=row.constraint.trait,
            short=short,
            style=f"{row.constraint.style}: {told_style(row.constraint.style)}",
            two_parts=bool(row.constraint.earlier),
            also=[traits[name].short if name in traits else name for name in row.also],
            constraint=fence(said(row.constraint), max_chars),
            original=fence("\n\n".join(original), max_chars) if original else "not known",
            conversation=fenced(row.messages, max_chars),
            kept=_titles(row.safe, bench),
            left_out=_titles([entry.item_id for entry in row.filtered], bench),
            unknown=_titles(row.unknown, bench),
            reasoning=_reasoning(row, asking),
            faults=[fault["text"] for fault in faults],
        ),
        reply=ConversationMarks,
        inputs={
            "trait_id": trait.id if trait else "",
            "short": short,
            "style": row.constraint.style,
            "text": row.constraint.text,
            "earlier": row.constraint.earlier,
            "message": row.messages[row.constraint.message].content,
            "own": own,
            "original": original,
            "writes_lower": WritingStyle.of(without.messages if without else row.messages).lower,
            "nearest": bench.nearest[row.conversation_id],
            "n_copies": bench.n_copies[row.conversation_id],
            "faults": faults,
        },
    )


def _reasoning(row: Conversation, asking: Asking) -> str:
    bench = asking.bench
    text = bench.reasoner.reasoning(row, lambda i: bench.title_by_id.get(i, i))
    return fence(text, asking.max_chars) if text else "none"


def _titles(item_ids: Sequence[str], bench: Bench) -> list[str]:
    return [bench.title_by_id.get(item_id, item_id) for item_id in item_ids]


_HIDDEN = frozenset({"scenario_id", "made_by", "query"})


def scenario_request(
    row: Scenario, nearest: float, n_copies: int, rubrics: Rubrics
) -> ChatRequest[ScenarioMarks]:
    """Return the question for the marks of a scenario.

    Args:
        row: The scenario.
        nearest: Overlap of its query with the nearest other query, 0 to 1.
        n_copies: Other rows with the same query.
        rubrics: Those of scenarios are asked.
    """
    asked, fields = prompt(SCENARIO_TASK), to_row(row)
    return ChatRequest(
        task=SCENARIO_TASK,
        row_id=row.scenario_id,
        prompt_version=asked.version,
        messages=asked.render(
            rubrics=rubrics.of("scenario"),
            row=[(name, text) for name, text in fields.items() if name not in _HIDDEN],
            query=fence(row.query, len(row.query)),
        ),
        reply=ScenarioMarks,
        inputs={"row": fields, "nearest": nearest, "n_copies": n_copies},
    )


def judge_conversations(
    client: ChatClient,
    rows: Sequence[Conversation],
    asking: Asking,
    *,
    workers: int,
    reject: Reject,
) -> list[Judgement]:
    """Return the judgements of all rows with a constraint, in the rows' order.

    Where a set lacks the variant without a constraint, `wish_intact` is not judged but rejected.
    """
    requests = (asking.request(row) for row in rows if row.constraint is not None)
    return judge_asked(client, requests, asking.rubrics, workers=workers, reject=reject)


def judge_asked(
    client: ChatClient,
    requests: Iterable[ChatRequest[ConversationMarks]],
    rubrics: Rubrics,
    *,
    workers: int,
    reject: Reject,
) -> list[Judgement]:
    """Return the judgements that answer some requests, under the rows' own ids."""
    judgements = []
    for request, outcome in ask_all(client, requests, workers):
        found = _judgements(request.row_id.removesuffix(AGAIN), outcome, rubrics, reject)
        if not request.inputs["original"]:
            reject(request.row_id, "no variant without the constraint", "wish_intact not judged")
            found = [judgement for judgement in found if judgement.rubric != "wish_intact"]
        judgements += found
    return judgements


def judge_scenarios(
    client: ChatClient,
    rows: Sequence[Scenario],
    rubrics: Rubrics,
    *,
    workers: int,
    reject: Reject,
) -> list[Judgement]:
    """Return the judgements of all scenarios, in the rows' order."""
    queries = [row.query for row in rows]
    measured = zip(rows, nearest_overlaps(queries, GRAM_WORDS), copies(queries), strict=True)
    requests = (scenario_request(row, near, n, rubrics) for row, near, n in measured)
    judgements = []
    for request, outcome in ask_all(client, requests, workers):
        judgements += _judgements(request.row_id, outcome, rubrics, reject)
    return judgements


def _judgements(
    row_id: str,
    outcome: Reply[ConversationMarks] | Reply[ScenarioMarks] | Failure,
    rubrics: Rubrics,
    reject: Reject,
) -> list[Judgement]:
    if isinstance(outcome, Failure):
        reject(row_id, outcome.reason, outcome.detail)
        return []
    judge = f"{outcome.made_by} rubrics/{rubrics.version}"
    marks: dict[str, Any] = dict(outcome.value)
    return [Judgement(row_id, name, mark.score, mark.note, judge) for name, mark in marks.items()]
