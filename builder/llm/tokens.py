"""How many tokens a request takes, without a vocabulary and without a network.

Byte-level vocabularies (GPT, Llama, Qwen, Mistral) never make more tokens than there are bytes of
UTF-8: that is the bound that a budget holds back. What to expect lies far below it: English prose
has four to five characters a token, JSON and names about three.
"""

from __future__ import annotations

import math
from typing import Any

from builder.llm.protocol import ChatRequest, schema_bytes

_CHARS_A_TOKEN_AT_MOST = 5
_CHARS_A_TOKEN_AT_LEAST = 3
_TEMPLATE_TOKENS = 16
"""Of one message: role, start and end as a chat template writes them, with room."""


def most_prompt_tokens(request: ChatRequest[Any]) -> int:
    """Return a bound that the tokens of the messages and the schema cannot pass."""
    said = sum(most_tokens(message.content) for message in request.messages)
    return said + len(schema_bytes(request.reply)) + _TEMPLATE_TOKENS * len(request.messages)


def likely_prompt_tokens(request: ChatRequest[Any]) -> tuple[int, int]:
    """Return the fewest and the most tokens to expect of messages and schema."""
    n_chars = sum(len(message.content) for message in request.messages)
    n_chars += len(schema_bytes(request.reply))
    low = math.ceil(n_chars / _CHARS_A_TOKEN_AT_MOST)
    high = math.ceil(n_chars / _CHARS_A_TOKEN_AT_LEAST)
    return low, high + _TEMPLATE_TOKENS * len(request.messages)


def likely_text_tokens(text: str) -> tuple[int, int]:
    """Return the fewest and the most tokens to expect of a text."""
    low, high = _CHARS_A_TOKEN_AT_MOST, _CHARS_A_TOKEN_AT_LEAST
    return math.ceil(len(text) / low), math.ceil(len(text) / high)


def most_tokens(text: str) -> int:
    """Return a bound that the tokens of a text cannot pass."""
    return len(text.encode())
