"""PENGUIN rows (arXiv 2505.18882) extracted from mined posts.

A row has what the post itself states, and "not given" for everything else. Whoever extracts it must
quote the words that state a value; without a quote that is in the post, the value does not count.
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
from builder.synthesis.penguin.templates import PenguinDomain
from builder.synthesis.prompting import prompt

NOT_GIVEN = "not given"
"""Value of an attribute that a post does not state."""

TASK = "profile"
"""Task of the requests, and name of the prompt file."""


class Statement(ReplyModel):
    """An attribute's value, and the words of the post that state it."""

    value: str
    quote: str


class StatedProfile(ReplyModel):
    """What a post says of its writer."""

    query: str
    domain: PenguinDomain
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
    """Return the request for what a dialog's seeker says about themselves; None without a seeker.

    Args:
        dialog: Pseudonymised; only turns of the first seeker are read.
        max_chars: Most characters of the text in the prompt.
    """
    seekers = [turn for turn in dialog.turns if turn.role == "seeker"]
    texts = [turn.text for turn in seekers if turn.author == seekers[0].author]
    if not texts:
        return None
    posts = "\n".join(texts)
    return ChatRequest(
        task=TASK,
        row_id=f"real:{dialog.dialog_id}",
        prompt_version=prompt(TASK).version,
        messages=prompt(TASK).render(posts=fence(posts, max_chars)),
        reply=StatedProfile,
        inputs={"opening": texts[0], "posts": posts},
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

    Posts that ask nothing, that state fewer than `min_stated` attributes, or whose question is
    already in a row are rejected. A value or question that does not quote the post is discarded,
    whoever extracted it.
    """
    pairs = [(d, profile_request(d, max_chars)) for d in dialogs]
    for dialog, request in pairs:
        if request is None:
            reject(dialog.dialog_id, "no post by the seeker", f"{len(dialog.turns)} turns")
    requests = [request for _, request in pairs if request is not None]
    dialog_by_row = {request.row_id: dialog for dialog, request in pairs if request is not None}
    rows, taken = [], set[str]()
    for request, outcome in ask_all(client, requests, workers):
        if isinstance(outcome, Failure):
            reject(request.row_id, outcome.reason, outcome.detail)
            continue
        dialog_id = dialog_by_row[request.row_id].dialog_id
        row = _real(request, outcome.value, outcome.made_by, dialog_id)
        n_stated = sum(getattr(row, name) != NOT_GIVEN for name in ATTRIBUTES)
        if n_stated < min_stated:
            reject(
                row.scenario_id,
                "too few attributes stated",
                f"{n_stated} stated, {min_stated} needed",
            )
        elif not row.query:
            reject(row.scenario_id, "the question is not from the post", outcome.value.query)
        elif " ".join(words_of(row.query)) in taken:
            reject(row.scenario_id, "query repeated", row.query)
        else:
            taken.add(" ".join(words_of(row.query)))
            rows.append(row)
    return rows


def _real(
    request: ChatRequest[StatedProfile], reply: StatedProfile, made_by: str, dialog_id: str
) -> Scenario:
    posts = _spaced(request.inputs["posts"])
    stated = {name: _stated(getattr(reply, name), posts) for name in ATTRIBUTES}
    query = reply.query.strip()
    return Scenario(
        scenario_id=request.row_id,
        domain=reply.domain,
        made_by=made_by,
        source="real",
        query=query if _spaced(query) in posts else "",
        scenario=reply.domain,
        **stated,
        dialog_id=dialog_id,
    )


def _stated(statement: Statement, posts: str) -> str:
    quote = _spaced(statement.quote)
    return statement.value.strip() if quote and quote in posts else NOT_GIVEN


def _spaced(text: str) -> str:
    return " ".join(text.casefold().split())
