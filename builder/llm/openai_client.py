"""Any OpenAI-compatible endpoint (OpenAI, vLLM, Ollama, llama.cpp) as a `ChatClient`.

Key and base URL come from OPENAI_API_KEY and OPENAI_BASE_URL. A reply goes to the ledger before
it is read. One that does not fit the schema is asked for once more with the error shown; that
second question has a key of its own, so a second run pays for neither.
"""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import replace
from typing import Annotated, Any

import openai
from pydantic import BaseModel, Field, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random_exponential

from builder.llm.ledger import Ledger, Paid
from builder.llm.protocol import ChatError, ChatRequest, Failure, R, Reply
from builder.llm.settings import OpenAISettings
from builder.records import Message


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Completion(BaseModel):
    """What is read of a chat completion; the package itself validates nothing."""

    model: str
    choices: Annotated[list[_Choice], Field(min_length=1)]
    usage: _Usage = _Usage()


class _NoCompletionError(Exception):
    """The endpoint answered 200 with something else than a chat completion."""


_PASSING = (
    openai.RateLimitError,
    openai.APIConnectionError,
    openai.InternalServerError,
    _NoCompletionError,
)
_HOPELESS = (openai.AuthenticationError, openai.PermissionDeniedError, openai.NotFoundError)
_DETAIL_CHARS = 500


class OpenAIClient:
    """Asks one endpoint, pays for each question at most once."""

    def __init__(self, settings: OpenAISettings, ledger: Ledger) -> None:
        """Read key and base URL from the environment.

        Raises:
            ChatError: If there is no key.
        """
        api_key = os.environ.get("OPENAI_API_KEY")
        if not api_key:
            raise ChatError(
                "OPENAI_API_KEY: is not set; export it (any word for a server that wants none), "
                "or set writer to {kind: offline} in params.yaml"
            )
        # At DEBUG the package writes whole request bodies.
        logging.getLogger("openai").setLevel(logging.WARNING)
        self._api = openai.OpenAI(api_key=api_key, timeout=settings.timeout_s, max_retries=0)
        self._settings = settings
        self._ledger = ledger

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def ask(self, request: ChatRequest[R]) -> Reply[R] | Failure:
        """Return the reply, from the ledger where it was paid for before."""
        first = self._ask_once(request)
        if isinstance(first, _Unfit):
            first = self._ask_once(_with_repair(request, first))
        if isinstance(first, _Unfit):
            detail = f"{first.error}; the reply was: {first.content[:_DETAIL_CHARS]}"
            return Failure("reply does not fit its schema", detail, self._made_by(request))
        return first

    def _ask_once(self, request: ChatRequest[R]) -> Reply[R] | Failure | _Unfit:
        key = request.key(self._settings.shaping())
        paid = self._ledger.find(key)
        if paid is None:
            try:
                paid = _paid(self._complete(request))
            except (openai.APIError, _NoCompletionError) as exc:
                return Failure("endpoint failed", _explain(exc), self._made_by(request))
            self._ledger.keep(key, request.task, request.row_id, paid)
        return self._read(request, paid)

    def _read(self, request: ChatRequest[R], paid: Paid) -> Reply[R] | Failure | _Unfit:
        if paid.refusal or paid.finish_reason == "content_filter":
            return Failure("model refused", paid.refusal or "", self._made_by(request))
        content = paid.content or ""
        try:
            value = request.reply.model_validate_json(content, context=request.inputs)
        except ValidationError as exc:
            return _Unfit(content, _errors(exc))
        return Reply(value, self._made_by(request))

    def _complete(self, request: ChatRequest[R]) -> _Completion:
        retrying = Retrying(
            stop=stop_after_attempt(self._settings.attempts),
            wait=self._wait_s,
            retry=retry_if_exception_type(_PASSING),
            reraise=True,
        )
        try:
            return retrying(self._create, request)
        except _HOPELESS as exc:
            raise ChatError(
                f"{self._api.base_url}: {_explain(exc)} for model {self._settings.model!r}; "
                "check OPENAI_BASE_URL, OPENAI_API_KEY and writer.model in params.yaml"
            ) from exc
        except openai.APIConnectionError as exc:
            if _is_nobody_there(exc):
                raise ChatError(
                    f"{self._api.base_url}: nothing answers there; start the server or correct "
                    "OPENAI_BASE_URL, then run again: paid replies are kept"
                ) from exc
            raise

    def _create(self, request: ChatRequest[R]) -> _Completion:
        schema = {"name": request.task, "strict": True, "schema": request.reply.model_json_schema()}
        body: dict[str, Any] = {
            "model": self._settings.model,
            "messages": [{"role": m.role, "content": m.content} for m in request.messages],
            "temperature": self._settings.temperature,
            "max_completion_tokens": self._settings.max_tokens,
            "response_format": {"type": "json_schema", "json_schema": schema},
        }
        raw = self._api.chat.completions.with_raw_response.create(**body)
        try:
            return _Completion.model_validate_json(raw.content)
        except ValidationError as exc:
            raise _NoCompletionError from exc

    def _wait_s(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, openai.APIStatusError):
            asked = error.response.headers.get("retry-after", "")
            if asked.isdigit():
                return min(float(asked), self._settings.timeout_s)
        return wait_random_exponential(multiplier=self._settings.retry_wait_s)(state)

    def _made_by(self, request: ChatRequest[R]) -> str:
        return f"openai:{self._settings.model} prompt={request.prompt_version}"


class _Unfit:
    """A reply that is not the object asked for."""

    def __init__(self, content: str, error: str) -> None:
        self.content, self.error = content, error


def _with_repair(request: ChatRequest[R], unfit: _Unfit) -> ChatRequest[R]:
    repair = (
        Message("assistant", unfit.content),
        Message("user", f"That reply cannot be read: {unfit.error}. Send the corrected JSON only."),
    )
    return replace(request, messages=(*request.messages, *repair))


def _paid(completion: _Completion) -> Paid:
    choice = completion.choices[0]
    return Paid(
        model=completion.model,
        content=choice.message.content,
        refusal=choice.message.refusal,
        finish_reason=choice.finish_reason,
        prompt_tokens=completion.usage.prompt_tokens,
        completion_tokens=completion.usage.completion_tokens,
    )


def _is_nobody_there(exc: BaseException) -> bool:
    cause: BaseException | None = exc
    while cause is not None:
        if isinstance(cause, ConnectionRefusedError | socket.gaierror):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _errors(exc: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, error['loc'])) or 'reply'}: {error['msg']}" for error in exc.errors()
    )


def _explain(exc: openai.APIError | _NoCompletionError) -> str:
    """Say what failed in our own words: an endpoint's message may repeat the key or the body."""
    if isinstance(exc, openai.APIStatusError):
        return f"status {exc.status_code}"
    if isinstance(exc, openai.APITimeoutError):
        return "no answer in time"
    if isinstance(exc, openai.APIConnectionError):
        return "the connection broke"
    return "the answer is no chat completion"
