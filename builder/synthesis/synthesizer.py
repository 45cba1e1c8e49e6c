"""Runs the writer over all samples; a conversation that leaves nothing safe is rejected.

In mode "cues" something unknown is enough: those rows are for a policy that is rewarded by the
oracle, and whether unknown items count as ground truth is for the export to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from builder.errors import InputError
from builder.llm.asking import ask_all
from builder.llm.protocol import ChatClient, Failure
from builder.records import Assignment, Conversation, Request
from builder.sources import Reject
from builder.synthesis.conversations import WITHOUT, ConversationWriter, Planned
from builder.synthesis.ladder import force_of

NOTHING_SAFE = "nothing safe is left"


def synthesize(
    requests: Sequence[Request],
    assignments: Sequence[Assignment],
    writer: ConversationWriter,
    client: ChatClient,
    workers: int,
    reject: Reject,
) -> Iterator[Conversation]:
    """Yield the untouched conversations, then the constrained ones.

    Raises:
        InputError: If an assignment is of no request.
    """
    pairs = list(_paired(requests, assignments))
    for request, assignment in pairs:
        yield from _kept(writer.untouched(request, assignment), reject)
    cued = {row.sample_id for row in assignments if row.mode == "cues" and row.trait is not None}
    planned_by_id: dict[str, Planned] = {
        planned.asked.row_id: planned
        for request, assignment in pairs
        for planned in writer.plan(request, assignment, cued=request.sample_id in cued)
    }
    asked = (planned.asked for planned in planned_by_id.values())
    for question, outcome in ask_all(client, asked, workers):
        if isinstance(outcome, Failure):
            reject(question.row_id, outcome.reason, outcome.detail)
        else:
            planned = planned_by_id[question.row_id]
            row = writer.constrained(planned, outcome.value, outcome.made_by)
            yield from _kept(row, reject)


def count_sets(rows: Iterable[Conversation]) -> dict[str, int]:
    """Return how many counterfactual sets are whole, and how many miss a part.

    A set is a sample with a weakened or a void constraint. It is whole with the untouched dialog,
    one with the constraint in force, one with it weakened and one with it void.
    """
    forces_by_sample = defaultdict[str, set[str]](set)
    for row in rows:
        if row.mode == "violations":
            force = force_of(row.variant) if row.constraint else WITHOUT
            forces_by_sample[row.sample_id].add(force)
    sets = [found for found in forces_by_sample.values() if found & {"bends", "void"}]
    n_whole = sum(found >= {WITHOUT, "holds", "bends", "void"} for found in sets)
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


def _kept(row: Conversation, reject: Reject) -> Iterator[Conversation]:
    if row.safe or (row.mode == "cues" and row.unknown):
        yield row
    else:
        detail = f"{len(row.filtered)} violate {row.trait}, {len(row.unknown)} are unknown"
        reject(row.conversation_id, NOTHING_SAFE, detail)
