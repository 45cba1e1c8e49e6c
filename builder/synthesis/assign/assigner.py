"""Asks the writer about every request and decides which trait each one gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field

from builder.llm.asking import ask_all
from builder.llm.protocol import ChatClient, Failure
from builder.oracle.files.oracle import Oracle
from builder.records import Assignment, Request, Split
from builder.sources import Reject
from builder.splits.split_rule import SPLITS, SplitRule
from builder.synthesis.assign.balance import Balance, Balanced, Targets, TraitOption, balance
from builder.synthesis.assign.candidates import (
    NO_CANDIDATE,
    TOO_FEW,
    CandidateRule,
    cue_assignment,
    cue_request,
    find_candidates,
    fits_request,
    no_violation,
    options_of,
    violation_assignments,
)
from builder.synthesis.assign.replies import Fit
from builder.synthesis.text_limits import PromptLimits
from builder.taxonomy import Trait

BY_RULE = "rule"
"""`made_by` of an assignment that no writer was asked for."""


class AssignRule(CandidateRule, Balance):
    """Which traits a request can have, which it gets, and how confident the writer must be.

    Attributes:
        min_confidence: Least confidence of a fit, in [0, 1].
        prompts: Bounds a conversation in a prompt.
    """

    min_confidence: Annotated[float, Field(ge=0, le=1)]
    prompts: PromptLimits


@dataclass(frozen=True, slots=True)
class Assigner:
    """Assigns traits to all requests of a run.

    Attributes:
        client: The writer.
        traits: Traits of the taxonomy.
        oracle: The building oracle.
        name_by_id: "Title (Year)" of every item.
        rule: The settings.
        splits: Which split a thread is in.
        seed: Seed of the run.
        workers: For a client that answers one request at a time.
        reject: Called with what gets no usable reply.
    """

    client: ChatClient
    traits: Sequence[Trait]
    oracle: Oracle
    name_by_id: Mapping[str, str]
    rule: AssignRule
    splits: SplitRule
    seed: int
    workers: int
    reject: Reject

    def by_cues(self, requests: Sequence[Request]) -> Iterator[Assignment]:
        """Yield the rows of mode "cues"; a request without a usable reply is rejected."""
        chars = self.rule.prompts.max_chars
        questions = (cue_request(request, self.traits, max_chars=chars) for request in requests)
        for question, outcome in ask_all(self.client, questions, self.workers):
            if isinstance(outcome, Failure):
                self.reject(f"{question.row_id}:cues", outcome.reason, outcome.detail)
            else:
                yield cue_assignment(question.row_id, outcome.value, outcome.made_by)

    def by_violations(
        self, requests: Sequence[Request], cued_by_sample: Mapping[str, Sequence[str]]
    ) -> tuple[list[Assignment], dict[Split, Balanced]]:
        """Return the rows of mode "violations", and the balance of each split.

        A request without a usable reply is rejected. Each split is balanced by itself, and each of
        its months as far as possible.

        Args:
            requests: All of the run.
            cued_by_sample: Traits that a conversation already speaks of, see `cued_traits`.
        """
        too_few = {request.request_id for request in requests if self._has_too_few(request)}
        candidates_by_sample = {
            request.request_id: find_candidates(
                request,
                self.traits,
                self.oracle,
                self.rule,
                cued_by_sample.get(request.request_id, ()),
            )
            for request in requests
            if request.request_id not in too_few
        }
        questions = (
            fits_request(
                request,
                candidates_by_sample[request.request_id],
                self.name_by_id,
                max_chars=self.rule.prompts.max_chars,
            )
            for request in requests
            if candidates_by_sample.get(request.request_id)
        )
        fits_by_sample: dict[str, tuple[Sequence[Fit], str]] = {}
        for question, outcome in ask_all(self.client, questions, self.workers):
            if isinstance(outcome, Failure):
                self.reject(f"{question.row_id}:violations", outcome.reason, outcome.detail)
            else:
                fits_by_sample[question.row_id] = (outcome.value.fits, outcome.made_by)
        options = {
            request_id: options_of(
                candidates_by_sample[request_id],
                fits,
                cued_by_sample.get(request_id, ()),
                self.rule.min_confidence,
            )
            for request_id, (fits, _) in fits_by_sample.items()
        }
        balanced = self._balanced(requests, options)
        chosen = {
            s: trait for result in balanced.values() for s, trait in result.trait_by_sample.items()
        }
        rows = [*violation_assignments(fits_by_sample, options, chosen)]
        for request_id, candidates in candidates_by_sample.items():
            if not candidates:
                rows.append(no_violation(request_id, NO_CANDIDATE, BY_RULE))
        rows += [no_violation(request_id, TOO_FEW, BY_RULE) for request_id in sorted(too_few)]
        return rows, balanced

    def _has_too_few(self, request: Request) -> bool:
        """Return whether a request of train has too few titles for an SFT row: it gets no trait."""
        split = self.splits.split_of(request.dialog_id, request.created_utc)
        n_least = self.rule.balance.min_groundtruth_train
        return split == "train" and len(request.recommended) < n_least

    def _balanced(
        self, requests: Sequence[Request], options: Mapping[str, Sequence[TraitOption]]
    ) -> dict[Split, Balanced]:
        months = {request.request_id: _month(request.created_utc) for request in requests}
        options_by_split: dict[Split, dict[str, Sequence[TraitOption]]] = {
            split: {} for split in SPLITS
        }
        for request in requests:
            if request.request_id in options:
                split = self.splits.split_of(request.dialog_id, request.created_utc)
                options_by_split[split][request.request_id] = options[request.request_id]
        return {
            split: balance(of_split, self.rule, self.seed, months)
            for split, of_split in options_by_split.items()
        }


def _month(created_utc: int) -> str:
    return datetime.fromtimestamp(created_utc, tz=UTC).strftime("%Y-%m")


def assignment_figures(
    violated: Sequence[Assignment],
    cued: Sequence[Assignment],
    balanced: Mapping[Split, Balanced],
    targets: Targets,
    traits: Sequence[Trait],
) -> dict[str, Any]:
    """Return how many requests got which trait, and how far each split is from its targets.

    Args:
        violated: The rows of mode "violations".
        cued: Those of mode "cues".
        balanced: How the traits came out in each split.
        targets: How they should.
        traits: Traits of the taxonomy.
    """
    names = [trait.name for trait in traits]
    return {
        "traits": {
            "violations": _counted(row.trait or "None" for row in violated),
            "cues": _counted(row.trait or "None" for row in cued),
        },
        "balance": {
            split: reached.coverage(targets, split, names) for split, reached in balanced.items()
        },
        "none_by_reason": _counted(row.reason for row in violated if row.trait is None),
    }


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
