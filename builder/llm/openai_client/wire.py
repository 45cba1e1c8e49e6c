"""The wire format of an OpenAI-compatible endpoint, and its address from the environment."""

from __future__ import annotations

import os
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from builder.llm.protocol import ChatError, ChatRequest, schema_bytes, schema_of
from builder.llm.reading import Paid
from builder.llm.settings import Format, OpenAISettings

_OPENAI = "https://api.openai.com/v1"


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Completion(BaseModel):
    """The fields we read of a chat completion; the `openai` package validates nothing."""

    model: str
    choices: Annotated[list[_Choice], Field(min_length=1)]
    usage: _Usage | None = None

    def paid(self) -> Paid:
        """Return the first choice as the ledger keeps it."""
        choice, usage = self.choices[0], self.usage or _Usage()
        return Paid(
            model=self.model,
            content=choice.message.content,
            refusal=choice.message.refusal,
            finish_reason=choice.finish_reason or "",
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
        )


def chat_body(
    settings: OpenAISettings, request: ChatRequest[Any], reply_format: Format
) -> dict[str, Any]:
    """Return the body of a chat completion request."""
    messages = [{"role": m.role, "content": m.content} for m in request.messages]
    body: dict[str, Any] = {
        "model": settings.model,
        "messages": messages,
        settings.max_tokens_key: settings.max_tokens,
    }
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    if reply_format == "json_schema":
        schema = {"name": request.task, "strict": True, "schema": schema_of(request.reply)}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body
    shown = schema_bytes(request.reply).decode()
    messages[-1]["content"] += f"\n\nReply with one JSON object of this JSON schema: {shown}"
    if reply_format == "json_object":
        body["response_format"] = {"type": "json_object"}
    return body


def read_environment() -> tuple[str, str]:
    """Return key and address: OPENAI_API_KEY and OPENAI_BASE_URL.

    Raises:
        ChatError: If there is no key, or the address is not valid.
    """
    api_key = os.environ.get("OPENAI_API_KEY")
    if not api_key:
        raise ChatError(
            "OPENAI_API_KEY: is not set; export it (any value for a server that needs none), "
            "or set writer to {kind: offline} in params.yaml"
        )
    url = os.environ.get("OPENAI_BASE_URL") or _OPENAI
    _require_address(url)
    return api_key, url


def without_secrets(url: str) -> str:
    """Return an address without user, password and query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _require_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ChatError(
            "OPENAI_BASE_URL: is not a valid server address; write it like http://127.0.0.1:8080/v1"
        )
    if parts.username is not None:
        raise ChatError(
            "OPENAI_BASE_URL: contains a user name; remove it and put the key into OPENAI_API_KEY"
        )
