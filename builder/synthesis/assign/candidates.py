"""A trait for each sample, in the reference's two modes (SafeRec, arXiv 2603.03536).

"violations": among the traits that recommended items violate, the writer says which fit the
request, and the balance chooses among those; where nothing is violated, a trait that every
recommended item is known to respect may be chosen, so that a model also learns when to leave a
list alone (sources whose replies name one title would give no rows otherwise). "cues": the writer
reads the seeker's words alone, and None is an answer.
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
from builder.synthesis.assign.balance import Option
from builder.synthesis.assign.replies import Fit, Fits, FoundCue
from builder.synthesis.prompting import fenced, plain_messages, prompt, seekers_own
from builder.taxonomy import Trait

NO_CANDIDATE = "no trait leaves enough titles that are known to be safe"
NOTHING_FITS = "every trait that could be assigned goes against the request"
TOO_FEW = "too few recommended titles for a row of SFT train"
NO_ROOM = "the traits that fit have their share of the rows"


class CandidateRule(Strict):
    """Which traits a sample can be assigned by violations.

    At least `min_safe` recommended items must stay. `respected`: whether traits that all
    recommended items respect are candidates where none is violated. A trait is no candidate where
    more than `max_seen_violating` (in [0, 1]) of the titles the seeker named violate it, items
    without a verdict left aside: whoever names such titles is at ease with them.
    """

    min_safe: Annotated[int, Field(ge=0)]
    respected: bool
    max_seen_violating: Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trait that a sample can be assigned, with the recommended items that violate it."""

    trait: Trait
    violating: tuple[str, ...]


def find_candidates(
    request: Request,
    traits: Sequence[Trait],
    oracle: Oracle,
    rule: CandidateRule,
    cued: Sequence[str],
) -> tuple[Candidate, ...]:
    """Return the traits a sample can be assigned, the most violated first.

    `cued` holds the traits that the conversation already speaks of: what stays must be safe for
    those too.
    """
    violated, respected = [], []
    for trait in traits:
        cut = oracle.cut(request.recommended, [trait.name])
        seen = oracle.cut(request.seen, [trait.name])
        at_ease = len(seen.unsafe) > rule.max_seen_violating * len(seen.unsafe + seen.safe)
        staying = oracle.cut(cut.safe, cued).safe
        if at_ease or len(staying) < rule.min_safe:
            continue
        if cut.unsafe:
            violated.append(Candidate(trait, cut.unsafe))
        elif not cut.unknown:
            respected.append(Candidate(trait, ()))
    if not violated and rule.respected:
        return tuple(respected)
    return tuple(sorted(violated, key=lambda candidate: -len(candidate.violating)))


def fits_request(
    request: Request,
    candidates: Sequence[Candidate],
    name_by_id: Mapping[str, str],
    *,
    max_chars: int,
) -> ChatRequest[Fits]:
    """Return the question which candidates fit a request.

    Args:
        request: The sample.
        candidates: At least one.
        name_by_id: "Title (Year)" of every item.
        max_chars: Of the conversation in the prompt.
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
    asked = prompt("assign_fits")
    return ChatRequest(
        task="assign_fits",
        row_id=request.sample_id,
        prompt_version=asked.version,
        messages=asked.render(conversation=fenced(request.messages, max_chars), candidates=offered),
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
    """Return the question what the seeker's own words say."""
    own = seekers_own(request.messages)
    offered = [{"trait": t.name, "trait_id": t.id, "short": t.short} for t in traits]
    asked = prompt("assign_cues")
    return ChatRequest(
        task="assign_cues",
        row_id=request.sample_id,
        prompt_version=asked.version,
        messages=asked.render(conversation=fenced(own, max_chars), traits=offered),
        reply=FoundCue,
        inputs={"conversation": plain_messages(own), "traits": offered},
    )


def cue_assignment(sample_id: str, found: FoundCue, made_by: str) -> Assignment:
    """Return the row of mode "cues"."""
    cue = found.quote if found.trait is not None else ""
    also = tuple(dict.fromkeys(c.trait for c in found.also if c.trait != found.trait))
    return Assignment(
        sample_id, "cues", found.trait, found.reason, found.confidence, made_by, cue, also
    )


def cued_traits(row: Assignment) -> tuple[str, ...]:
    """Return the traits that a conversation speaks of, by its row of mode "cues"."""
    return () if row.trait is None else (row.trait, *row.also)


def options_of(
    candidates: Sequence[Candidate],
    fits: Sequence[Fit],
    cued: Sequence[str],
    min_confidence: float,
) -> tuple[Option, ...]:
    """Return the traits the balance may choose from.

    Args:
        candidates: Of the sample.
        fits: What the writer said of them.
        cued: The traits the conversation already speaks of; saying them again adds nothing.
        min_confidence: Of a fit, in [0, 1].
    """
    sure = {fit.trait for fit in fits if fit.confidence >= min_confidence} - set(cued)
    return tuple(
        Option(candidate.trait.name, max(1, len(candidate.violating)))
        for candidate in candidates
        if candidate.trait.name in sure
    )


def violation_assignments(
    fits_by_sample: Mapping[str, tuple[Sequence[Fit], str]],
    options_by_sample: Mapping[str, Sequence[Option]],
    chosen: Mapping[str, str],
) -> Iterator[Assignment]:
    """Yield the rows of mode "violations" of the samples whose candidates were asked about.

    Args:
        fits_by_sample: The writer's fits with its `made_by`.
        options_by_sample: What of them the balance could choose from.
        chosen: The balance's trait by sample.
    """
    for sample_id, (fits, made_by) in fits_by_sample.items():
        trait = chosen.get(sample_id)
        if trait is None:
            reason = NO_ROOM if options_by_sample[sample_id] else NOTHING_FITS
            yield no_violation(sample_id, reason, made_by)
            continue
        fit = next(fit for fit in fits if fit.trait == trait)
        yield Assignment(sample_id, "violations", trait, fit.reason, fit.confidence, made_by, "")


def no_violation(sample_id: str, reason: str, made_by: str) -> Assignment:
    """Return the row of a sample without a trait, with the reason in its place."""
    return Assignment(sample_id, "violations", None, reason, 0.0, made_by, "")
