"""The wire format of an OpenAI-compatible endpoint, and its address from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlsplit

import orjson
from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from builder.keys import key_from
from builder.llm.client_settings import Format, OpenAISettings
from builder.llm.protocol import ChatError, ChatRequest, schema_bytes, schema_of
from builder.llm.replies import Paid

_OPENAI = "https://api.openai.com/v1"
_TEXT_PARTS = ("text", "output_text")
_SHORTEST_KEY = 12


def _whole(value: Any) -> int | None:
    """Read a count of any size; a JSON number beyond 64 bits arrives as a float."""
    is_whole = isinstance(value, float) and value.is_integer()
    return int(value) if is_whole or type(value) is int else None


def _or_none(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    """Read a field that we can do without: of another type, it was not sent."""
    try:
        return validate(value)
    except ValidationError:
        return None


class _Message(BaseModel):
    content: Any = None
    refusal: Any = None
    reasoning_content: Any = None

    def text(self) -> str:
        """Return the content, whatever its shape.

        vLLM with a parser of reasoning may put the whole reply there and leave the content empty.
        """
        return _text_of(self.content) or _text_of(self.reasoning_content)


class _Choice(BaseModel):
    message: _Message
    finish_reason: Any = None


_Count = Annotated[int | None, BeforeValidator(_whole)]


class _Usage(BaseModel):
    prompt_tokens: _Count = None
    completion_tokens: _Count = None


class _Completion(BaseModel):
    """The fields we read of a chat completion; what was paid for may have any shape within them."""

    model: Any = None
    choices: Annotated[list[_Choice], Field(min_length=1)]
    usage: Annotated[_Usage | None, WrapValidator(_or_none)] = None


def read_completion(body: Any, api_key: str) -> Paid:
    """Return the first choice of a chat completion as the ledger keeps it.

    Args:
        body: The answer, as parsed from JSON.
        api_key: Removed wherever the answer repeats it.

    Raises:
        ValidationError: If it is no chat completion.
    """
    completion = _Completion.model_validate(body)
    choice, usage = completion.choices[0], completion.usage or _Usage()
    refusals = [choice.message.refusal, *_refused_parts(choice.message.content)]
    return Paid(
        model=without_key(_text_of(completion.model), api_key),
        content=without_key(choice.message.text(), api_key),
        refusal=without_key("".join(map(_text_of, refusals)), api_key) or None,
        finish_reason=without_key(_text_of(choice.finish_reason), api_key),
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
    )


def without_key(text: str, api_key: str) -> str:
    """Return a text without the key; a key too short to be one may be any word of a reply."""
    return text.replace(api_key, "[key]") if len(api_key) >= _SHORTEST_KEY else text


def _text_of(content: Any) -> str:
    """Return the text of a content: a string, parts of which some are text, or an object.

    A list of parts comes from Mistral's reasoning models and several gateways; parts of other types
    are thoughts. Gateways that parse the reply send the object itself.
    """
    match content:
        case None:
            return ""
        case str():
            return content
        case list() if all(isinstance(part, str) or _is_part(part) for part in content):
            return "".join(_text_of_part(part) for part in content)
        case _:
            return orjson.dumps(content).decode()


def _is_part(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get("type"), str)


def _text_of_part(part: Any) -> str:
    if isinstance(part, str):
        return part
    return _text_of(part.get("text")) if part["type"] in _TEXT_PARTS else ""


def _refused_parts(content: Any) -> list[Any]:
    parts = content if isinstance(content, list) else []
    return [part.get("refusal") for part in parts if _is_part(part) and part["type"] == "refusal"]


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


@dataclass(frozen=True, slots=True)
class Access:
    """An endpoint and how to be let in.

    Attributes:
        api_key: OPENAI_API_KEY.
        url: OPENAI_BASE_URL, or OpenAI's.
        organization: OPENAI_ORG_ID, sent as a header.
        project: OPENAI_PROJECT_ID, likewise.
    """

    api_key: str = field(repr=False)
    url: str
    organization: str | None
    project: str | None


def read_environment() -> Access:
    """Return the endpoint that the environment names.

    Raises:
        ChatError: If there is no key, or the address is not valid.
        InputError: If a key holds a character that no header can carry.
    """
    api_key = key_from(os.environ, "OPENAI_API_KEY")
    if api_key is None:
        raise ChatError(
            "OPENAI_API_KEY: is not set; export it (any value for a server that needs none), "
            "or set writer to {kind: offline} in params.yaml"
        )
    url = os.environ.get("OPENAI_BASE_URL", "").strip() or _OPENAI
    _require_address(url)
    organization, project = (
        key_from(os.environ, name) for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID")
    )
    return Access(api_key, url, organization, project)


def without_secrets(url: str) -> str:
    """Return an address without user, password and query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _require_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        is_address = is_address and url.isascii() and url.isprintable() and " " not in url
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
