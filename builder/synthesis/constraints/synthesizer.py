"""Runs the writer over all requests; a conversation that leaves nothing safe is rejected.

A constraint that copies another thread's is asked for again, and rejected if it still does.

An untouched conversation is the reference for its variants and is kept, whatever it leaves. In mode
"cues", something unknown or an alternative is enough: those rows are for a policy that the oracle
rewards, and the export decides what counts as ground truth.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from builder.errors import InputError
from builder.llm.asking import ask_all
from builder.llm.protocol import ChatClient, ChatRequest, Failure
from builder.records import Assignment, Conversation, Request
from builder.sources import Reject
from builder.synthesis.assign.candidates import cued_traits
from builder.synthesis.constraints.constraint_task import WrittenConstraint
from builder.synthesis.constraints.copies import COPIED, CopyIndex
from builder.synthesis.constraints.variants import ConversationWriter, PlannedVariant
from builder.synthesis.styles import WITHOUT, Style, force_of

NOTHING_SAFE = "no safe title left"


def synthesize(
    requests: Sequence[Request],
    assignments: Sequence[Assignment],
    writer: ConversationWriter,
    client: ChatClient,
    copies: CopyIndex,
    workers: int,
    reject: Reject,
) -> Iterator[Conversation]:
    """Yield the untouched conversations, then the constrained ones.

    Args:
        requests: All of the run.
        assignments: Assignments of these requests.
        writer: Plans and makes the rows.
        client: Writes the constraints.
        copies: Constraints that may not be copied; those that are yielded are added.
        workers: For a client that answers one request at a time.
        reject: Called with what is left out.

    Raises:
        InputError: If an assignment belongs to no request.
    """
    pairs = list(_paired(requests, assignments))
    cued = {row.request_id: cued_traits(row) for row in assignments if row.mode == "cues"}
    for request, assignment in pairs:
        row = writer.untouched(request, assignment, cued.get(request.request_id, ()))
        if row.mode == "violations" or _is_usable(row, reject):
            yield row
    waiting: list[PlannedVariant] = [
        planned
        for request, assignment in pairs
        for planned in writer.plan(request, assignment, cued.get(request.request_id, ()))
    ]
    for attempt in range(copies.rule.attempts):
        copied: list[PlannedVariant] = []
        chat_requests = (_chat_request(planned, attempt) for planned in waiting)
        outcomes = ask_all(client, chat_requests, workers)
        for planned, (_, outcome) in zip(waiting, outcomes, strict=True):
            if isinstance(outcome, Failure):
                reject(planned.chat_request.row_id, outcome.reason, outcome.detail)
                continue
            row = writer.constrained(planned, outcome.value, outcome.made_by)
            if not _is_usable(row, reject):
                continue
            if (other := copies.copied_by(row)) is None:
                copies.add(row)
                yield row
            elif attempt + 1 < copies.rule.attempts:
                copied.append(planned)
            else:
                reject(row.conversation_id, COPIED, other)
        waiting = copied


def _chat_request(planned: PlannedVariant, attempt: int) -> ChatRequest[WrittenConstraint]:
    """Return the request for a constraint, with another row id for every further attempt."""
    request = planned.chat_request
    return replace(request, row_id=f"{request.row_id}#{attempt}") if attempt else request


def count_sets(rows: Iterable[Conversation], set_styles: Collection[Style]) -> dict[str, int]:
    """Return how many counterfactual sets are complete, and how many miss a part.

    A set is a request with a constraint in one of `set_styles`. It is complete with all of these
    styles, the untouched dialog, and a variant in which the constraint is in force.
    """
    variants_by_sample = defaultdict[str, set[str]](set)
    for row in rows:
        if row.mode == "violations":
            variants_by_sample[row.request_id].add(row.variant)
    sets = [
        variants for variants in variants_by_sample.values() if variants.intersection(set_styles)
    ]
    n_whole = sum(
        variants.issuperset({WITHOUT, *set_styles})
        and any(force_of(v) == "holds" for v in variants - {WITHOUT})
        for variants in sets
    )
    return {"whole": n_whole, "missing_a_part": len(sets) - n_whole}


def conversation_figures(
    rows: Sequence[Conversation], set_styles: Collection[Style], copies: CopyIndex
) -> dict[str, Any]:
    """Return what was written: rows by variant, copies, whole sets, alternatives, texts.

    Args:
        rows: All that were written.
        set_styles: Styles of a counterfactual set.
        copies: Which has counted the copies of other threads' constraints.
    """
    texts = [r.constraint.text for r in rows if r.constraint and r.mode == "violations"]
    return {
        "variants": dict(sorted(Counter(f"{r.mode}:{r.variant}" for r in rows).items())),
        "copies_written_anew_or_left_out": copies.n_copies,
        "counterfactual_sets": count_sets(rows, set_styles),
        "alternatives": sum(len(r.alternatives) for r in rows),
        "constraint_texts": {"written": len(texts), "distinct": len(set(texts))},
    }


def _paired(
    requests: Sequence[Request], assignments: Sequence[Assignment]
) -> Iterator[tuple[Request, Assignment]]:
    request_by_id = {request.request_id: request for request in requests}
    for assignment in assignments:
        request = request_by_id.get(assignment.request_id)
        if request is None:
            raise InputError(
                "assignments",
                f"refer to {assignment.request_id}, which is no request",
                "run `dvc repro assign`",
            )
        yield request, assignment


def _is_usable(row: Conversation, reject: Reject) -> bool:
    if row.safe or (row.mode == "cues" and (row.unknown or row.alternatives)):
        return True
    spared = " and ".join(row.in_force)
    detail = f"{len(row.filtered)} unsafe for {spared}, {len(row.unknown)} unknown"
    reject(row.conversation_id, NOTHING_SAFE, detail)
    return False
