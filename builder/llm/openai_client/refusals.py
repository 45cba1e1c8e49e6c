"""What an endpoint says it refuses, by the fields of its error that hold no secret.

Its message may repeat the key or the request's body and is never shown. One error of OpenAI:

    {"error": {"message": "Unsupported parameter: ...", "type": "invalid_request_error",
               "param": "max_tokens", "code": "unsupported_parameter"}}

and of servers built on pydantic (Mistral, and gateways of its kind):

    {"detail": [{"type": "extra_forbidden", "loc": ["body", "max_completion_tokens"]}]}
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from builder.llm.openai_client.wire import without_key

_SETTINGS = {
    "max_tokens": "writer.max_tokens and max_tokens_key",
    "max_completion_tokens": "writer.max_tokens and max_tokens_key",
    "temperature": "writer.temperature (null sends none)",
    "model": "writer.model",
}
_FOR_ALL = re.compile(r"(unsupported|unknown|unrecognized)_.*|extra_forbidden|invalid_value")
"""Codes of what no row of a run can change. A limit of tokens may also be refused because one row
is long: vLLM does so without a code."""
_ALSO_FOR_ALL = ("temperature", "model")
_TOO_LONG = "context_length_exceeded"
_WORD = re.compile(r"[A-Za-z0-9_.\[\]-]{1,64}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error's code and parameter, empty where it names none."""

    code: str = ""
    param: str = ""

    @property
    def setting(self) -> str | None:
        """Return the settings that every request of a run sends and this endpoint refuses."""
        is_for_all = self.param in _ALSO_FOR_ALL or _FOR_ALL.fullmatch(self.code)
        return _SETTINGS.get(self.param) if is_for_all else None

    @property
    def is_of_format(self) -> bool:
        """Return whether another response format may be accepted: nothing else is named."""
        return not self.param.startswith("messages") and self.code != _TOO_LONG

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.code, self.param)))


def read_refusal(body: Any, api_key: str) -> Refusal:
    """Return what an error says it refuses.

    Args:
        body: Parsed from JSON; the error itself, or an object that holds it.
        api_key: A field that repeats it is passed over.
    """
    error = body.get("error", body) if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return Refusal()
    if (detail := _first_detail(error)) is not None:
        code, param = detail
    else:
        code, param = error.get("code"), error.get("param")
    return Refusal(_word(code, api_key), _word(param, api_key))


def _first_detail(error: dict[str, Any]) -> tuple[Any, Any] | None:
    """Return type and field of pydantic's first error, for those who answer with its errors."""
    message = error.get("message")
    details = error.get("detail") or (message.get("detail") if isinstance(message, dict) else None)
    detail = details[0] if isinstance(details, list) and details else None
    place = detail.get("loc") if isinstance(detail, dict) else None
    if not isinstance(detail, dict) or not isinstance(place, list) or len(place) < 2:
        return None
    return detail.get("type"), place[1]


def _word(value: Any, api_key: str) -> str:
    text = value if isinstance(value, str) else ""
    return text if _WORD.fullmatch(text) and without_key(text, api_key) == text else ""
