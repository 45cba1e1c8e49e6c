"""Killed with -9 at twenty moments, a run ends with the same bytes and pays for little twice."""

import multiprocessing
import random
import signal
import sqlite3
import urllib.request
from pathlib import Path

from tests.support.chat_server import counted, running
from tests.support.resumed_run import IN_FLIGHT, run

N_KILLS, N_ROWS = 20, 700


def test_a_run_killed_twenty_times_ends_like_one_left_alone(tmp_path: Path) -> None:
    forking = multiprocessing.get_context("forkserver")  # imports once, then forks for each run
    forking.set_forkserver_preload(["tests.support.resumed_run"])
    rng, out, alone = random.Random(20), tmp_path / "out", tmp_path / "alone"
    with running("good", 0, 0.02) as url:

        def begin(ledger: str, out: Path) -> multiprocessing.process.BaseProcess:
            process = forking.Process(target=run, args=(url, tmp_path / ledger, out, N_ROWS))
            process.start()
            return process

        begin("alone.sqlite", alone).join()
        before = counted(url)
        assert before["calls"] == N_ROWS
        for _ in range(N_KILLS):
            process = begin("killed.sqlite", out)
            aim(url, process.pid, rng.randrange(40), rng.uniform(0.0, 0.04))
            process.join()
            assert process.exitcode == -signal.SIGKILL
            assert not out.exists()
        halfway = len(replies(tmp_path / "killed.sqlite"))
        begin("killed.sqlite", out).join()
        server = counted(url)
    assert 0 < halfway < N_ROWS
    assert out.read_bytes() == alone.read_bytes()
    assert replies(tmp_path / "killed.sqlite") == replies(tmp_path / "alone.sqlite")
    paid_twice = server["calls"] - before["calls"] - N_ROWS
    assert 0 <= paid_twice <= N_KILLS * IN_FLIGHT * 2  # sent, or answered and not yet on disk
    assert lost_calls(tmp_path / "killed.sqlite") >= paid_twice


def aim(url: str, pid: int | None, calls: int, after_s: float) -> None:
    """Have the server kill a process: moments by calls come true on a slow machine too."""
    query = f"pid={pid}&calls={calls}&after_s={after_s}"
    urllib.request.urlopen(f"{url.removesuffix('/v1')}/kill?{query}").close()


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
