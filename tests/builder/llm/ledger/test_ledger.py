"""The ledger's accounts: what is held, spent, wasted and lost."""

import os
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.llm.ledger.accounts import (
    LOST,
    USED,
    WASTED,
    Account,
    Balance,
    Caps,
    Charge,
    Drop,
    Hold,
    Lose,
    Settle,
)
from builder.llm.ledger.database import VERSION
from builder.llm.ledger.ledger import Ledger
from builder.llm.replies import Paid

NO_CAPS = Caps(None, None)
PAID = Paid("m", "{}", None, "stop", 5, 2)


def hold(n: int, tokens: int = 10, nano_usd: int | None = 100, caps: Caps = NO_CAPS) -> Hold:
    return Hold(n, f"k{n}", "pick", tokens, nano_usd, caps)


def settle(one: Hold, key: str, *, is_used: bool = True) -> Settle:
    return Settle(one, key, "r1", PAID, Charge(5, 2, 30), is_used)


def test_a_hold_counts_until_it_is_settled_dropped_or_lost(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        holds = [hold(n) for n in range(4)]
        assert ledger.apply(holds) == ["held"] * 4
        assert ledger.spent() == (400, 40)
        ledger.apply([settle(holds[0], "k0"), settle(holds[1], "k1", is_used=False)])
        ledger.apply([Drop(holds[2]), Lose(holds[3])])
        assert ledger.spent() == (30 + 30 + 100, 7 + 7 + 10)
        assert ledger.accounts() == {
            USED: Account(1, 5, 2, 30, 0),
            WASTED: Account(1, 5, 2, 30, 0),
            LOST: Account(1, 10, 0, 100, 0),
        }
        assert ledger.find("k0") == ledger.find("k1") == PAID
        assert ledger.find("k2") is None


def test_a_ledger_that_another_run_makes_meanwhile_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"

    def spent() -> Balance:
        with Ledger.open(path) as ledger:
            return ledger.spent()

    with Ledger.open(tmp_path / "model.sqlite"):
        pass
    with closing(sqlite3.connect(tmp_path / "model.sqlite")) as model:
        made = [sql for [sql] in model.execute("SELECT sql FROM sqlite_master WHERE sql <> ''")]
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        other.execute("BEGIN IMMEDIATE")
        opened = pool.submit(spent)
        time.sleep(0.3)  # it has found no ledger and waits for the lock
        for sql in (*made, f"PRAGMA user_version = {VERSION}"):
            other.execute(sql)
        other.execute("COMMIT")
        assert opened.result() == (0, 0)


def test_a_reply_is_kept_once(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        first, second = hold(1), hold(2)
        other = Paid("m", "other", None, "stop", 1, 1)
        ledger.apply([first, second])
        late = Settle(second, "k", "r1", other, Charge(1, 1, 1), is_used=True)
        ledger.apply([settle(first, "k"), late])
        assert ledger.find("k") == PAID
        assert ledger.accounts()[USED].calls == 2


@pytest.mark.parametrize(
    ("caps", "granted"),
    [
        (Caps(None, None), ["held", "held", "held"]),
        (Caps(250, None), ["held", "held", "wait"]),
        (Caps(None, 25), ["held", "held", "wait"]),
        (Caps(99, None), ["stop", "stop", "stop"]),
        (Caps(0, None), ["stop", "stop", "stop"]),
        (Caps(300, 30), ["held", "held", "held"]),
    ],
    ids=["none", "dollars", "tokens", "too little for one", "nothing", "just enough"],
)
def test_a_hold_waits_where_others_may_come_free_and_stops_where_not(
    tmp_path: Path, caps: Caps, granted: list[str]
) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        assert ledger.apply([hold(n, caps=caps) for n in range(3)]) == granted


def test_what_is_settled_makes_room_in_the_same_write(tmp_path: Path) -> None:
    caps = Caps(130, None)
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        first = hold(1, caps=caps)
        assert ledger.apply([first]) == ["held"]
        assert ledger.apply([hold(2, caps=caps), settle(first, "k")])[0] == "held"


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=30),
    st.integers(0, 200),
    st.integers(0, 200),
)
def test_what_is_granted_never_passes_a_cap(
    wanted: list[tuple[int, int]], nano_usd: int, tokens: int
) -> None:
    balance, caps = Balance(10, 10, 0, 0), Caps(nano_usd, tokens)
    for n, (dollars, size) in enumerate(wanted):
        balance.grant(hold(n, size, dollars, caps))
        assert balance.held_nano_usd == 0 or 10 + balance.held_nano_usd <= nano_usd
        assert balance.held_tokens == 0 or 10 + balance.held_tokens <= tokens


def test_what_a_dead_process_held_is_lost_and_what_a_live_one_holds_is_not(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    with Ledger.open(path) as first:
        first.apply([hold(1)])
        with subprocess.Popen([sys.executable, "-c", ""]) as dead:
            pass
        other = sqlite3.connect(path)
        columns = "id, owner, task, tokens, nano_usd"
        rows = [(2, f"{dead.pid}:x", "pick", 7, 70), (3, f"{os.getpid()}:old", "pick", 5, None)]
        other.executemany(f"INSERT INTO holds ({columns}) VALUES (?, ?, ?, ?, ?)", rows)
        other.execute(f"INSERT INTO holds ({columns}) VALUES (4, 'batch', 'pick', 3, 30)")
        other.commit()
        other.close()
        with Ledger.open(path) as ledger:
            assert ledger.accounts()[LOST] == Account(2, 12, 0, 70, 1)
            assert ledger.spent() == (70 + 100 + 30, 12 + 10 + 3)
