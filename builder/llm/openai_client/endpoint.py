"""Any OpenAI-compatible endpoint (OpenAI, vLLM, Ollama, llama.cpp), one call at a time.

The key and the base URL come from OPENAI_API_KEY and OPENAI_BASE_URL.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from typing import Any

import aiohttp
import httpx2
import openai
import orjson
from pydantic import ValidationError

from builder.llm.client_settings import Format, OpenAISettings
from builder.llm.openai_client.call_errors import CallError, now_utc, read_retry_after
from builder.llm.openai_client.http_logging import silence_http_logging
from builder.llm.openai_client.refusals import read_refusal
from builder.llm.openai_client.transport import AiohttpTransport
from builder.llm.openai_client.wire import (
    chat_body,
    read_completion,
    read_environment,
    without_secrets,
)
from builder.llm.protocol import ChatError, ChatRequest
from builder.llm.replies import Paid
from builder.text_files.json_text import JsonError, parse_json

_FORMATS: tuple[Format, ...] = ("json_schema", "json_object", "text")
_FATAL = (401, 403, 404)
_TRANSIENT = (408, 409, 429)
_FORMAT_REFUSED = (400, 415, 422, 501)
_NO_CREDIT = "insufficient_quota"
_NO_MODEL = "model_not_found"


class Endpoint:
    """Sends calls, and turns whatever goes wrong into a `CallError` or a `ChatError`."""

    def __init__(self, settings: OpenAISettings) -> None:
        """Read key and base URL from the environment.

        Raises:
            ChatError: If there is no key, or the address is not valid.
            InputError: If a key holds a character that no header can carry.
        """
        access = read_environment()
        silence_http_logging()
        self._settings = settings
        http = httpx2.AsyncClient(transport=AiohttpTransport(access.url), timeout=None)
        self.api = openai.AsyncOpenAI(
            api_key=access.api_key,
            base_url=access.url,
            organization=access.organization,
            project=access.project,
            max_retries=0,
            timeout=None,
            http_client=http,
        )
        # Joined once, and bodies are sent as bytes: the package would do both for every call.
        self._chat = str(self.api.base_url.join("chat/completions"))
        self._format: Format = settings.format
        self._answered_in: Format | None = None

    async def close(self) -> None:
        """Close the connections."""
        await self.api.close()

    async def complete(self, request: ChatRequest[Any]) -> Paid:
        """Return the endpoint's reply, in the strictest format that the endpoint supports.

        Raises:
            CallError: If this call brought no reply.
            ChatError: If no call will.
        """
        first = self._format
        for chosen in _FORMATS[_FORMATS.index(first) :]:
            try:
                content = await self._post(chat_body(self._settings, request, chosen))
            except _FormatRefusedError as exc:
                if chosen == self._answered_in:  # the format works, so it is this row that fails
                    raise exc.error from exc
                refused = exc
                continue
            if first == self._format:
                self._format = chosen
            return self._read(content, chosen)
        raise refused.error

    def _read(self, content: bytes, chosen: Format) -> Paid:
        try:
            paid = read_completion(parse_json(content), self.api.api_key)
        except (JsonError, ValidationError) as exc:
            message = "the reply is not a chat completion"
            raise CallError(message, is_transient=True, is_free=False) from exc
        self._answered_in = chosen
        return paid

    async def _post(self, body: Mapping[str, Any]) -> bytes:
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                answer = await self.api.post(
                    self._chat, cast_to=httpx2.Response, content=orjson.dumps(body)
                )
        except TimeoutError as exc:
            raise _too_late() from exc
        except openai.APIStatusError as exc:
            raise self._refused(exc) from exc
        except (openai.APIConnectionError, aiohttp.ClientError, OSError) as exc:
            raise _broken(exc) from exc
        if self._answered_in is None and "html" in answer.headers.get("content-type", ""):
            raise self.fatal("answers with a web page", "OPENAI_BASE_URL (most end in /v1)")
        return answer.content

    def _refused(self, exc: openai.APIStatusError) -> Exception:
        status = exc.status_code
        if exc.code == _NO_CREDIT:
            return self.fatal("has no credit left for this key", "the account")
        if status in _FATAL or exc.code == _NO_MODEL:
            problem = f"status {status} for model {self._settings.model!r}"
            return self.fatal(problem, "OPENAI_BASE_URL, OPENAI_API_KEY and writer.model")
        refusal = read_refusal(exc.body, self.api.api_key)
        shown = f"status {status} ({refusal})" if str(refusal) else f"status {status}"
        if status in _FORMAT_REFUSED and refusal.setting and self._answered_in is None:
            return self.fatal(f"refuses {refusal.param!r} with {shown}", refusal.setting)
        error = CallError(
            shown,
            is_transient=status in _TRANSIENT or status >= 500,
            is_free=True,
            slows=status == 429,
            retry_after_s=read_retry_after(exc.response.headers.get("retry-after"), now_utc()),
        )
        may_be_format = status in _FORMAT_REFUSED and refusal.is_of_format
        return _FormatRefusedError(error) if may_be_format else error

    def fatal(self, problem: str, check: str) -> ChatError:
        """Return the error that ends a run: the problem, and what to check."""
        return ChatError(
            f"{self.address}: {problem}; check {check}, then run again: paid replies are kept"
        )

    @property
    def address(self) -> str:
        """Return the base URL without what may be secret in it."""
        return without_secrets(str(self.api.base_url))

    def unreachable(self) -> ChatError:
        """Return the error for an address where no server answers."""
        return self.fatal(
            "no server answers at this address", "OPENAI_BASE_URL and start the server"
        )


class _FormatRefusedError(Exception):
    """The endpoint may not know this response format."""

    def __init__(self, error: CallError) -> None:
        super().__init__(str(error))
        self.error = error


class UnreachableError(CallError):
    """No server answers at the address, so nothing was sent."""

    def __init__(self) -> None:
        super().__init__("no server answers at this address", is_transient=True, is_free=True)


def _too_late() -> CallError:
    return CallError("no answer in time", is_transient=True, is_free=False, slows=True)


def _broken(exc: BaseException) -> CallError:
    """Return the error for a failed connection; some causes reach us disguised as timeouts."""
    cause: BaseException | None = exc
    while cause is not None:
        if isinstance(
            cause, ConnectionRefusedError | socket.gaierror | aiohttp.ClientConnectorError
        ):
            return UnreachableError()
        if isinstance(cause, TimeoutError):
            return _too_late()
        cause = cause.__cause__ or cause.__context__
    return CallError("the connection broke", is_transient=True, is_free=False)
