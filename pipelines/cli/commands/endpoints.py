"""Whether a server that the environment names answers. Keys are sent to it and to nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from builder.errors import InputError
from builder.keys import key_from

TIMEOUT_S = 3.0
"""Long enough for a server that is awake, short enough to wait for."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server by the environment's variables; `path` is what is asked of it."""

    name: str
    url_variable: str
    key_variable: str
    path: str
    key_prefix: str


ENDPOINTS = (
    Endpoint("language model", "OPENAI_BASE_URL", "OPENAI_API_KEY", "/models", "Bearer "),
    Endpoint("Label Studio", "LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY", "/health", "Token "),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking: `is_well` where the server answered and took the key."""

    is_well: bool
    text: str


def without_secrets(url: str) -> str:
    """Return an address without user, password, query and fragment."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}"


def ask(endpoint: Endpoint, environment: Mapping[str, str]) -> Answer:
    """Return whether the endpoint answers; its address must be set in the environment."""
    url = environment[endpoint.url_variable]
    try:
        shown = without_secrets(url)
    except ValueError:
        return Answer(False, f"{endpoint.url_variable} is not an address")
    if urlsplit(url).scheme not in ("http", "https"):
        return Answer(False, f"{endpoint.url_variable} must begin with http:// or https://")
    try:
        headers = _headers(endpoint, environment)
    except InputError as exc:
        return Answer(False, str(exc))
    status = _status(url.rstrip("/") + endpoint.path, headers)
    if status is None:
        return Answer(False, f"{shown} does not answer")
    if status in (401, 403):
        return Answer(False, f"{shown} refuses the key ({status})")
    return Answer(status < 400, f"{shown} answers ({status})")


def _headers(endpoint: Endpoint, environment: Mapping[str, str]) -> dict[str, str]:
    key = key_from(environment, endpoint.key_variable)
    return {"Authorization": f"{endpoint.key_prefix}{key}"} if key else {}


def _status(url: str, headers: Mapping[str, str]) -> int | None:
    """Return what a server answers, None where it does not.

    A redirect could carry the key to another host, so none is followed.
    """
    try:
        reply = httpx2.get(url, headers=headers, timeout=TIMEOUT_S, follow_redirects=False)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        return None
    return reply.status_code
