"""How many tokens a request takes, estimated without a vocabulary and without a network.

Byte-level vocabularies (GPT, Llama, Qwen, Mistral) never make more tokens than there are bytes of
UTF-8: this is the bound that a budget holds. The number to expect is far lower: English prose has
four to five characters per token, JSON and names about three.
"""

from __future__ import annotations

import math
from typing import Any

from builder.llm.protocol import ChatRequest, schema_bytes

_MOST_CHARS_PER_TOKEN = 5
_FEWEST_CHARS_PER_TOKEN = 3
_TEMPLATE_TOKENS = 16
"""Per message, for role, start and end as a chat template writes them; generous."""


def most_prompt_tokens(request: ChatRequest[Any]) -> int:
    """Return an upper bound of the tokens of messages and schema."""
    text_tokens = sum(most_tokens(message.content) for message in request.messages)
    return text_tokens + len(schema_bytes(request.reply)) + _TEMPLATE_TOKENS * len(request.messages)


def likely_prompt_tokens(request: ChatRequest[Any]) -> tuple[int, int]:
    """Return the fewest and the most tokens to expect for messages and schema."""
    n_chars = sum(len(message.content) for message in request.messages)
    n_chars += len(schema_bytes(request.reply))
    low = math.ceil(n_chars / _MOST_CHARS_PER_TOKEN)
    high = math.ceil(n_chars / _FEWEST_CHARS_PER_TOKEN)
    return low, high + _TEMPLATE_TOKENS * len(request.messages)


def likely_text_tokens(text: str) -> tuple[int, int]:
    """Return the fewest and the most tokens to expect for a text."""
    low, high = _MOST_CHARS_PER_TOKEN, _FEWEST_CHARS_PER_TOKEN
    return math.ceil(len(text) / low), math.ceil(len(text) / high)


def most_tokens(text: str) -> int:
    """Return an upper bound of the tokens of a text."""
    return len(text.encode())
