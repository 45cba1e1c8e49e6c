"""A chat server in a process of its own: `python chat_server.py MODE SEED`, prints its port.

Modes: "good" answers after a moment, "bad" misbehaves in every way at random, "naive" does what a
prompt says outside of its data. GET /count tells what it billed: `told` are the tokens of whole
answers, `broken` the calls that it answered in a way nobody can read.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import sys
from typing import Any

from aiohttp import web

WAYS = {
    "good": 60,
    "wrong schema": 9,
    "no json": 4,
    "refusal": 3,
    "twice": 6,
    "429": 2,
    "429 and seconds": 1,
    "429 and date": 1,
    "500": 5,
    "reset": 4,
    "reset in the middle": 3,
    "truncated": 3.4,
    "drip": 0.1,
    "late": 0.1,
}
_NEVER_S = 60.0
_PAST = "Wed, 21 Oct 2015 07:28:00 GMT"


class Server:
    def __init__(self, mode: str, seed: int, wait_s: float) -> None:
        self.mode, self.wait_s, self.rng = mode, wait_s, random.Random(seed)
        self.count = {"calls": 0, "told": 0, "told_calls": 0, "broken": 0, "refused": 0}
        self.rows: dict[str, int] = {}

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.count["calls"] += 1
        row = body["messages"][-1 if len(body["messages"]) < 3 else 0]["content"]
        self.rows[row] = self.rows.get(row, 0) + 1
        await asyncio.sleep(self.wait_s)
        way = "good"
        if self.mode == "bad":
            way = self.rng.choices(list(WAYS), list(WAYS.values()))[0]
        return await self.answer(request, body, row, way)

    async def answer(
        self, request: web.Request, body: dict[str, Any], row: str, way: str
    ) -> web.StreamResponse:
        if way.startswith("429") or way == "500":
            self.count["refused"] += 1
            headers = {"429 and seconds": "0", "429 and date": _PAST}
            sent = {"Retry-After": headers[way]} if way in headers else {}
            return web.json_response({"error": {}}, status=int(way[:3]), headers=sent)
        whole = self.completion(body, row, way)
        transport = request.transport
        assert transport is not None
        if way == "reset":
            self.count["broken"] += 1
            transport.abort()
            return web.Response()
        if way in ("good", "wrong schema", "no json", "refusal", "twice"):
            usage = whole["usage"]
            self.count["told"] += usage["prompt_tokens"] + usage["completion_tokens"]
            self.count["told_calls"] += 1
            text = json.dumps(whole).encode()
            if way == "twice":
                head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                transport.write((head + str(len(text)).encode() + b"\r\n\r\n" + text) * 2)
                response = _Silent()
                await response.prepare(request)
                return response
            return web.Response(body=text, content_type="application/json")
        self.count["broken"] += 1
        text = json.dumps(whole).encode()
        if way == "truncated":
            return web.Response(body=text[: len(text) // 2], content_type="application/json")
        if way == "late":
            await asyncio.sleep(_NEVER_S)
        response = web.StreamResponse(headers={"Content-Length": str(len(text))})
        await response.prepare(request)
        if way == "drip":
            for n in range(len(text)):
                await response.write(text[n : n + 1])
                await asyncio.sleep(0.2)
        await response.write(text[:40])
        transport.abort()
        return response

    def completion(self, body: dict[str, Any], row: str, way: str) -> dict[str, Any]:
        content: str | None = json.dumps(reply_to(row))
        if way == "wrong schema":
            content = json.dumps({"row": row, "mark": "high", "extra": True})
        if way == "no json":
            content = "I would rather talk about the weather."
        refusal = "I will not." if way == "refusal" else None
        message = {"role": "assistant", "content": None if refusal else content, "refusal": refusal}
        usage = {
            "prompt_tokens": 10 + len(row),
            "completion_tokens": 5 + self.count["calls"] % 7,
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return {"id": "c", "object": "chat.completion", "created": 1, "model": body["model"],
                "choices": [choice], "usage": usage}  # fmt: skip

    async def counted(self, _: web.Request) -> web.Response:
        asked_twice = sum(n > 1 for n in self.rows.values())
        return web.json_response({**self.count, "rows": len(self.rows), "asked_twice": asked_twice})


class _Silent(web.StreamResponse):
    """Writes nothing: the answer was written by hand."""

    async def prepare(self, request: web.BaseRequest) -> Any:
        self._eof_sent = True
        return await super().prepare(request) if False else None

    async def write_eof(self, data: bytes = b"") -> None:
        pass


def reply_to(row: str) -> dict[str, Any]:
    """Return what a good answer to a row says."""
    return {"row": row, "mark": int(hashlib.sha256(row.encode()).hexdigest()[:4], 16)}


async def serve(mode: str, seed: int, wait_s: float) -> None:
    server = Server(mode, seed, wait_s)
    app = web.Application()
    app.router.add_post("/v1/chat/completions", server.chat)
    app.router.add_get("/count", server.counted)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
