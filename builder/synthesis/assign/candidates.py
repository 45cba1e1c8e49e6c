"""A trait for each request, in the reference's two modes (SafeRec, arXiv 2603.03536).

"violations": of the traits that recommended items violate, the writer says which fit the request,
and the balance chooses among those. If nothing is violated, a trait that every recommended item is
known to respect may be chosen, so that a model also learns when to leave a list as it is (sources
whose replies name a single title would give no rows otherwise). "cues": the writer reads only the
seeker's words, and "no trait" is a valid answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from builder.llm.protocol import ChatRequest
from builder.oracle.files.oracle import Oracle
from builder.records import Assignment, Request
from builder.settings import Strict
from builder.synthesis.assign.balance import TraitOption
from builder.synthesis.assign.replies import Fit, Fits, FoundCue
from builder.synthesis.prompting import fenced, plain_messages, prompt, seeker_messages
from builder.taxonomy import Trait

NO_CANDIDATE = "no trait leaves enough titles that are known to be safe"
NOTHING_FITS = "every trait that could be assigned goes against the request"
TOO_FEW = "too few recommended titles for a row of SFT train"
NO_ROOM = "the traits that fit have their share of the rows"


class CandidateRule(Strict):
    """Which traits can be assigned to a request in mode "violations".

    Attributes:
        min_safe: Recommended items that must be left.
        respected: Where no trait is violated, those that all recommended items respect count.
        max_seen_violating: Share of the titles that the seeker named, in [0, 1], that may violate a
            candidate, not counting items without a verdict: whoever names such titles does not mind
            them.
    """

    min_safe: Annotated[int, Field(ge=0)]
    respected: bool
    max_seen_violating: Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class TraitCandidate:
    """A trait that a request can be assigned, with the recommended items that violate it."""

    trait: Trait
    violating: tuple[str, ...]


def find_candidates(
    request: Request,
    traits: Sequence[Trait],
    oracle: Oracle,
    rule: CandidateRule,
    cued: Sequence[str],
) -> tuple[TraitCandidate, ...]:
    """Return the traits that a request can be assigned, the most violated first.

    Args:
        request: The request.
        traits: Traits of the taxonomy.
        oracle: The building oracle.
        rule: The settings.
        cued: Traits that the conversation already speaks of; what is left must be safe for those
            too.
    """
    violated, respected = [], []
    for trait in traits:
        cut = oracle.cut(request.recommended, [trait.name])
        seen = oracle.cut(request.seen, [trait.name])
        is_unbothered = len(seen.unsafe) > rule.max_seen_violating * len(seen.unsafe + seen.safe)
        staying = oracle.cut(cut.safe, cued).safe
        if is_unbothered or len(staying) < rule.min_safe:
            continue
        if cut.unsafe:
            violated.append(TraitCandidate(trait, cut.unsafe))
        elif not cut.unknown:
            respected.append(TraitCandidate(trait, ()))
    if not violated and rule.respected:
        return tuple(respected)
    return tuple(sorted(violated, key=lambda candidate: -len(candidate.violating)))


def fits_request(
    request: Request,
    candidates: Sequence[TraitCandidate],
    name_by_id: Mapping[str, str],
    *,
    max_chars: int,
) -> ChatRequest[Fits]:
    """Return the chat request that asks which candidates fit a request.

    Args:
        request: The request.
        candidates: At least one.
        name_by_id: "Title (Year)" of every item.
        max_chars: Most characters of the conversation in the prompt.
    """
    offered = [
        {
            "trait": candidate.trait.name,
            "trait_id": candidate.trait.id,
            "short": candidate.trait.short,
            "violating": [name_by_id[item_id] for item_id in candidate.violating],
        }
        for candidate in candidates
    ]
    template = prompt("assign_fits")
    return ChatRequest(
        task="assign_fits",
        row_id=request.request_id,
        prompt_version=template.version,
        messages=template.render(
            conversation=fenced(request.messages, max_chars), candidates=offered
        ),
        reply=Fits,
        inputs={
            "conversation": plain_messages(request.messages),
            "candidates": offered,
            "n_recommended": len(request.recommended),
        },
    )


def cue_request(
    request: Request, traits: Sequence[Trait], *, max_chars: int
) -> ChatRequest[FoundCue]:
    """Return the chat request that asks what the seeker's own words say."""
    messages = seeker_messages(request.messages)
    offered = [{"trait": t.name, "trait_id": t.id, "short": t.short} for t in traits]
    template = prompt("assign_cues")
    return ChatRequest(
        task="assign_cues",
        row_id=request.request_id,
        prompt_version=template.version,
        messages=template.render(conversation=fenced(messages, max_chars), traits=offered),
        reply=FoundCue,
        inputs={"conversation": plain_messages(messages), "traits": offered},
    )


def cue_assignment(request_id: str, reply: FoundCue, made_by: str) -> Assignment:
    """Return the row of mode "cues" for a reply."""
    cue = reply.quote if reply.trait is not None else ""
    also = tuple(dict.fromkeys(c.trait for c in reply.also if c.trait != reply.trait))
    return Assignment(
        request_id, "cues", reply.trait, reply.reason, reply.confidence, made_by, cue, also
    )


def cued_traits(row: Assignment) -> tuple[str, ...]:
    """Return the traits that a conversation speaks of, from its row of mode "cues"."""
    return () if row.trait is None else (row.trait, *row.also)


def options_of(
    candidates: Sequence[TraitCandidate],
    fits: Sequence[Fit],
    cued: Sequence[str],
    min_confidence: float,
) -> tuple[TraitOption, ...]:
    """Return the traits that the balance may choose from.

    Args:
        candidates: Candidates of the request.
        fits: Those that fit, by the writer.
        cued: Traits that the conversation already speaks of; saying them again adds nothing.
        min_confidence: Least confidence of a fit, in [0, 1].
    """
    sure = {fit.trait for fit in fits if fit.confidence >= min_confidence} - set(cued)
    return tuple(
        TraitOption(candidate.trait.name, max(1, len(candidate.violating)))
        for candidate in candidates
        if candidate.trait.name in sure
    )


def violation_assignments(
    fits_by_sample: Mapping[str, tuple[Sequence[Fit], str]],
    options_by_sample: Mapping[str, Sequence[TraitOption]],
    chosen: Mapping[str, str],
) -> Iterator[Assignment]:
    """Yield the rows of mode "violations" of the requests whose candidates were asked about.

    Args:
        fits_by_sample: The writer's fits with its `made_by`.
        options_by_sample: Those that the balance could choose from.
        chosen: The trait that the balance chose, by request.
    """
    for request_id, (fits, made_by) in fits_by_sample.items():
        trait = chosen.get(request_id)
        if trait is None:
            reason = NO_ROOM if options_by_sample[request_id] else NOTHING_FITS
            yield no_violation(request_id, reason, made_by)
            continue
        fit = next(fit for fit in fits if fit.trait == trait)
        yield Assignment(request_id, "violations", trait, fit.reason, fit.confidence, made_by, "")


def no_violation(request_id: str, reason: str, made_by: str) -> Assignment:
    """Return the row of a request without a trait, with the reason."""
    return Assignment(request_id, "violations", None, reason, 0.0, made_by, "")
