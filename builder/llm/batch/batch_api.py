"""Calls to the Batch API; every error of the `openai` package becomes a ChatError."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, TypeVar

import openai
import orjson

from builder.errors import quoted
from builder.llm.openai_client.refusals import read_refusal
from builder.llm.openai_client.wire import Access, without_key, without_secrets
from builder.llm.protocol import ChatError
from builder.text_files.json_text import JsonError, parse_json

T = TypeVar("T")

_PATH: Final = "/v1/chat/completions"
_TOKEN_KEY = "saferec"
"""Key of our token in a batch's metadata."""


class BatchApi:
    """Creates and fetches batches. Every method raises ChatError if the endpoint refuses."""

    def __init__(self, access: Access, *, timeout_s: float, attempts: int) -> None:
        self._api = openai.OpenAI(
            api_key=access.api_key,
            base_url=access.url,
            organization=access.organization,
            project=access.project,
            timeout=timeout_s,
            max_retries=attempts - 1,
        )

    @property
    def api_key(self) -> str:
        """Return the key, which no reply may repeat."""
        return self._api.api_key

    def __enter__(self) -> BatchApi:
        return self

    def __exit__(self, *_: object) -> None:
        self._api.close()

    def make(self, token: str, bodies: Mapping[str, Mapping[str, Any]]) -> str:
        """Create a batch and return the endpoint's id of it.

        Args:
            token: Our name for the batch; `ids_by_token` looks it up.
            bodies: Chat completion bodies by request key.
        """
        content = b"\n".join(
            orjson.dumps({"custom_id": key, "method": "POST", "url": _PATH, "body": body})
            for key, body in bodies.items()
        )
        file = self._call(
            lambda: self._api.files.create(file=("requests.jsonl", content), purpose="batch")
        )
        return self._call(
            lambda: self._api.batches.create(
                input_file_id=file.id,
                endpoint=_PATH,
                completion_window="24h",
                metadata={_TOKEN_KEY: token},
            )
        ).id

    def ids_by_token(self) -> dict[str, str]:
        """Return the id of every batch that was created here, by its token."""
        batches = self._call(lambda: list(self._api.batches.list()))
        return {
            b.metadata[_TOKEN_KEY]: b.id for b in batches if b.metadata and _TOKEN_KEY in b.metadata
        }

    def look(self, batch_id: str) -> Any:
        """Return the current state of a batch."""
        return self._call(lambda: self._api.batches.retrieve(batch_id))

    def answers(self, file_id: str) -> Iterator[dict[str, Any]]:
        """Yield the lines of an output file; a line that cannot be parsed is skipped."""
        content = self._call(lambda: self._api.files.content(file_id).content)
        for line in content.split(b"\n"):
            with suppress(JsonError):
                answer = parse_json(line)
                if isinstance(answer, dict):
                    yield answer

    def reason(self, batch: Any) -> tuple[str, str]:
        """Return the code of a batch's first error, and the words for a line about it.

        They are the code, or the beginning of the endpoint's message without the key.
        """
        errors = batch.to_dict().get("errors")
        data = errors.get("data") if isinstance(errors, dict) else None
        error = data[0] if isinstance(data, list) and data else None
        refusal = read_refusal(error, self.api_key)
        message = error.get("message") if isinstance(error, dict) else None
        if refusal.code or not isinstance(message, str):
            return refusal.code, str(refusal)
        return "", quoted(without_key(message, self.api_key))

    def fatal(self, problem: str, check: str) -> ChatError:
        """Return the error that ends a run: the problem, and what to check."""
        address = without_secrets(str(self._api.base_url))
        return ChatError(
            f"{address}: {problem}; check {check}, then run again: paid replies are kept"
        )

    def _call(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except openai.APIStatusError as exc:
            problem = f"answers {exc.status_code} to the Batch API"
        except openai.APIConnectionError:
            problem = "no server answers at this address"
        raise ChatError(
            f"{without_secrets(str(self._api.base_url))}: {problem}; check OPENAI_BASE_URL, "
            "OPENAI_API_KEY and writer.model, or set writer.batch to null"
        )
