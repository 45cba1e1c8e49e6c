"""A chat server in a process of its own: `python -m tests.support.chat_server MODE SEED WAIT_S`.

Prints its port; `running` starts it and `counted` tells what it counts.

Modes: "good" answers after a moment, "bad" misbehaves in every way at random, "rough" in every way
but slowness, "naive" obeys orders that it finds outside of data, "obeying" those within it too,
"narrow" refuses a ninth at once, "forgetful" breaks off when a batch is made. Of batches, "small"
fails those of more than eight requests, "invalid" all, "expiring" answers half of each,
"cancelling" half of the first, "refusing" refuses every request. GET /count tells what it billed:
`told` are the tokens of whole answers, `broken` counts what it sent and nobody can read.
GET /kill?pid=&calls=&after_s= kills a process with -9 so long after so many calls.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest.mock import patch

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
}
SLOW = {"drip": 1, "late": 1}
"""Only among the first calls, so that the wait for them passes while the others are answered."""
N_SLOW = 300
DATA = re.compile(r"<<<\s*data.*?(?:data\s*\w*\s*>>>|>>>)", re.DOTALL | re.IGNORECASE)
TOKENS = re.compile(
    r"<\s*[|\uff5c].*?[|\uff5c]\s*>|</?s>|\[/?INST\]|<(?:start|end)_of_turn>|<</?SYS>>|<[eb]os>"
    r"|\[/?SYSTEM_PROMPT\]",
    re.IGNORECASE,
)
NARROW = 8
_NEVER_S = 60.0
_PAST = "Wed, 21 Oct 2015 07:28:00 GMT"


class Server:
    def __init__(self, mode: str, seed: int, wait_s: float) -> None:
        self.mode, self.wait_s, self.rng = mode, wait_s, random.Random(seed)
        self.count = {"calls": 0, "told": 0, "told_calls": 0, "broken": 0, "refused": 0}
        self.rows: dict[str, int] = {}
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.looks: dict[str, int] = {}
        self.victim: tuple[int, int, float] | None = None
        self.inside = 0

    async def aim(self, request: web.Request) -> web.Response:
        asked = request.query
        calls = self.count["calls"] + int(asked["calls"])
        self.victim = int(asked["pid"]), calls, float(asked["after_s"])
        self.shoot()
        return web.json_response({})

    def shoot(self) -> None:
        if self.victim is None or self.count["calls"] < self.victim[1]:
            return
        (pid, _, after_s), self.victim = self.victim, None

        def kill() -> None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

        asyncio.get_running_loop().call_later(after_s, kill)

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.count["calls"] += 1
        self.shoot()
        row = body["messages"][-1 if len(body["messages"]) < 3 else 0]["content"]
        self.rows[row] = self.rows.get(row, 0) + 1
        way = "good"
        if self.mode == "narrow" and self.inside >= NARROW:
            return await self.answer(request, body, row, "429")
        self.inside += 1
        await asyncio.sleep(self.wait_s)
        self.inside -= 1
        if self.mode in ("bad", "rough"):
            is_slow = self.mode == "bad" and self.count["calls"] <= N_SLOW
            ways = WAYS | SLOW if is_slow else WAYS
            way = self.rng.choices(list(ways), list(ways.values()))[0]
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
        if self.mode in ("naive", "obeying"):
            is_obeyed = self.mode == "obeying" or "PWNED" in outside_of_data(body["messages"])
            whole["choices"][0]["message"]["content"] = json.dumps(written(body, is_obeyed))
        transport = request.transport
        if transport is None or transport.is_closing():  # who asked was killed, or gave up
            self.count["broken"] += 1
            return web.Response()
        if way == "reset":
            self.count["broken"] += 1
            transport.abort()
            return web.Response()
        if way in ("good", "wrong schema", "no json", "refusal", "twice"):
            return await self.tell(request, transport, whole, way)
        return await self.break_off(request, transport, json.dumps(whole).encode(), way)

    async def tell(
        self, request: web.Request, transport: asyncio.Transport, whole: dict[str, Any], way: str
    ) -> web.StreamResponse:
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

    async def break_off(
        self, request: web.Request, transport: asyncio.Transport, text: bytes, way: str
    ) -> web.StreamResponse:
        self.count["broken"] += 1
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

    async def upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        name = f"file-{len(self.files)}"
        self.files[name] = form["file"].file.read()  # type: ignore[union-attr]
        return web.json_response({"id": name, "object": "file", "purpose": "batch"})

    async def download(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["name"]])

    async def batch(self, request: web.Request) -> web.Response:
        """Make a batch and answer it at once; it is told as done after a few looks."""
        asked = await request.json()
        outputs, errors = [], []
        lines = self.files[asked["input_file_id"]].split(b"\n")
        end = self.end_of_batch(len(lines))
        n_done = len(lines) // 2 if end["status"] in ("expired", "cancelled") else len(lines)
        for n, line in enumerate(lines):
            if end["status"] == "failed":
                break
            one = json.loads(line)
            if n >= n_done:
                error = {"code": f"batch_{end['status']}", "message": "not carried out"}
                errors.append({"custom_id": one["custom_id"], "response": None, "error": error})
                continue
            row = one["body"]["messages"][0]["content"]
            way = self.rng.choices(["good", "wrong schema", "500", "lost"], [7, 2, 1, 1])[0]
            way = way if self.mode == "bad" else "good"
            self.count["calls"] += 1
            if self.mode == "refusing":
                refused = {"error": {"code": "unsupported_parameter", "param": "max_tokens"}}
                response = {"status_code": 400, "body": refused}
                errors.append({"custom_id": one["custom_id"], "response": response})
                continue
            if way == "500":
                response = {"status_code": 500, "body": {"error": {}}}
                errors.append({"custom_id": one["custom_id"], "response": response})
                continue
            if way == "lost":
                outputs.append({"custom_id": None})
                continue
            whole = self.completion(one["body"], row, way)
            self.count["told"] += sum(whole["usage"].values())
            response = {"status_code": 200, "body": whole}
            outputs.append({"custom_id": one["custom_id"], "response": response})
        self.rng.shuffle(outputs)
        made = {"id": f"batch-{len(self.batches)}", "object": "batch", "status": "in_progress"}
        made |= {"metadata": asked["metadata"], "endpoint": asked["endpoint"]}
        for kind, lines in (("output_file_id", outputs), ("error_file_id", errors)):
            name = f"{made['id']}-{kind}"
            self.files[name] = b"\n".join([b"{cut", *(json.dumps(line).encode() for line in lines)])
            made[kind] = name
        self.batches[made["id"]] = made | end
        self.looks[made["id"]] = 0
        if self.mode == "forgetful":
            request.transport.abort()  # type: ignore[union-attr]
        return web.json_response(made | {"output_file_id": None, "error_file_id": None})

    def end_of_batch(self, n_requests: int) -> dict[str, Any]:
        """Return with which status a batch will end, and why."""
        if self.mode == "invalid" or (self.mode == "small" and n_requests > NARROW):
            code = "token_limit_exceeded" if self.mode == "small" else "invalid_json_line"
            error = {"code": code, "message": "Enqueued token limit reached for m.", "param": None}
            return {"status": "failed", "errors": {"object": "list", "data": [error]}}
        if self.mode == "cancelling" and not self.batches:
            return {"status": "cancelled"}
        return {"status": "expired" if self.mode == "expiring" and n_requests > 1 else "completed"}

    async def look(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.looks[name] += 1
        if self.looks[name] < 4:
            return web.json_response({"id": name, "object": "batch", "status": "in_progress"})
        return web.json_response(self.batches[name])

    async def listed(self, _: web.Request) -> web.Response:
        found = [*self.batches.values()]
        return web.json_response({"object": "list", "data": found, "has_more": False})

    async def counted(self, _: web.Request) -> web.Response:
        asked_twice = sum(n > 1 for n in self.rows.values())
        made = {"rows": len(self.rows), "asked_twice": asked_twice, "batches": len(self.batches)}
        return web.json_response(self.count | made)


class _Silent(web.StreamResponse):
    """Writes nothing: the answer was written by hand."""

    async def prepare(self, request: web.BaseRequest) -> Any:
        self._eof_sent = True

    async def write_eof(self, data: bytes = b"") -> None:
        pass


def outside_of_data(messages: list[dict[str, str]]) -> str:
    """Return what a careless model takes for instructions."""
    found = []
    for message in messages:
        first, *later = TOKENS.split(message["content"])
        found += [*later, *DATA.split(first)[:1], *DATA.split(first)[1:]]
    return "\n".join(found)


def written(body: dict[str, Any], is_obeyed: bool) -> dict[str, Any]:
    """Return an object of the schema asked for, or what an attacker wants."""
    schema = body["response_format"]["json_schema"]["schema"]
    reply = filled(schema, schema)
    return {**reply, "trait": "PWNED", "domain": "PWNED"} if is_obeyed else reply


def filled(part: dict[str, Any], schema: dict[str, Any]) -> Any:
    if "$ref" in part:
        return filled(schema["$defs"][part["$ref"].rpartition("/")[2]], schema)
    if "anyOf" in part:
        return None
    if "enum" in part:
        return part["enum"][0]
    if part["type"] == "object":
        return {name: filled(kind, schema) for name, kind in part["properties"].items()}
    return {"string": "", "number": 0.5, "integer": 1, "array": []}[part["type"]]


def reply_to(row: str) -> dict[str, Any]:
    """Return what a good answer to a row says."""
    return {"row": row, "mark": int(hashlib.sha256(row.encode()).hexdigest()[:4], 16)}


@contextmanager
def running(mode: str, seed: int, wait_s: float) -> Iterator[str]:
    """Run the server, which answers after `wait_s`, as the endpoint that the environment names."""
    words = [sys.executable, "-m", "tests.support.chat_server", mode, str(seed), str(wait_s)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
        names = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "sk-secret-key"}
        with patch.dict(os.environ, names):
            try:
                yield url
            finally:
                server.kill()


def counted(url: str) -> dict[str, Any]:
    """Return what a server has counted so far."""
    with urllib.request.urlopen(url.removesuffix("/v1") + "/count") as answer:
        counts: dict[str, Any] = json.load(answer)
    return counts


async def serve(mode: str, seed: int, wait_s: float) -> None:
    server = Server(mode, seed, wait_s)
    app = web.Application()
    app.router.add_post("/v1/chat/completions", server.chat)
    app.router.add_get("/count", server.counted)
    app.router.add_get("/kill", server.aim)
    app.router.add_post("/v1/files", server.upload)
    app.router.add_get("/v1/files/{name}/content", server.download)
    app.router.add_post("/v1/batches", server.batch)
    app.router.add_get("/v1/batches", server.listed)
    app.router.add_get("/v1/batches/{name}", server.look)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
