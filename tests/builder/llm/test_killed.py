"""Killed with -9 at twenty moments, a run ends with the same bytes and pays for little twice."""

import multiprocessing
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from tests.builder.llm.resume_run import IN_FLIGHT, run
from tests.builder.llm.test_misbehaving_server import counted

Running = Callable[..., AbstractContextManager[str]]
N_KILLS, N_ROWS = 20, 1200


def test_a_run_killed_twenty_times_ends_like_one_left_alone(
    running: Running, tmp_path: Path
) -> None:
    forking = multiprocessing.get_context("forkserver")  # imports once, then forks for each run
    forking.set_forkserver_preload(["tests.builder.llm.resume_run"])
    rng, out = random.Random(20), tmp_path / "out"
    with running("good", 0, 0.04) as url:
        alone = tmp_path / "alone"
        process = forking.Process(target=run, args=(url, tmp_path / "l0.sqlite", alone, N_ROWS))
        process.start()
        process.join()
        before = counted(url)
        assert before["calls"] == N_ROWS
        for _ in range(N_KILLS):
            process = forking.Process(target=run, args=(url, tmp_path / "l.sqlite", out, N_ROWS))
            process.start()
            time.sleep(rng.uniform(0.02, 0.3))
            process.kill()
            process.join()
            assert process.exitcode == -signal.SIGKILL
            assert not out.exists()
        halfway = len(replies(tmp_path / "l.sqlite"))
        process = forking.Process(target=run, args=(url, tmp_path / "l.sqlite", out, N_ROWS))
        process.start()
        process.join()
        server = counted(url)
    assert 0 < halfway < N_ROWS
    assert out.read_bytes() == alone.read_bytes()
    assert replies(tmp_path / "l.sqlite") == replies(tmp_path / "l0.sqlite")
    paid_twice = server["calls"] - before["calls"] - N_ROWS
    assert 0 <= paid_twice <= N_KILLS * IN_FLIGHT
    assert lost_calls(tmp_path / "l.sqlite") >= paid_twice


def replies(ledger: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(ledger)
    rows = connection.execute("SELECT key, content FROM replies ORDER BY key").fetchall()
    connection.close()
    return rows


def lost_calls(ledger: Path) -> int:
    connection = sqlite3.connect(ledger)
    [(n_lost,)] = connection.execute("SELECT total(calls) FROM accounts WHERE kind = 'lost'")
    connection.close()
    return int(n_lost)
