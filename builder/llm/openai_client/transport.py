"""HTTP for the `openai` package by aiohttp: about half the CPU of the package's own client."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx2

_DNS_CACHE_S = 60


class AiohttpTransport(httpx2.AsyncBaseTransport):
    """Sends whole requests and reads whole answers; who calls it bounds the time."""

    def __init__(self, url: str) -> None:
        """Take the address that all requests go to: its proxy is looked up once, not each time."""
        self._proxy = _proxy_of(url)
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer with its body read.

        Raises:
            aiohttp.ClientError: As aiohttp names what went wrong.
        """
        if self._session is None:
            connector = _Connector(limit=0, ttl_dns_cache=_DNS_CACHE_S)
            timeout = aiohttp.ClientTimeout(total=None)
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=timeout, auto_decompress=False
            )
        async with self._session.request(
            request.method,
            str(request.url),
            headers=request.headers.multi_items(),
            data=await request.aread() or None,
            allow_redirects=False,
            proxy=self._proxy,
        ) as answer:
            body = await answer.read()
        return httpx2.Response(answer.status, headers=list(answer.raw_headers), content=body)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def _proxy_of(url: str) -> str | None:
    """Return the proxy that the environment names for an address."""
    parts = urlsplit(url)
    if parts.hostname is None or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)


class _Connector(aiohttp.TCPConnector):
    """Never uses a connection again on which an answer came that nobody asked for.

    aiohttp keeps such an answer and would give it to the next request.
    """

    async def _get(self, key: Any, traces: Any) -> Any:
        while (connection := await super()._get(key, traces)) is not None:
            if connection.protocol is None or not connection.protocol.should_close:
                return connection
            connection.close()
        return None
