"""What is wrong from the start is said in one line, before the server is asked anything."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from builder.errors import SaferecError
from builder.llm.asking import ask_all
from builder.llm.ledger import Ledger
from builder.llm.ledger_file import VERSION
from builder.llm.protocol import Reply
from builder.llm.settings import OpenAISettings, open_client
from tests.builder.llm.conftest import ask_one
from tests.builder.llm.test_misbehaving_server import ask_for

Serving = Callable[..., AbstractContextManager[Any]]
Chosen = Callable[..., OpenAISettings]
GOOD = {"content": '{"row": "row 0", "mark": 4}'}
KEY = "sk-secret-key"


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


@pytest.fixture
def url(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve a good answer, and hold that nobody asked for it."""
    with serving(GOOD) as chat:
        monkeypatch.setenv("OPENAI_BASE_URL", chat.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield chat.url
        assert chat.bodies == []


@pytest.mark.parametrize("value", [None, ""], ids=["not set", "empty"])
@pytest.mark.usefixtures("url")
def test_no_key(chosen: Chosen, monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    if value is None:
        monkeypatch.delenv("OPENAI_API_KEY")
    else:
        monkeypatch.setenv("OPENAI_API_KEY", value)
    assert said_by(chosen()) == (
        "OPENAI_API_KEY: is not set; export it (any word for a server that wants none), or set "
        "writer to {kind: offline} in params.yaml"
    )


@pytest.mark.parametrize(
    "address",
    ["localhost:8080", "ftp://127.0.0.1/v1", "http://", "http://[::1", "http://a:99999/v1"],
    ids=str,
)
@pytest.mark.usefixtures("url")
def test_an_address_that_is_none(
    chosen: Chosen, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    assert said_by(chosen()) == (
        "OPENAI_BASE_URL: is no address of a server; write it like http://127.0.0.1:8080/v1"
    )


def test_an_address_with_a_password(
    chosen: Chosen, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", url.replace("//", f"//ann:{KEY}@"))
    assert said_by(chosen()) == (
        "OPENAI_BASE_URL: holds a user's name; leave it out, the key goes into OPENAI_API_KEY"
    )


def test_an_address_where_nobody_listens(
    serving: Serving, chosen: Chosen, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(GOOD) as chat:
        shown = chat.url
    monkeypatch.setenv("OPENAI_BASE_URL", f"{shown}?key={KEY}")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert said_by(chosen()) == (
        f"{shown}/: nothing answers there; check OPENAI_BASE_URL and start the server, then run "
        "again: paid replies are kept"
    )


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (
            {"status": 404},
            "status 404 for model 'small-model'; check OPENAI_BASE_URL, OPENAI_API_KEY and "
            "writer.model",
        ),
        (
            {"status": 400, "raw": b'{"error": {"code": "model_not_found", "message": "no"}}'},
            "status 400 for model 'small-model'; check OPENAI_BASE_URL, OPENAI_API_KEY and "
            "writer.model",
        ),
        (
            {"status": 429, "raw": b'{"error": {"code": "insufficient_quota"}}'},
            "has no credit left for this key; check the account",
        ),
        (
            {"raw": b"<html>Welcome</html>", "headers": {"Content-Type": "text/html"}},
            "answers with a web page; check OPENAI_BASE_URL (most end in /v1)",
        ),
    ],
    ids=["no such model", "no such model, as a 400", "no credit", "web page"],
)
def test_a_server_that_has_nothing_for_us(
    serving: Serving,
    chosen: Chosen,
    monkeypatch: pytest.MonkeyPatch,
    answer: dict[str, Any],
    found: str,
) -> None:
    with serving(answer) as chat:
        monkeypatch.setenv("OPENAI_BASE_URL", chat.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        assert said_by(chosen()) == f"{chat.url}/: {found}, then run again: paid replies are kept"
        assert len(chat.bodies) == 1


@pytest.mark.parametrize(
    ("in_flight", "n_rows"), [(1, 20), (16, 32)], ids=["one at a time", "many at once"]
)
def test_an_endpoint_that_fails_every_row(
    serving: Serving, chosen: Chosen, monkeypatch: pytest.MonkeyPatch, in_flight: int, n_rows: int
) -> None:
    rules = chosen(in_flight=in_flight, attempts=1)
    with serving({"status": 500}) as chat:
        monkeypatch.setenv("OPENAI_BASE_URL", chat.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        with pytest.raises(SaferecError) as caught:
            ask(rules, 500)
        assert str(caught.value) == (
            f"{chat.url}/: failed {n_rows} rows one after another, the last with 'status 500'; "
            "check the server and the settings of the writer, then run again: paid replies are kept"
        )
        assert n_rows <= len(chat.bodies) < n_rows + in_flight


def test_rows_that_fail_between_others_end_no_run(
    serving: Serving, chosen: Chosen, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = ([{"status": 500}] * 19 + [GOOD]) * 3
    with serving(*script) as chat:
        monkeypatch.setenv("OPENAI_BASE_URL", chat.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        outcomes = ask(chosen(in_flight=1, attempts=1), len(script))
    assert sum(isinstance(outcome, Reply) for outcome in outcomes) == 3


@pytest.mark.parametrize("name", ["usd", "tokens"])
@pytest.mark.usefixtures("url")
def test_a_budget_of_nothing(chosen: Chosen, name: str) -> None:
    assert said_by(chosen(**{f"budget_{name}": 0})) == (
        f"writer.budget_{name}: is 0, so nothing may be asked; raise it, or set writer to "
        "{kind: offline}"
    )


@pytest.mark.usefixtures("url")
def test_a_budget_in_dollars_for_a_model_without_a_price(chosen: Chosen) -> None:
    assert said_by(chosen(budget_usd=1.0)) == (
        "builder/llm/prices.yaml: has no price for model 'small-model'; add one, or set "
        "writer.budget_usd to null and writer.budget_tokens to a cap"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, ": cannot be read; correct writer.prices in params.yaml"),
        ("models: [", ": not YAML (while parsing"),
        ("{}", ": models: Field required; write it like the entries beside it"),
        (
            "models: {m: {input: -1, output: 1, batch: 1, as_of: '2026-01-01'}}",
            ": models.m.input: Input should be greater than or equal to 0; write it",
        ),
        ("models: {m: {input: 1, output: 1, batch: 1}}", ": models.m.as_of: Field required;"),
    ],
    ids=["no file", "no yaml", "no models", "negative", "no day"],
)
@pytest.mark.usefixtures("url")
def test_a_price_file_that_cannot_be_used(
    chosen: Chosen, tmp_path: Path, text: str | None, found: str
) -> None:
    prices = tmp_path / "prices.yaml"
    if text is not None:
        prices.write_text(text)
    assert said_by(chosen(prices=str(prices))).startswith(f"{prices}{found}")


def another_version(path: Path) -> None:
    with Ledger.open(path):
        pass
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()


def another_program(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE films (title TEXT)")
    connection.close()


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (another_version, f"is a ledger of version {VERSION + 1}; this release reads version"),
        (another_program, "is another program's database; correct the path"),
        (lambda path: path.write_bytes(b"title,year\n" * 500), "cannot be used as a ledger (file"),
        (lambda path: path.mkdir(), "cannot be used as a ledger (unable to open"),
    ],
    ids=["another version", "another program's", "no database", "a folder"],
)
@pytest.mark.usefixtures("url")
def test_a_ledger_that_cannot_be_used(
    chosen: Chosen, tmp_path: Path, make: Callable[[Path], object], found: str
) -> None:
    ledger = tmp_path / "ledger.sqlite"
    make(ledger)
    assert said_by(chosen(ledger=str(ledger))).startswith(f"{ledger}: {found}")


@pytest.mark.usefixtures("url")
def test_no_room_for_the_replies(chosen: Chosen) -> None:
    rules = chosen(max_tokens=10**13)
    assert said_by(rules) == (f"{rules.ledger}: lies on a full disk; make room there and run again")


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
        line = said_by(rules)
    assert line.startswith(f"{rules.ledger}: cannot be written (")
    assert line.endswith("); make room on the disk and run again")


def test_a_disk_that_is_full_before_the_first_call(
    serving: Serving, chosen: Chosen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    rules = chosen()
    with serving(GOOD) as chat:
        monkeypatch.setenv("OPENAI_BASE_URL", chat.url)
        with (
            open_client(rules, seed=1, grammars={}) as client,
            files_of_at_most(1),
            pytest.raises(SaferecError) as caught,
        ):
            ask_one(client, ask_for(0))
        assert str(caught.value).startswith(f"{rules.ledger}: cannot be written (")
        assert str(caught.value).endswith("); make room on the disk and run again")
        assert chat.bodies == []
        assert [type(outcome) for outcome in ask(rules)] == [Reply]
        assert len(chat.bodies) == 1


def test_a_disk_that_fills_up_loses_nothing_that_was_read(
    serving: Serving, chosen: Chosen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    rules = chosen(in_flight=2)
    n_rows = 40
    with serving(GOOD) as chat:
        monkeypatch.setenv("OPENAI_BASE_URL", chat.url)
        with open_client(rules, seed=1, grammars={}) as client:
            requests = map(ask_for, range(n_rows))
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
        assert [type(outcome) for outcome in ask(rules, n_rows)] == [Reply] * n_rows
        assert len(chat.bodies) - n_rows <= 2 * rules.in_flight
