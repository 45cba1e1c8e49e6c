"""Runs the writer over all samples; a conversation that leaves nothing safe is rejected.

A constraint that copies another thread's is asked for anew, and rejected where it still does.

An untouched conversation is the yardstick of its variants and stays, whatever it leaves. In mode
"cues" something unknown or an alternative is enough: those rows are for a policy that is rewarded
by the oracle, and what counts as ground truth is for the export to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from builder.errors import InputError
from builder.llm.asking import ask_all
from builder.llm.protocol import ChatClient, ChatRequest, Failure
from builder.records import Assignment, Conversation, Request
from builder.sources import Reject
from builder.synthesis.assign.candidates import cued_traits
from builder.synthesis.constraints.constraint_task import WrittenConstraint
from builder.synthesis.constraints.copies import COPIED, Kept
from builder.synthesis.constraints.variants import ConversationWriter, Planned
from builder.synthesis.styles import WITHOUT, Style, force_of

NOTHING_SAFE = "nothing safe is left"


def synthesize(
    requests: Sequence[Request],
    assignments: Sequence[Assignment],
    writer: ConversationWriter,
    client: ChatClient,
    kept: Kept,
    workers: int,
    reject: Reject,
) -> Iterator[Conversation]:
    """Yield the untouched conversations, then the constrained ones.

    Args:
        requests: The samples.
        assignments: Of these samples.
        writer: Plans and makes the rows.
        client: Writes the constraints.
        kept: What may not be copied; takes up what is yielded.
        workers: Requests at once.
        reject: Takes what is left out.

    Raises:
        InputError: If an assignment is of no request.
    """
    pairs = list(_paired(requests, assignments))
    cued = {row.sample_id: cued_traits(row) for row in assignments if row.mode == "cues"}
    for request, assignment in pairs:
        row = writer.untouched(request, assignment, cued.get(request.sample_id, ()))
        if row.mode == "violations" or _is_usable(row, reject):
            yield row
    waiting: list[Planned] = [
        planned
        for request, assignment in pairs
        for planned in writer.plan(request, assignment, cued.get(request.sample_id, ()))
    ]
    for attempt in range(kept.rule.attempts):
        copied: list[Planned] = []
        asked = (_asked(planned, attempt) for planned in waiting)
        outcomes = ask_all(client, asked, workers)
        for planned, (_, outcome) in zip(waiting, outcomes, strict=True):
            if isinstance(outcome, Failure):
                reject(planned.asked.row_id, outcome.reason, outcome.detail)
                continue
            row = writer.constrained(planned, outcome.value, outcome.made_by)
            if not _is_usable(row, reject):
                continue
            if (other := kept.copied_by(row)) is None:
                kept.add(row)
                yield row
            elif attempt + 1 < kept.rule.attempts:
                copied.append(planned)
            else:
                reject(row.conversation_id, COPIED, other)
        waiting = copied


def _asked(planned: Planned, attempt: int) -> ChatRequest[WrittenConstraint]:
    """Return the question, one of its own for every further attempt."""
    if attempt == 0:
        return planned.asked
    return replace(planned.asked, row_id=f"{planned.asked.row_id}#{attempt}")


def count_sets(rows: Iterable[Conversation], set_styles: Collection[Style]) -> dict[str, int]:
    """Return how many counterfactual sets are whole, and how many miss a part.

    A set is a sample with a constraint of one of `set_styles`. It is whole with all of those, with
    the untouched dialog, and with one that has the constraint in force.
    """
    variants_by_sample = defaultdict[str, set[str]](set)
    for row in rows:
        if row.mode == "violations":
            variants_by_sample[row.sample_id].add(row.variant)
    sets = [found for found in variants_by_sample.values() if found.intersection(set_styles)]
    n_whole = sum(
        found.issuperset({WITHOUT, *set_styles})
        and any(force_of(v) == "holds" for v in found - {WITHOUT})
        for found in sets
    )
    return {"whole": n_whole, "missing_a_part": len(sets) - n_whole}


def _paired(
    requests: Sequence[Request], assignments: Sequence[Assignment]
) -> Iterator[tuple[Request, Assignment]]:
    request_by_id = {request.sample_id: request for request in requests}
    for assignment in assignments:
        request = request_by_id.get(assignment.sample_id)
        if request is None:
            raise InputError(
                "assignments", f"has {assignment.sample_id}, no request", "run `dvc repro assign`"
            )
        yield request, assignment


def _is_usable(row: Conversation, reject: Reject) -> bool:
    if row.safe or (row.mode == "cues" and (row.unknown or row.alternatives)):
        return True
    spared = " and ".join(row.in_force)
    detail = f"{len(row.filtered)} violate {spared}, {len(row.unknown)} are unknown"
    reject(row.conversation_id, NOTHING_SAFE, detail)
    return False
