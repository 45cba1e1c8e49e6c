"""The chat engine against bare AsyncOpenAI with a semaphore: rate, CPU a request, memory.

`python benchmarks/chat_engine.py 3200` prints one JSON line. A server in a process of its own
answers every call after 200 ms; 64 are in flight; the engine keeps its ledger and validates, the
peers do neither. Filling the places and emptying them takes a fixed time, so that more requests
come nearer to the rate of a long run. `python benchmarks/chat_engine.py memory 100000` sends so
many requests through the engine to a server that answers at once, and prints the peak memory after
each tenth of them.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

IN_FLIGHT, WAIT_S = 64, 0.2
N_WARM = 128
COMPLETION = (
    b'{"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0,'
    b' "finish_reason": "stop", "message": {"role": "assistant", "refusal": null, "content":'
    b' "{\\"name\\": \\"a\\", \\"age\\": 4}"}}], "usage": {"prompt_tokens": 400,'
    b' "completion_tokens": 12, "total_tokens": 412}}'
)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(COMPLETION),
    COMPLETION,
)
PROMPT = "Which of these films would you recommend to somebody who has seen them all? " * 20


def main(words: list[str]) -> None:
    """Run one part in this process, or all of them in processes of their own."""
    parts = {"engine": engine, "bare": bare, "bare_aiohttp": bare_aiohttp}
    match words:
        case ["serve", wait_s]:
            asyncio.run(serve(float(wait_s)))
        case ["run", name, n_requests]:
            print(json.dumps(parts[name](int(n_requests))))
        case ["memory", n_requests]:
            with server(0.0):
                print(json.dumps(memory(int(n_requests))))
        case [n_requests]:
            with server(WAIT_S):
                found = {name: _apart(name, n_requests) for name in parts}
            machine = {"cores": os.cpu_count(), "machine": platform.machine()}
            print(json.dumps({"requests": int(n_requests), **found, **machine}))
        case _:
            print(__doc__)


def _apart(name: str, n_requests: str) -> dict[str, float]:
    words = [sys.executable, __file__, "run", name, n_requests]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return {key: round(value, 3) for key, value in found.items()}


@contextmanager
def server(wait_s: float) -> Iterator[None]:
    """Serve for as long as the context lasts, and name the address in the environment."""
    words = [sys.executable, __file__, "serve", str(wait_s)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        os.environ["OPENAI_BASE_URL"] = f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
        os.environ["OPENAI_API_KEY"] = "any"
        try:
            yield
        finally:
            process.kill()


class Answering(asyncio.Protocol):
    """Answers each request with the same completion, so long after its last byte came.

    Written by hand on sockets: a web framework takes half a millisecond a request, and 64 that come
    together would wait for each other.
    """

    def __init__(self, wait_s: float) -> None:
        self._wait_s, self._seen = wait_s, b""

    def connection_made(self, transport: Any) -> None:
        """Keep the connection."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer when a request is whole."""
        self._seen += data
        head, found, body = self._seen.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if found and length is not None and len(body) >= int(length[1]):
            self._seen = b""
            loop = asyncio.get_running_loop()
            loop.call_later(self._wait_s, self._transport.write, ANSWER)


async def serve(wait_s: float) -> None:
    """Serve until killed; prints the port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Answering(wait_s), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _figures(n: int, seconds: float, cpu_s: float) -> dict[str, float]:
    ideal = IN_FLIGHT / WAIT_S
    return {"share_of_ideal": n / seconds / ideal, "cpu_ms_a_request": cpu_s / n * 1000}


def engine(n_requests: int) -> dict[str, float]:
    """Ask through the engine, with a ledger on disk and every reply validated."""
    with tempfile.TemporaryDirectory(dir=".") as folder, _open(folder) as asker:
        _drain(asker, range(N_WARM))
        started, cpu = time.monotonic(), time.process_time()
        _drain(asker, range(N_WARM, N_WARM + n_requests))
        return _figures(n_requests, time.monotonic() - started, time.process_time() - cpu)


def memory(n_requests: int) -> dict[str, Any]:
    """Ask very often and say how much memory that took."""
    with tempfile.TemporaryDirectory(dir=".") as folder, _open(folder) as asker:
        peaks, started, tenth = [_peak_mib()], time.monotonic(), n_requests // 10
        for start in range(0, n_requests, tenth):
            _drain(asker, range(start, start + tenth))
            peaks.append(_peak_mib())
        seconds = time.monotonic() - started
    return {"requests": n_requests, "peak_mib": peaks, "seconds": round(seconds, 1)}


def _peak_mib() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _open(folder: str) -> Any:
    from builder.llm.client_settings import OpenAISettings
    from builder.llm.openai_client.engine import open_engine

    settings = {
        "kind": "openai", "model": "m", "temperature": 0.5, "max_tokens": 64,
        "max_tokens_key": "max_completion_tokens", "format": "json_schema", "batch": None,
        "in_flight": IN_FLIGHT, "requests_per_minute": None, "tokens_per_minute": None,
        "timeout_s": 30.0, "request_timeout_s": 60.0, "run_timeout_s": None, "attempts": 3,
        "retry_wait_s": 1.0, "budget_usd": None, "budget_tokens": None,
        "prices": "builder/llm/ledger/prices.yaml", "ledger": f"{folder}/ledger.sqlite",
    }  # fmt: skip
    return open_engine(OpenAISettings.model_validate(settings))


def _drain(asker: Any, numbers: range) -> None:
    from builder.llm.protocol import ChatRequest, Reply, ReplyModel
    from builder.records import Message

    class Pick(ReplyModel):
        name: str
        age: int

    def requests() -> Iterator[Any]:
        for n in numbers:
            yield ChatRequest("pick", f"r{n}", "pick/1", (Message("user", PROMPT),), Pick, {})

    n_replies = sum(isinstance(outcome, Reply) for _, outcome in asker.ask_many(requests()))
    assert n_replies == len(numbers)


def bare(n_requests: int) -> dict[str, float]:
    """Ask through AsyncOpenAI as it comes."""
    return asyncio.run(_bare(n_requests, None))


def bare_aiohttp(n_requests: int) -> dict[str, float]:
    """Ask through AsyncOpenAI with the aiohttp client that it offers."""
    import openai

    return asyncio.run(_bare(n_requests, openai.DefaultAioHttpClient()))


async def _bare(n_requests: int, http_client: Any) -> dict[str, float]:
    import openai

    places = asyncio.Semaphore(IN_FLIGHT)
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    shape: Any = {"type": "json_schema", "json_schema": {"name": "pick", "schema": schema}}
    async with openai.AsyncOpenAI(max_retries=0, http_client=http_client) as client:

        async def one() -> None:
            async with places:
                reply = await client.chat.completions.create(
                    model="m",
                    messages=[{"role": "user", "content": PROMPT}],
                    temperature=0.5,
                    max_completion_tokens=64,
                    response_format=shape,
                )
                assert reply.choices[0].message.content

        await asyncio.gather(*(one() for _ in range(N_WARM)))
        started, cpu = time.monotonic(), time.process_time()
        await asyncio.gather(*(one() for _ in range(n_requests)))
        return _figures(n_requests, time.monotonic() - started, time.process_time() - cpu)


if __name__ == "__main__":
    main(sys.argv[1:])
