"""The client that a stage's `writer` parameter names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from builder.llm.client_settings import OfflineSettings, OpenAISettings
from builder.llm.offline import OfflineWriter
from builder.llm.protocol import ChatClient, Grammar


@contextmanager
def open_client(
    writer: OfflineSettings | OpenAISettings, *, seed: int, grammars: Mapping[str, Grammar]
) -> Iterator[ChatClient]:
    """Open the client that a stage's parameters name.

    Args:
        writer: The stage's `writer` parameter.
        seed: Seed of the run, for the offline writer.
        grammars: By task, for the offline writer.

    Raises:
        ChatError: If an endpoint has no key or no valid address.
        InputError: If its ledger cannot be opened, or the budget cannot be enforced.
    """
    if isinstance(writer, OfflineSettings):
        yield OfflineWriter(seed, grammars)
        return
    # Imported here: the OpenAI client is slow to import, and the offline writer does not need it.
    if writer.batch is not None:
        from builder.llm.batch.batches import open_batches

        with open_batches(writer, writer.batch) as batches:
            yield batches
        return
    from builder.llm.openai_client.engine import open_engine

    with open_engine(writer) as engine:
        yield engine
