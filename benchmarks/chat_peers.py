"""distilabel and bespokelabs-curator beside the engine, against the server of chat_engine.py.

The peers stand in environments of their own:
`python benchmarks/chat_peers.py engine distilabel=ENV/bin/python curator=ENV/bin/python`.
Each asks two numbers of requests in processes of their own. Prints one JSON line: the seconds of
both with start and end, and from the difference the CPU a request with all child processes.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from chat_engine import IN_FLIGHT, PROMPT, WAIT_S, server

FEW, MANY = 256, 1536
MODEL = "gpt-4o-mini"


def main(words: list[str]) -> None:
    """Measure the engine and the peers named, or run one of them once."""
    match words:
        case ["run", name, number]:
            {"distilabel": distilabel, "curator": curator, "engine": engine}[name](int(number))
        case _:
            peers = [word.partition("=") for word in words]
            with server(WAIT_S):
                print(
                    json.dumps({n: measure(n, python or sys.executable) for n, _, python in peers})
                )


def measure(name: str, python: str) -> dict[str, float]:
    """Return the figures of one; no python is our own."""
    python = python or sys.executable
    _timed(name, python, 8)  # so that nobody pays for a cold disk
    (few_s, few_cpu), (many_s, many_cpu) = (_timed(name, python, n) for n in (FEW, MANY))
    cpu_ms = (many_cpu - few_cpu) / (MANY - FEW) * 1000
    seconds = {f"seconds_for_{FEW}": round(few_s, 1), f"seconds_for_{MANY}": round(many_s, 1)}
    return {"cpu_ms_a_request": round(cpu_ms, 2), **seconds}


def _timed(name: str, python: str, number: int) -> tuple[float, float]:
    def cpu_s() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    started, cpu = time.monotonic(), cpu_s()
    with tempfile.TemporaryDirectory() as folder:
        own = {"HOME": folder, "CURATOR_CACHE_DIR": folder, "TELEMETRY_ENABLED": "0"}
        offline = {"HF_HUB_OFFLINE": "1", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        packages = Path(python).parents[1] / "lib"
        for vocabularies in packages.glob("python3*/*/litellm/litellm_core_utils/tokenizers"):
            offline["TIKTOKEN_CACHE_DIR"] = str(vocabularies)  # curator's would be downloaded
        subprocess.run(
            [python, __file__, "run", name, str(number)],
            env=os.environ | own | offline,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    return time.monotonic() - started, cpu_s() - cpu


def distilabel(number: int) -> None:
    """Ask by a pipeline of distilabel, in batches of as many as may be in flight."""
    from distilabel.models import OpenAILLM
    from distilabel.pipeline import Pipeline
    from distilabel.steps import LoadDataFromDicts
    from distilabel.steps.tasks import TextGeneration

    with Pipeline(name="peer") as pipeline:
        rows = [{"instruction": f"{PROMPT} {n}"} for n in range(number)]
        load = LoadDataFromDicts(data=rows, batch_size=IN_FLIGHT)
        llm = OpenAILLM(
            model=MODEL,
            base_url=os.environ["OPENAI_BASE_URL"],
            generation_kwargs={"max_new_tokens": 64},
        )
        load >> TextGeneration(llm=llm, input_batch_size=IN_FLIGHT)
    done = pipeline.run(use_cache=False)
    assert len(done["default"]["train"]) == number


def curator(number: int) -> None:
    """Ask by curator, with its cache on disk and every reply validated."""
    from bespokelabs import curator as peer
    from pydantic import BaseModel

    class Pick(BaseModel):
        name: str
        age: int

    class Picker(peer.LLM):
        response_format = Pick

        def prompt(self, row: dict[str, Any]) -> str:
            return str(row["text"])

        def parse(self, row: dict[str, Any], reply: Pick) -> dict[str, Any]:
            return {"name": reply.name}

    limits = {"max_concurrent_requests": IN_FLIGHT, "max_requests_per_minute": 1_000_000}
    limits["max_tokens_per_minute"] = 1_000_000_000
    asker = Picker(
        model_name=MODEL,
        backend="openai",
        backend_params={"base_url": os.environ["OPENAI_BASE_URL"], **limits},
    )
    done = asker([{"text": f"{PROMPT} {n}"} for n in range(number)])
    assert len(getattr(done, "dataset", done)) == number


def engine(number: int) -> None:
    """Ask by our own engine."""
    from chat_engine import _drain, _open

    with _open(os.environ["HOME"]) as asker:
        _drain(asker, range(number))


if __name__ == "__main__":
    main(sys.argv[1:])
