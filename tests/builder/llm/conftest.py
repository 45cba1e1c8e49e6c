"""A ledger and settings in a folder of the test's own, and an endpoint that nobody may ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from builder.llm.client_settings import OpenAISettings
from tests.support.chat_calls import MARK_ANSWER, settings_for
from tests.support.scripted_server import answering


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "ledger.sqlite"


@pytest.fixture
def chosen(ledger: Path) -> Callable[..., OpenAISettings]:
    """Return settings of an endpoint for tests, some of them changed."""
    return lambda **changes: settings_for(**{"ledger": ledger, **changes})


@pytest.fixture
def url() -> Iterator[str]:
    """Serve a good answer, and hold that nobody asked for it."""
    with answering(MARK_ANSWER) as chat:
        yield chat.url
        assert chat.bodies == []
