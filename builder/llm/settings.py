"""Who writes, as params.yaml says it: `writer: {kind: offline}` or `{kind: openai, model: ...}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from builder.llm.offline import OfflineWriter
from builder.llm.protocol import ChatClient, Grammar


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class OfflineSettings(_Strict):
    """The grammar; it has nothing to set."""

    kind: Literal["offline"]


class OpenAISettings(_Strict):
    """An OpenAI-compatible endpoint.

    `timeout_s` bounds one call, `attempts` counts the first one too, `retry_wait_s` is the first
    wait after a 429, a 5xx or a broken connection and doubles. `ledger` is the SQLite file.
    """

    kind: Literal["openai"]
    model: Annotated[str, Field(min_length=1)]
    temperature: Annotated[float, Field(ge=0, le=2)]
    max_tokens: Annotated[int, Field(gt=0)]
    timeout_s: Annotated[float, Field(gt=0)]
    attempts: Annotated[int, Field(gt=0)]
    retry_wait_s: Annotated[float, Field(ge=0)]
    ledger: str

    def shaping(self) -> Mapping[str, Any]:
        """Return what of these settings shapes a reply, for its key."""
        return {
            "model": self.model,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
        }


Writer = Annotated[OfflineSettings | OpenAISettings, Field(discriminator="kind")]
"""A stage's `writer` parameter."""


@contextmanager
def open_client(
    writer: OfflineSettings | OpenAISettings, *, seed: int, grammars: Mapping[str, Grammar]
) -> Iterator[ChatClient]:
    """Give the client that a stage's parameters name.

    Args:
        writer: The stage's `writer` parameter.
        seed: Of the run; the offline writer draws from it.
        grammars: By task, for the offline writer.

    Raises:
        ChatError: If an endpoint has no key.
        InputError: If its ledger cannot be opened.
    """
    if isinstance(writer, OfflineSettings):
        yield OfflineWriter(seed, grammars)
        return
    from builder.llm.ledger import Ledger
    from builder.llm.openai_client import OpenAIClient  # slow to import, and only needed here

    with Ledger.open(Path(writer.ledger)) as ledger:
        client = OpenAIClient(writer, ledger)
        try:
            yield client
        finally:
            client.close()
