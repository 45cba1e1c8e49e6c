"""Conversations with and without a constraint, and which recommended items each leaves safe.

Mode "violations": the conversation untouched ("without") and one variant for each style drawn;
variants share `sample_id`. Without a constraint nothing is to be spared, so there all recommended
items count as safe. Mode "cues": the conversation as it is, its constraint the words found in it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from builder.llm.protocol import ChatRequest
from builder.records import (
    Assignment,
    Constraint,
    Conversation,
    Filtered,
    Message,
    Request,
)
from builder.seeding import keyed_rng
from builder.synthesis.constraint_grammar import company_of
from builder.synthesis.constraints import WrittenConstraint, constraint_request
from builder.synthesis.phrases import Place, Style, read_frames
from builder.synthesis.placement import place_text, places_in
from builder.synthesis.reasoning import Reasoner
from builder.synthesis.speaker import Speaker
from builder.synthesis.verdicts import Verdicts
from builder.taxonomy import Taxonomy

WITHOUT = "without"
CUE = "cue"
UNTOUCHED = "untouched"
"""`made_by` of a conversation to which nobody added anything."""


@dataclass(frozen=True, slots=True)
class VariantRule:
    """What is written for a sample.

    `styles` are drawn from, `per_sample` of them. `max_chars` bounds a constraint's text,
    `max_prompt_chars` the conversation in a prompt.
    """

    styles: Sequence[Style]
    per_sample: int
    max_chars: int
    max_prompt_chars: int


@dataclass(frozen=True, slots=True)
class Planned:
    """One variant to write: what is asked, and where the answer will stand."""

    request: Request
    assignment: Assignment
    style: Style
    place: Place
    asked: ChatRequest[WrittenConstraint]


def conversation_id(sample_id: str, mode: str, variant: str) -> str:
    """Return the id of one variant of a sample."""
    return f"{sample_id}:{mode}:{variant}"


class ConversationWriter:
    """Plans variants, and makes rows of what was written."""

    def __init__(
        self,
        taxonomy: Taxonomy,
        verdicts: Verdicts,
        name_by_id: Mapping[str, str],
        rule: VariantRule,
        seed: int,
    ) -> None:
        self._taxonomy, self._verdicts, self._names = taxonomy, verdicts, name_by_id
        self._rule, self._seed = rule, seed
        self._reasoners = {
            name: Reasoner(trait, taxonomy.warnings) for name, trait in taxonomy.traits.items()
        }

    def plan(self, request: Request, assignment: Assignment, *, cued: bool) -> Iterator[Planned]:
        """Yield the variants to write for a sample of mode "violations" with a trait.

        Args:
            request: The sample.
            assignment: Its trait.
            cued: Whether the seeker has already said what to spare them; a recommender who then
                asks for it would seem not to listen, and a life story would seem to be about the
                first wish, so a second one is said outright at the end of the seeker's message.
        """
        if assignment.mode != "violations" or assignment.trait is None:
            return
        rng = keyed_rng(self._seed, "variants", request.sample_id)
        speaker = Speaker.of(request.messages)
        fitting = places_in(request.messages)
        for style in self._styles(speaker, cued, rng):
            place = rng.choice(_places_of(style, speaker, fitting, cued=cued))
            asked = constraint_request(
                request,
                self._taxonomy.traits[assignment.trait],
                style,
                place,
                row_id=conversation_id(request.sample_id, assignment.mode, style),
                max_chars=self._rule.max_chars,
                max_prompt_chars=self._rule.max_prompt_chars,
                also=cued,
            )
            yield Planned(request, assignment, style, place, asked)

    def _styles(self, speaker: Speaker, cued: bool, rng: random.Random) -> list[Style]:
        together = "company" not in speaker.ruled_out and company_of(speaker)
        unfit = {"household"} if not together else set()
        unfit |= {"life_story"} if cued else set()
        fitting = [s for s in self._rule.styles if s not in unfit]
        return rng.sample(fitting, k=min(self._rule.per_sample, len(fitting)))

    def untouched(self, request: Request, assignment: Assignment) -> Conversation:
        """Return the row of a conversation to which nothing is added."""
        constraint = _cue(request.messages, assignment)
        trait = assignment.trait if constraint else None
        return self._row(
            request,
            replace(assignment, trait=trait, reason=assignment.reason if trait else ""),
            CUE if constraint else WITHOUT,
            constraint,
            request.messages,
            UNTOUCHED if assignment.mode == "violations" else assignment.made_by,
        )

    def constrained(self, planned: Planned, text: str, made_by: str) -> Conversation:
        """Return the row of a variant with the text in its place."""
        rng = keyed_rng(self._seed, "placement", planned.asked.row_id)
        question = rng.choice(read_frames().questions)
        messages, at = place_text(planned.request.messages, text, planned.place, question, rng)
        trait = planned.asked.inputs["trait"]
        constraint = Constraint(trait, planned.style, text, at)
        return self._row(
            planned.request, planned.assignment, planned.style, constraint, messages, made_by
        )

    def _row(
        self,
        request: Request,
        assignment: Assignment,
        variant: str,
        constraint: Constraint | None,
        messages: tuple[Message, ...],
        made_by: str,
    ) -> Conversation:
        own_id = conversation_id(request.sample_id, assignment.mode, variant)
        safe, filtered, unknown, reasoning = self._outcome(request, constraint, own_id)
        return Conversation(
            conversation_id=own_id,
            sample_id=request.sample_id,
            dialog_id=request.dialog_id,
            source=request.source,
            licence=request.licence,
            domain=request.domain,
            created_utc=request.created_utc,
            mode=assignment.mode,
            variant=variant,
            trait=assignment.trait,
            assignment_reason=assignment.reason,
            constraint=constraint,
            messages=messages,
            seen=request.seen,
            recommended=request.recommended,
            safe=safe,
            filtered=filtered,
            unknown=unknown,
            reasoning=reasoning,
            made_by=made_by,
        )

    def _outcome(
        self, request: Request, constraint: Constraint | None, own_id: str
    ) -> tuple[tuple[str, ...], tuple[Filtered, ...], tuple[str, ...], str]:
        if constraint is None:
            return request.recommended, (), (), ""
        trait = constraint.trait
        cut = self._verdicts.cut(request.recommended, trait)
        left_out = [
            (self._names[item_id], risk)
            for item_id in cut.unsafe
            if (risk := self._verdicts.risk(item_id, trait)) is not None
        ]
        reasoning = self._reasoners[trait].reasoning(
            constraint.style,
            left_out,
            [self._names[item_id] for item_id in cut.unknown],
            keyed_rng(self._seed, "reasoning", own_id),
        )
        filtered = tuple(Filtered(item_id, (trait,)) for item_id in cut.unsafe)
        return cut.safe, filtered, cut.unknown, reasoning


def _places_of(
    style: Style, speaker: Speaker, fitting: Sequence[Place], *, cued: bool
) -> Sequence[Place]:
    """Return where a style fits: company that is named is spoken of only after that."""
    if cued:
        good: list[Place] = [p for p in fitting if p == "end"]
        good = good or [p for p in fitting if p != "own"]
    elif style == "household" and speaker.names_others:
        good = [p for p in fitting if p in ("end", "own")]
    else:
        good = list(fitting)
    return good or fitting


def _cue(messages: Sequence[Message], assignment: Assignment) -> Constraint | None:
    if assignment.mode != "cues" or assignment.trait is None:
        return None
    at = next(
        n
        for n, message in enumerate(messages)
        if message.role == "user" and assignment.cue in message.content
    )
    return Constraint(assignment.trait, CUE, assignment.cue, at)
