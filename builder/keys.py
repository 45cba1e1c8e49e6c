"""Keys from the environment, fit for a header of HTTP."""

from __future__ import annotations

from collections.abc import Mapping

from builder.errors import InputError

_BYTE_ORDER_MARK = "\ufeff"


def key_from(environment: Mapping[str, str], name: str) -> str | None:
    """Return a key without the line end or spaces around it; None if there is none.

    Raises:
        InputError: If another character cannot be in a header (RFC 9110, 5.5): a curly quote, a
            sign without width, a line end within. The message shows its place, never the key.
    """
    key = environment.get(name, "").strip(f" \t\r\n{_BYTE_ORDER_MARK}")
    for place, character in enumerate(key, 1):
        if not " " <= character <= "~":
            raise InputError(
                name,
                f"character {place} of {len(key)} is U+{ord(character):04X}, which no key has",
                "copy the key again, without quotes and line ends",
            )
    return key or None
