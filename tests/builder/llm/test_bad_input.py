"""What is wrong from the start is said in one line, before the server is asked anything."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.llm.client_settings import OpenAISettings
from builder.llm.ledger.database import VERSION
from builder.llm.ledger.ledger import Ledger
from builder.llm.protocol import Reply
from tests.support.chat_calls import MARK_ANSWER, ask_marks, error_of
from tests.support.scripted_server import KEY, answering

Chosen = Callable[..., OpenAISettings]


@pytest.mark.parametrize("value", [None, ""], ids=["not set", "empty"])
@pytest.mark.usefixtures("url")
def test_no_key(chosen: Chosen, monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    if value is None:
        monkeypatch.delenv("OPENAI_API_KEY")
    else:
        monkeypatch.setenv("OPENAI_API_KEY", value)
    assert error_of(chosen()) == (
        "OPENAI_API_KEY: is not set; export it (any value for a server that needs none), or set "
        "writer to {kind: offline} in params.yaml"
    )


@pytest.mark.parametrize("batch", [None, {"max_requests": 9, "poll_s": 0.01}], ids=["", "batch"])
@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"])
@pytest.mark.usefixtures("url")
def test_a_key_that_no_header_can_carry(
    chosen: Chosen, monkeypatch: pytest.MonkeyPatch, name: str, batch: dict[str, float] | None
) -> None:
    monkeypatch.setenv(name, f"{KEY}\u201d")
    assert error_of(chosen(batch=batch)) == (
        f"{name}: character 14 of 14 is U+201D, which no key has; copy the key again, without "
        "quotes and line ends"
    )


def test_a_key_and_an_address_from_files_with_line_ends(
    chosen: Chosen, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(MARK_ANSWER) as chat:
        for name, value in (("OPENAI_API_KEY", KEY), ("OPENAI_BASE_URL", chat.url)):
            monkeypatch.setenv(name, f"{value}\n")
        monkeypatch.setenv("OPENAI_ORG_ID", "org-7\n")
        assert [type(outcome) for outcome in ask_marks(chosen())] == [Reply]


@pytest.mark.parametrize(
    "address",
    [
        "localhost:8080",
        "ftp://127.0.0.1/v1",
        "http://",
        "http://[::1",
        "http://a:99999/v1",
        "http://a\u200b/v1",
    ],
    ids=str,
)
@pytest.mark.usefixtures("url")
def test_an_address_that_is_none(
    chosen: Chosen, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    assert error_of(chosen()) == (
        "OPENAI_BASE_URL: is not a valid server address; write it like http://127.0.0.1:8080/v1"
    )


def test_an_address_with_a_password(
    chosen: Chosen, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", url.replace("//", f"//ann:{KEY}@"))
    assert error_of(chosen()) == (
        "OPENAI_BASE_URL: contains a user name; remove it and put the key into OPENAI_API_KEY"
    )


@pytest.mark.parametrize("name", ["usd", "tokens"])
@pytest.mark.usefixtures("url")
def test_a_budget_of_nothing(chosen: Chosen, name: str) -> None:
    assert error_of(chosen(**{f"budget_{name}": 0})) == (
        f"writer.budget_{name}: is 0, so no request is allowed; raise it, or set writer to "
        "{kind: offline}"
    )


@pytest.mark.usefixtures("url")
def test_a_budget_in_dollars_for_a_model_without_a_price(chosen: Chosen) -> None:
    assert error_of(chosen(budget_usd=1.0)) == (
        "builder/llm/ledger/prices.yaml: has no price for model 'small-model'; add one, or set "
        "writer.budget_usd to null and writer.budget_tokens to a number"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, ": no such file; correct writer.prices in params.yaml"),
        ("models: [", ":2: is not valid YAML (did not find expected node content)"),
        ("{}", ": models: Field required; fix the entry"),
        (
            "models: {m: {input: -1, output: 1, batch: 1, as_of: '2026-01-01'}}",
            ": models.m.input: Input should be greater than or equal to 0; fix the entry",
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
    assert error_of(chosen(prices=str(prices))).startswith(f"{prices}{found}")


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
        (another_program, "is the database of another program; correct the path"),
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
    assert error_of(chosen(ledger=str(ledger))).startswith(f"{ledger}: {found}")
