from __future__ import annotations

from pathlib import Path

import pytest

from builder.dialogs.cleaning.filters import Rules
from builder.dialogs.cleaning.spool import Spool
from builder.dialogs.privacy.protection import Privacy
from builder.dialogs.thread import Thread
from builder.records import Dialog
from builder.sources import Reject
from tests.factories import make_dialog_source, make_post, make_thread

Rejected = list[tuple[str, str, str]]
SPEC = make_dialog_source(invented=True)
TEXT = "Quiet horror for the autumn please, no teenagers and no cabin"


def keep(folder: Path, threads: list[Thread], rules: Rules, reject: Reject) -> list[Dialog]:
    with Spool(folder) as spool:
        for thread in threads:
            spool.put(Privacy(b"k").protect(thread), thread.place, is_chat=thread.is_chat)
        spool.drop_copies(rules, reject)
        return list(spool.dialogs())


def test_the_earliest_of_near_copies_stays_whatever_the_order(
    tmp_path: Path, rules: Rules, reject: Reject,
    rejected: Rejected,
) -> None:  # fmt: skip
    reply = make_post("t1_x", "The Others (2001)")
    late = make_thread(f"{TEXT}!", reply, thread_id="t3_late", spec=SPEC, created_utc=20)
    early = make_thread(TEXT, reply, thread_id="t3_early", spec=SPEC, created_utc=10)
    other = make_thread(
        "Films like Heat please", reply, thread_id="t3_other", spec=SPEC, created_utc=5
    )
    kept = keep(tmp_path, [late, other, early], rules, reject)
    assert kept == [Privacy(b"k").protect(one) for one in (other, early)]
    detail = "ours:t3_late is ours:t3_early, overlap 1.00"
    assert rejected == [("RC:t3_late", "request: near copy", detail)]


def test_copies_are_found_across_sources(tmp_path: Path, rules: Rules, reject: Reject) -> None:
    reply = make_post("t1_x", "The Others (2001)")
    threads = [
        make_thread(TEXT, reply, spec=make_dialog_source(name)) for name in ("theirs", "ours")
    ]
    assert [d.source for d in keep(tmp_path, threads, rules, reject)] == ["ours"]


@pytest.mark.parametrize(("is_chat", "n_kept"), [(False, 1), (True, 2)])
def test_small_talk_makes_no_copies_of_chats(
    tmp_path: Path, rules: Rules, reject: Reject,
    is_chat: bool, n_kept: int,
) -> None:  # fmt: skip
    reply = make_post("t1_x", "Ok")
    asked = [
        make_thread(
            f"hello how are you today I like {wish}", reply, thread_id=wish, is_chat=is_chat
        )
        for wish in ("thrillers with cars", "cartoons with cats")
    ]
    assert len(keep(tmp_path, asked, rules, reject)) == n_kept


def test_nothing_stays_on_the_disk(tmp_path: Path, rules: Rules, reject: Reject) -> None:
    keep(tmp_path, [make_thread(TEXT)], rules, reject)
    assert list(tmp_path.iterdir()) == []
