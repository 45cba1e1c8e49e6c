"""The writer of a stage: its cost in the progress bar, what it spent and wasted in the log."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from builder.llm.client_settings import OfflineSettings, OpenAISettings
from builder.llm.clients import open_client
from builder.llm.forecast import Forecast, open_forecast
from builder.llm.protocol import ChatClient, ChatRequest, Failure, Grammar, ManyClient, R, Reply
from builder.synthesis.prompting import check_prompts
from pipelines.runtime.stage import Job


class PlanCompleteError(Exception):
    """All questions of a planned stage are counted, and nothing that follows is of use."""


@dataclass
class PlannedJob(Job):
    """A job whose writer only counts what it would be asked.

    `is_last`: no later stage is planned from what this one writes, so it ends with its questions.
    """

    forecast: Forecast = field(default_factory=Forecast)
    writer: OfflineSettings | OpenAISettings | None = None
    is_last: bool = False


@contextmanager
def open_writer(
    job: Job, writer: OfflineSettings | OpenAISettings, grammars: Mapping[str, Grammar]
) -> Iterator[ChatClient]:
    """Give the client that a stage's `writer` parameter names.

    Raises:
        ChatError: If an endpoint has no key or no proper address.
        InputError: If a prompt is broken, its ledger cannot be used, or its budget cannot be held
            to.
    """
    check_prompts()
    if isinstance(job, PlannedJob):
        job.writer = writer
        with open_forecast(
            writer, seed=job.seed, grammars=grammars, forecast=job.forecast
        ) as client:
            yield client
        if job.is_last:
            raise PlanCompleteError
        return
    with open_client(writer, seed=job.seed, grammars=grammars) as client:
        if not isinstance(client, ManyClient):
            yield client
            return
        job.note = client.line
        try:
            yield _Tracked(job, client)
        finally:
            for remark in client.remarks():
                print(f"{job.stage}: {remark}", file=sys.stderr)
        job.log["chat"] = client.figures()


@dataclass(frozen=True, slots=True)
class _Tracked:
    """A client whose answers move the stage's progress bar."""

    job: Job
    client: ManyClient

    def ask_many(
        self, requests: Iterable[ChatRequest[R]]
    ) -> Iterator[tuple[ChatRequest[R], Reply[R] | Failure]]:
        return self.job.track(self.client.ask_many(requests))

    def line(self) -> str:
        return self.client.line()

    def figures(self) -> Mapping[str, object]:
        return self.client.figures()

    def remarks(self) -> list[str]:
        return self.client.remarks()
