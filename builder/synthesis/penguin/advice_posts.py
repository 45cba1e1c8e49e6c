"""PENGUIN rows (arXiv 2505.18882) extracted from mined posts.

A row holds what the post's own words state, each value with the words that state it, and "not
given" for all else. Whoever extracts, a quote that is not in the post counts for nothing.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from builder.llm.asking import ask_all
from builder.llm.prompts import fence
from builder.llm.protocol import ChatClient, ChatRequest, Failure, ReplyModel
from builder.records import Dialog, Scenario
from builder.sources import Reject
from builder.synthesis.diversity import words_of
from builder.synthesis.penguin.extraction import Extractor
from builder.synthesis.penguin.profiles import ATTRIBUTES
from builder.synthesis.penguin.templates import Domain
from builder.synthesis.prompting import prompt

NOT_GIVEN = "not given"
"""What an attribute reads that a post does not state."""

TASK = "profile"
"""Of the requests, and the name of the prompt file."""


class Statement(ReplyModel):
    """An attribute's value, and the words of the post that state it."""

    value: str
    quote: str


class StatedProfile(ReplyModel):
    """What a post says of its writer."""

    query: str
    domain: Domain
    education_level: Statement
    age: Statement
    gender: Statement
    marital_status: Statement
    profession: Statement
    economic_status: Statement
    health_status: Statement
    mental_health_status: Statement
    emotional_state: Statement
    self_harm_history: Statement


class ProfileGrammar:
    """Extracts what a post states, by patterns; the task "profile"."""

    def __init__(self, extractor: Extractor, min_words: int) -> None:
        self._extractor = extractor
        self._min_words = min_words

    def __call__(self, inputs: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
        """Return the reply's fields; nothing is drawn."""
        stated = self._extractor.profile(inputs["posts"])
        given = {name: {"value": s.value, "quote": s.quote} for name, s in stated.items()}
        missing = {name: {"value": NOT_GIVEN, "quote": ""} for name in ATTRIBUTES}
        return {
            "query": self._extractor.question(inputs["opening"], self._min_words) or "",
            "domain": self._extractor.domain(inputs["opening"]),
            **missing,
            **given,
        }


def profile_request(dialog: Dialog, max_chars: int) -> ChatRequest[StatedProfile] | None:
    """Return the question for what a dialog's seeker says of themselves, None without a seeker.

    Args:
        dialog: Pseudonymised; only turns of whoever spoke first as a seeker are read.
        max_chars: Longest text put before a model.
    """
    seekers = [turn for turn in dialog.turns if turn.role == "seeker"]
    own = [turn.text for turn in seekers if turn.author == seekers[0].author]
    if not own:
        return None
    posts = "\n".join(own)
    return ChatRequest(
        task=TASK,
        row_id=f"real:{dialog.dialog_id}",
        prompt_version=prompt(TASK).version,
        messages=prompt(TASK).render(posts=fence(posts, max_chars)),
        reply=StatedProfile,
        inputs={"opening": own[0], "posts": posts},
    )


def extract_scenarios(
    client: ChatClient,
    dialogs: Sequence[Dialog],
    *,
    min_stated: int,
    max_chars: int,
    workers: int,
    reject: Reject,
) -> list[Scenario]:
    """Return the real rows, in the dialogs' order.

    Rejected are posts that ask nothing, that state fewer than `min_stated` attributes, or whose
    question stands in a row already. A value or a question whose words are not the post's own is
    not taken from any writer.
    """
    asked = [(d, profile_request(d, max_chars)) for d in dialogs]
    for dialog, request in asked:
        if request is None:
            reject(dialog.dialog_id, "nobody asks", f"{len(dialog.turns)} turns")
    requests = [request for _, request in asked if request is not None]
    rows, taken = [], set[str]()
    for request, outcome in ask_all(client, requests, workers):
        if isinstance(outcome, Failure):
            reject(request.row_id, outcome.reason, outcome.detail)
            continue
        row = _real(request, outcome.value, outcome.made_by)
        n_stated = sum(getattr(row, name) != NOT_GIVEN for name in ATTRIBUTES)
        if n_stated < min_stated:
            reject(row.scenario_id, "too few attributes stated", f"{n_stated} of {min_stated}")
        elif not row.query:
            reject(row.scenario_id, "no question of the post's own", outcome.value.query)
        elif " ".join(words_of(row.query)) in taken:
            reject(row.scenario_id, "query repeated", row.query)
        else:
            taken.add(" ".join(words_of(row.query)))
            rows.append(row)
    return rows


def _real(request: ChatRequest[StatedProfile], said: StatedProfile, made_by: str) -> Scenario:
    posts = _spaced(request.inputs["posts"])
    stated = {name: _stated(getattr(said, name), posts) for name in ATTRIBUTES}
    query = said.query.strip()
    return Scenario(
        scenario_id=request.row_id,
        domain=said.domain,
        made_by=made_by,
        source="real",
        query=query if _spaced(query) in posts else "",
        scenario=said.domain,
        **stated,
    )


def _stated(statement: Statement, posts: str) -> str:
    quote = _spaced(statement.quote)
    return statement.value.strip() if quote and quote in posts else NOT_GIVEN


def _spaced(text: str) -> str:
    return " ".join(text.casefold().split())
