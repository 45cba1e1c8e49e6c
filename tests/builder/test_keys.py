"""Case api-key-newline: a key as people paste it is read, or refused without being shown."""

import pytest

from builder.errors import InputError
from builder.keys import key_from

KEY = "sk-secret123"


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (KEY, KEY),
        (f"{KEY}\n", KEY),
        (f"\ufeff {KEY}\r\n", KEY),
        ("a b~", "a b~"),
        ("", None),
        (" \n", None),
    ],
    ids=["plain", "line end", "mark, space, Windows line end", "within ASCII", "empty", "blank"],
)
def test_what_stands_around_a_key_is_removed(value: str, key: str | None) -> None:
    assert key_from({"KEY": value}, "KEY") == key


def test_a_key_that_is_not_set_is_none() -> None:
    assert key_from({}, "KEY") is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (f"\u201c{KEY}\u201d", "character 1 of 14 is U+201C"),
        (f"{KEY}\u200b", "character 13 of 13 is U+200B"),
        (f"sk\n{KEY}", "character 3 of 15 is U+000A"),
        (f"{KEY}\x00", "character 13 of 13 is U+0000"),
        (f"{KEY}\x7f", "character 13 of 13 is U+007F"),
        (f"{KEY}\udc80", "character 13 of 13 is U+DC80"),
    ],
    ids=["curly quotes", "without width", "line end within", "NUL", "delete", "half a pair"],
)
def test_a_key_that_no_header_can_carry_is_refused_and_not_shown(value: str, shown: str) -> None:
    with pytest.raises(InputError) as caught:
        key_from({"KEY": value}, "KEY")
    assert str(caught.value) == (
        f"KEY: {shown}, which no key has; copy the key again, without quotes and line ends"
    )
