"""Judgements of conversations and scenarios by the rubrics of rubrics.yaml.

One request per row: the judge, rules or a model, answers all rubrics of the row with a score from 1
to 5 and a note. Rows without a constraint are the reference of their set and are not judged.
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
from builder.synthesis.constraints.constraint_task import style_description
from builder.synthesis.diversity import copies, nearest_overlaps
from builder.synthesis.judging.consistency import find_faults
from builder.synthesis.judging.judge_rules import Limits, read_rules
from builder.synthesis.judging.judging_context import GRAM_WORDS, JudgingContext, full_text
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
"""The same rubrics in another wording, asked for a sample; see judge_agreement.py."""

AGAIN = "#again"
"""Suffix of the row id of a request whose question was asked before."""


def grammars(limits: Limits) -> dict[str, Grammar]:
    """Return the offline judge's rules by task."""
    rules = read_rules()
    return {
        CONVERSATION_TASK: ConversationRules(rules, limits),
        OTHER_TASK: OtherConversationRules(rules, limits),
        SCENARIO_TASK: ScenarioRules(rules, limits),
    }


@dataclass(frozen=True, slots=True)
class JudgeRequester:
    """Makes the requests for judging conversations.

    Attributes:
        context: What conversations are compared with.
        rubrics: Those of conversations are asked.
        max_chars: Most characters of each text in the prompt.
    """

    context: JudgingContext
    rubrics: Rubrics
    max_chars: int

    def request(
        self, row: Conversation, *, task: str = CONVERSATION_TASK, suffix: str = ""
    ) -> ChatRequest[ConversationMarks]:
        """Return the request for the marks of a conversation with a constraint.

        Args:
            row: The conversation.
            task: Names the prompt.
            suffix: Added to the row's id, so that asking again is another request.

        Raises:
            ValueError: If it has no constraint.
        """
        return _conversation_request(row, self, task, suffix)


def _conversation_request(
    row: Conversation, requester: JudgeRequester, task: str, suffix: str
) -> ChatRequest[ConversationMarks]:
    context, rubrics, max_chars = requester.context, requester.rubrics, requester.max_chars
    if row.constraint is None:
        raise ValueError(f"{row.conversation_id} holds no constraint")
    template = prompt(task)
    traits = context.taxonomy.traits
    trait = traits.get(row.constraint.trait)
    short = trait.short if trait else row.constraint.trait
    seeker_texts = [message.content for message in row.messages if message.role == "user"]
    without = context.original.get(row.request_id)
    original = [m.content for m in without.messages if m.role == "user"] if without else []
    faults = [asdict(fault) for fault in find_faults(row, context.title_by_id, context.oracle)]
    return ChatRequest(
        task=task,
        row_id=row.conversation_id + suffix,
        prompt_version=template.version,
        messages=template.render(
            rubrics=rubrics.of("conversation"),
            trait=row.constraint.trait,
            short=short,
            style=f"{row.constraint.style}: {style_description(row.constraint.style)}",
            two_parts=bool(row.constraint.earlier),
            also=[traits[name].short if name in traits else name for name in row.also],
            constraint=fence(full_text(row.constraint), max_chars),
            original=fence("\n\n".join(original), max_chars) if original else "not known",
            conversation=fenced(row.messages, max_chars),
            kept=_titles(row.safe, context),
            left_out=_titles([entry.item_id for entry in row.filtered], context),
            unknown=_titles(row.unknown, context),
            reasoning=_reasoning(row, requester),
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
            "own": seeker_texts,
            "original": original,
            "writes_lower": WritingStyle.of(without.messages if without else row.messages).lower,
            "nearest": context.nearest[row.conversation_id],
            "n_copies": context.n_copies[row.conversation_id],
            "faults": faults,
        },
    )


def _reasoning(row: Conversation, requester: JudgeRequester) -> str:
    context = requester.context
    text = context.reasoner.reasoning(row, lambda i: context.title_by_id.get(i, i))
    return fence(text, requester.max_chars) if text else "none"


def _titles(item_ids: Sequence[str], context: JudgingContext) -> list[str]:
    return [context.title_by_id.get(item_id, item_id) for item_id in item_ids]


_HIDDEN = frozenset({"scenario_id", "made_by", "query"})


def scenario_request(
    row: Scenario, nearest: float, n_copies: int, rubrics: Rubrics
) -> ChatRequest[ScenarioMarks]:
    """Return the request for the marks of a scenario.

    Args:
        row: The scenario.
        nearest: Overlap of its query with the most similar other query, 0 to 1.
        n_copies: Other rows with the same query.
        rubrics: Those of scenarios are asked.
    """
    template, fields = prompt(SCENARIO_TASK), to_row(row)
    return ChatRequest(
        task=SCENARIO_TASK,
        row_id=row.scenario_id,
        prompt_version=template.version,
        messages=template.render(
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
    requester: JudgeRequester,
    *,
    workers: int,
    reject: Reject,
) -> list[Judgement]:
    """Return the judgements of all rows with a constraint, in the rows' order.

    If a set lacks the variant without a constraint, `wish_intact` is rejected instead of judged.
    """
    requests = (requester.request(row) for row in rows if row.constraint is not None)
    return judge_requests(client, requests, requester.rubrics, workers=workers, reject=reject)


def judge_requests(
    client: ChatClient,
    requests: Iterable[ChatRequest[ConversationMarks]],
    rubrics: Rubrics,
    *,
    workers: int,
    reject: Reject,
) -> list[Judgement]:
    """Return the judgements that answer requests, under the rows' own ids."""
    judgements = []
    for request, outcome in ask_all(client, requests, workers):
        of_row = _judgements(request.row_id.removesuffix(AGAIN), outcome, rubrics, reject)
        if not request.inputs["original"]:
            reject(request.row_id, "no variant without the constraint", "wish_intact not judged")
            of_row = [judgement for judgement in of_row if judgement.rubric != "wish_intact"]
        judgements += of_row
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
