"""What ends a run, as the one line that a user sees."""

from typing import Any

import pytest

from builder.errors import SaferecError
from builder.llm.asking import ask_all
from builder.llm.clients import open_client
from builder.llm.settings import OpenAISettings
from tests.builder.llm.conftest import KEY
from tests.builder.llm.test_misbehaving_server import ask_for


def ask(rules: OpenAISettings, n_rows: int = 1) -> list[Any]:
    with open_client(rules, seed=1, grammars={}) as client:
        outcomes = ask_all(client, map(ask_for, range(n_rows)), workers=1)
        return [outcome for _, outcome in outcomes]


def said_by(rules: OpenAISettings) -> str:
    """Return the one line that ends a run."""
    with pytest.raises(SaferecError) as caught:
        ask(rules)
    line = str(caught.value)
    assert "\n" not in line
    assert KEY not in line
    return line
