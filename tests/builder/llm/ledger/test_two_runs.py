"""Case two-runs-pay-twice: what one process has asked for, a second one waits for."""

import multiprocessing
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from builder.llm.client_settings import OpenAISettings
from builder.llm.clients import open_client
from builder.llm.ledger.accounts import LOST, Account, Caps, Charge, Drop, Hold, Lose, Settle
from builder.llm.ledger.database import VERSION
from builder.llm.ledger.ledger import Ledger
from builder.llm.protocol import ManyClient, Reply
from builder.llm.replies import Paid
from tests.support.chat_calls import mark_request, settings_for
from tests.support.chat_server import counted, running

Chosen = Callable[..., OpenAISettings]
N_ROWS = 40
PAID, OTHER = (Paid("m", content, None, "stop", 5, 2) for content in ("{}", "other"))


def hold(n: int, key: str) -> Hold:
    return Hold(n, key, "pick", 10, 100, Caps(None, None))


def settle(one: Hold, paid: Paid = PAID) -> Settle:
    return Settle(one, one.key, "r1", paid, Charge(5, 2, 30), is_used=True)


def ask(ledger: Path, **changes: Any) -> tuple[list[Any], dict[str, Any]]:
    with open_client(settings_for(ledger, **changes), seed=1, grammars={}) as client:
        assert isinstance(client, ManyClient)
        outcomes = client.ask_many(map(mark_request, range(N_ROWS)))
        return [outcome for _, outcome in outcomes], dict(client.figures())


def ask_into(ledger: Path, answers: Any) -> None:
    answers.put(ask(ledger))


def test_two_processes_at_once_pay_once_and_get_the_same_replies(ledger: Path) -> None:
    starting = multiprocessing.get_context("spawn")
    answers = starting.Queue()
    with running("good", 0, 0.2) as url:
        processes = [starting.Process(target=ask_into, args=(ledger, answers)) for _ in range(2)]
        for process in processes:
            process.start()
        (first, one), (second, two) = answers.get(timeout=60), answers.get(timeout=60)
        for process in processes:
            process.join()
        assert counted(url)["calls"] == N_ROWS
    assert first == second
    assert [type(outcome) for outcome in first] == [Reply] * N_ROWS
    assert one["used"]["calls"] + two["used"]["calls"] == N_ROWS
    assert one["from_ledger"] + two["from_ledger"] == N_ROWS


def test_single_calls_and_a_batch_at_once_pay_once(ledger: Path) -> None:
    batch = {"max_requests": N_ROWS, "poll_s": 0.01}
    with running("good", 0, 0.5) as url, ThreadPoolExecutor(2) as pool:
        with open_client(settings_for(ledger), seed=1, grammars={}) as client:
            assert isinstance(client, ManyClient)
            outcomes = client.ask_many(map(mark_request, range(N_ROWS)))
            single = pool.submit(lambda: [outcome for _, outcome in outcomes])
            while counted(url)["calls"] < N_ROWS:
                pass
            batched, figures = ask(ledger, batch=batch)
            assert single.result() == batched
        assert counted(url)["calls"] == N_ROWS
        assert counted(url)["batches"] == 0
    assert figures["used"]["calls"] == 0


def test_a_key_is_held_once_until_it_is_paid_dropped_or_lost(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        first, second = hold(1, "a"), hold(2, "a")
        assert ledger.apply([first, second, hold(3, "b")]) == ["held", "asked", "held"]
        assert ledger.apply([Drop(first), second]) == ["held", "held"]
        assert ledger.apply([Lose(second), hold(4, "a")]) == ["held", "held"]
        assert ledger.apply([settle(hold(4, "a")), hold(5, "a")]) == ["held", "paid"]
        assert ledger.apply([settle(hold(6, "a"), OTHER)]) == ["paid"]
        assert ledger.find("a") == PAID


def test_what_a_dead_process_asked_for_is_written_off_when_another_asks(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        pass
    with Ledger.open(path) as ledger:
        with closing(sqlite3.connect(path)) as other:
            rows = [(1, f"{dead.pid}:x", "a"), (2, f"{os.getpid()}:closed", "b")]
            other.executemany("INSERT INTO holds VALUES (?, ?, 'pick', 7, 70, ?)", rows)
            other.execute("INSERT INTO holds VALUES (3, 'batch', 'pick', 7, 70, 'c')")
            other.commit()
        assert ledger.apply([hold(11, "a"), hold(12, "b"), hold(13, "c")]) == ["held"] * 3
        assert ledger.accounts()[LOST] == Account(2, 14, 0, 140, 0)


def test_a_ledger_of_version_2_keeps_its_replies(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger.open(path) as ledger:
        ledger.apply([one := hold(1, "a")])
        ledger.apply([settle(one)])
    with closing(sqlite3.connect(path)) as old:
        old.execute("DROP INDEX holds_by_key")
        old.execute("ALTER TABLE holds DROP COLUMN key")
        old.execute("INSERT INTO holds VALUES (1, 'batch', 'pick', 7, 70)")
        old.execute("PRAGMA user_version = 2")
        old.commit()
    for _ in range(2):
        with Ledger.open(path) as ledger:
            assert ledger.find("a") == PAID
            assert ledger.spent() == (100, 14)
            assert ledger.apply([hold(2, "a")]) == ["paid"]
    with closing(sqlite3.connect(path)) as new:
        assert new.execute("PRAGMA user_version").fetchone() == (VERSION,)
