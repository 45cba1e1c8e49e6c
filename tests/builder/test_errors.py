"""Messages stay short, whatever was found."""

from __future__ import annotations

from builder.errors import InputError, quoted


def test_a_long_value_is_cut() -> None:
    assert quoted("x" * 5_000) == "'" + "x" * 199 + " ..."
    assert quoted(["a", 1]) == "['a', 1]"


def test_a_message_is_cut() -> None:
    error = InputError("k" * 2_000_000, "f" * 2_000_000, "fix it")
    assert str(error) == f"{'k' * 1000} ...: {'f' * 1000} ...; fix it"
