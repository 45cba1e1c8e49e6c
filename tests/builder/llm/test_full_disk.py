"""A full disk ends a run with one line; nothing that was read is lost."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from builder.errors import SaferecError
from builder.llm.asking import ask_all
from builder.llm.client_settings import OpenAISettings
from builder.llm.clients import open_client
from builder.llm.protocol import Reply
from tests.support.chat_calls import MARK_ANSWER, ask_marks, ask_one, error_of, mark_request
from tests.support.scripted_server import answering

Chosen = Callable[..., OpenAISettings]


@pytest.mark.usefixtures("url")
def test_no_room_for_the_replies(chosen: Chosen) -> None:
    rules = chosen(max_tokens=10**13)
    assert error_of(rules) == (f"{rules.ledger}: is on a full disk; free some space and run again")


@contextmanager
def files_of_at_most(n_bytes: int) -> Iterator[None]:
    """Refuse to write a file beyond so many bytes, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("url")
def test_a_disk_that_has_no_room_for_a_ledger(chosen: Chosen) -> None:
    rules = chosen()
    with files_of_at_most(1):
        line = error_of(rules)
    assert line.startswith(f"{rules.ledger}: cannot be written (")
    assert line.endswith("); free some disk space and run again")


def test_a_disk_that_is_full_before_the_first_call(chosen: Chosen) -> None:
    rules = chosen()
    with answering(MARK_ANSWER) as chat:
        with (
            open_client(rules, seed=1, grammars={}) as client,
            files_of_at_most(1),
            pytest.raises(SaferecError) as caught,
        ):
            ask_one(client, mark_request(0))
        assert str(caught.value).startswith(f"{rules.ledger}: cannot be written (")
        assert str(caught.value).endswith("); free some disk space and run again")
        assert chat.bodies == []
        assert [type(outcome) for outcome in ask_marks(rules)] == [Reply]
        assert len(chat.bodies) == 1


def test_a_disk_that_fills_up_loses_nothing_that_was_read(chosen: Chosen) -> None:
    rules = chosen(in_flight=2)
    n_rows = 40
    with answering(MARK_ANSWER) as chat:
        with open_client(rules, seed=1, grammars={}) as client:
            requests = map(mark_request, range(n_rows))
            outcomes = ask_all(client, requests, workers=1)
            used = max(path.stat().st_size for path in Path(rules.ledger).parent.iterdir())
            read = []
            with (
                files_of_at_most(used + 100_000),
                pytest.raises(SaferecError, match="cannot be written"),
            ):
                read.extend(outcomes)
        paid_before = len(chat.bodies)
        assert 0 < paid_before < n_rows
        assert [type(outcome) for outcome in ask_marks(rules, n_rows)] == [Reply] * n_rows
        assert len(chat.bodies) - n_rows <= 2 * rules.in_flight
