"""Conversations with and without a constraint, and which recommended items each leaves safe.

Mode "violations": the conversation untouched ("without"), and one variant for each style drawn;
variants share `request_id`. Some requests are counterfactual sets: they also have the same dialog
with a weakened and with a negated constraint, in the same place and about the same thing. What the
seeker's own words ask to be spared is in force in every variant. If nothing is in force, without a
constraint or with one that is taken back, all recommended items count as safe. Mode "cues": the
conversation as it is, with the words found in it as its constraint.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from builder.llm.protocol import ChatRequest
from builder.records import (
    Assignment,
    Constraint,
    Conversation,
    Message,
    Request,
)
from builder.seeding import keyed_rng
from builder.settings import Strict
from builder.synthesis.answers.outcome import Answering
from builder.synthesis.constraints.constraint_task import WrittenConstraint, constraint_request
from builder.synthesis.constraints.placement import place_text, places_for, places_in
from builder.synthesis.offline.choices import spell
from builder.synthesis.offline.company import company_of
from builder.synthesis.offline.phrases import Place, read_frames, read_style_frames
from builder.synthesis.seeker.speaker import Speaker
from builder.synthesis.seeker.writing_style import WritingStyle
from builder.synthesis.styles import CUE, IMPLICIT, TWO_PARTS, WITHOUT, Style, force_of
from builder.synthesis.text_limits import PromptLimits
from builder.taxonomy import Taxonomy

_VOID = "A wish to be spared {short} is no longer in force: nothing is to be left out for it."
UNTOUCHED = "untouched"
"""`made_by` of a conversation to which nothing was added."""


class VariantRule(Strict):
    """Which variants are written for a request.

    Attributes:
        styles: To draw from.
        per_sample: Styles drawn for each request.
        set_styles: Styles of a counterfactual set.
        set_share: Share of the requests that are counterfactual sets, in [0, 1].
        max_chars: Most characters of a constraint's text.
        prompts: Bounds a conversation in a prompt.
    """

    styles: list[Style]
    per_sample: Annotated[int, Field(ge=0)]
    set_styles: list[Style]
    set_share: Annotated[float, Field(ge=0, le=1)]
    max_chars: Annotated[int, Field(gt=0)]
    prompts: PromptLimits


@dataclass(frozen=True, slots=True)
class PlannedVariant:
    """One variant to write.

    Attributes:
        request: That it is a variant of.
        assignment: Its trait.
        style: How openly the constraint is said.
        place: Where the constraint will go.
        chat_request: What the writer is asked.
        cued: Traits that the seeker's own words speak of.
    """

    request: Request
    assignment: Assignment
    style: Style
    place: Place
    chat_request: ChatRequest[WrittenConstraint]
    cued: tuple[str, ...]


def conversation_id(request_id: str, mode: str, variant: str) -> str:
    """Return the id of one variant of a request."""
    return f"{request_id}:{mode}:{variant}"


class ConversationWriter:
    """Plans variants, and turns what was written into rows."""

    def __init__(
        self,
        taxonomy: Taxonomy,
        answering: Answering,
        rule: VariantRule,
        seed: int,
        story_traits: Collection[str] | None = None,
    ) -> None:
        """Take what the rows depend on.

        Args:
            taxonomy: Taxonomy of the traits.
            answering: Decides which items stay.
            rule: Which variants to write.
            seed: Seed of the run.
            story_traits: Ids of traits that the writer can imply by a life story; None for all.
        """
        self._taxonomy, self._answering = taxonomy, answering
        self._rule, self._seed, self._story_traits = rule, seed, story_traits

    def plan(
        self, request: Request, assignment: Assignment, cued: tuple[str, ...]
    ) -> Iterator[PlannedVariant]:
        """Yield the variants to write for a request with a trait in mode "violations".

        Args:
            request: The request.
            assignment: Its trait.
            cued: What the seeker has already asked to be spared. A recommender who then asks about
                it would seem not to listen, and a life story would seem to be about the first wish,
                so a second wish is said outright at the end of the seeker's message.
        """
        if assignment.mode != "violations" or assignment.trait is None:
            return
        rng = keyed_rng(self._seed, "variants", request.request_id)
        speaker = Speaker.of(request.messages)
        fitting = places_in(request.messages)
        trait = self._taxonomy.traits[assignment.trait]
        styles = self._styles(request, trait.id, speaker, rng, is_cued=bool(cued))
        wording, shared = rng.getrandbits(16), rng.random()
        for style in styles:
            places = places_for(style, speaker, fitting, is_cued=bool(cued))
            place = places[int(shared * len(places))]
            chat_request = constraint_request(
                request,
                trait,
                style,
                place,
                row_id=conversation_id(request.request_id, assignment.mode, style),
                max_chars=self._rule.max_chars,
                max_prompt_chars=self._rule.prompts.max_chars,
                warning_texts=[self._taxonomy.warnings[w].description for w in trait.warnings],
                wording=wording,
                also=bool(cued),
            )
            yield PlannedVariant(request, assignment, style, place, chat_request, cued)

    def _styles(
        self,
        request: Request,
        trait_id: str,
        speaker: Speaker,
        rng: random.Random,
        *,
        is_cued: bool,
    ) -> list[Style]:
        together = "company" not in speaker.ruled_out and company_of(speaker)
        unfit: set[Style] = {"household"} if not together else set()
        unfit |= IMPLICIT | TWO_PARTS if is_cued else set()
        if self._story_traits is not None and trait_id not in self._story_traits:
            unfit |= IMPLICIT
        # nobody whose English is simple writes a story full of idioms
        unfit |= IMPLICIT if WritingStyle.of(request.messages).simple else set()
        # a recommender who spoke last cannot ask between the two messages
        unfit |= TWO_PARTS if request.messages[-1].role != "user" else set()
        fitting = [s for s in self._rule.styles if s not in unfit]
        drawn = rng.sample(fitting, k=min(self._rule.per_sample, len(fitting)))
        in_set = rng.random() < self._rule.set_share
        return list(dict.fromkeys([*drawn, *(self._rule.set_styles if in_set else ())]))

    def untouched(
        self, request: Request, assignment: Assignment, cued: tuple[str, ...]
    ) -> Conversation:
        """Return the row of a conversation to which nothing is added; `cued` as for `plan`."""
        constraint = _cue(request.messages, assignment)
        trait = assignment.trait if constraint else None
        return self._row(
            request,
            replace(assignment, trait=trait, reason=assignment.reason if trait else ""),
            CUE if constraint else WITHOUT,
            constraint,
            request.messages,
            UNTOUCHED if assignment.mode == "violations" else assignment.made_by,
            cued,
        )

    def constrained(
        self, planned: PlannedVariant, written: WrittenConstraint, made_by: str
    ) -> Conversation:
        """Return the row of a variant, with the written text inserted."""
        rng = keyed_rng(self._seed, "placement", planned.request.request_id)
        request, style, assignment = planned.request, planned.style, planned.assignment
        messages, place, questions = request.messages, planned.place, read_frames().questions
        if written.earlier:
            messages, _ = place_text(messages, written.earlier, place, "", rng)
            place, questions = "own", read_style_frames().followups[style]
        question = spell(rng.choice(questions), rng)
        messages, at = place_text(messages, written.text, place, question, rng)
        trait = planned.chat_request.inputs["trait"]
        constraint = Constraint(trait, style, written.text, at, written.earlier)
        if force_of(style) == "void":
            short = self._taxonomy.traits[trait].short
            assignment = replace(assignment, trait=None, reason=_VOID.format(short=short))
        return self._row(request, assignment, style, constraint, messages, made_by, planned.cued)

    def _row(
        self,
        request: Request,
        assignment: Assignment,
        variant: str,
        constraint: Constraint | None,
        messages: tuple[Message, ...],
        made_by: str,
        cued: tuple[str, ...],
    ) -> Conversation:
        row_id = conversation_id(request.request_id, assignment.mode, variant)
        also = tuple(trait for trait in cued if trait != assignment.trait)
        assigned = () if assignment.trait is None else (assignment.trait,)
        outcome = self._answering.outcome(request, (*assigned, *also))
        return Conversation(
            conversation_id=row_id,
            request_id=request.request_id,
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
            safe=outcome.safe,
            filtered=outcome.filtered,
            unknown=outcome.unknown,
            made_by=made_by,
            alternatives=outcome.alternatives,
            also=also,
            open_points=outcome.open_points,
        )


def _cue(messages: Sequence[Message], assignment: Assignment) -> Constraint | None:
    if assignment.mode != "cues" or assignment.trait is None:
        return None
    at = next(
        n
        for n, message in enumerate(messages)
        if message.role == "user" and assignment.cue in message.content
    )
    return Constraint(assignment.trait, CUE, assignment.cue, at)
