"""Whatever comes in at a door: reading does not fail, and every line is kept or rejected."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.dialogs.markup import read_markdown, read_plain
from builder.dialogs.privacy.known_titles import KnownTitles
from builder.dialogs.privacy.people import find_people
from builder.dialogs.privacy.protection import Privacy
from builder.dialogs.reader_context import ReaderContext, Scratch
from builder.dialogs.readers.dialog_table import threads_of_rows
from builder.dialogs.readers.inspired import read_inspired
from builder.dialogs.readers.redial import read_redial
from builder.dialogs.readers.turns import read_turns
from builder.dialogs.thread import Thread
from builder.errors import InputError
from builder.text_files.lines import read_lines
from tests.factories import make_dialog_source
from tests.support.dump_rows import is_blank

Reader = Callable[[Path, Any, ReaderContext], Iterator[Thread]]
quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)

TURN = {"dialog_id": "d", "context": ["", "Hi"], "resp": "Heat (1995)", "is_user": 0, "rec": [1]}
CONVERSATION = {
    "conversationId": "1", "initiatorWorkerId": 4, "respondentWorkerId": 5,
    "movieMentions": {"17": "Up (2009)"},
    "messages": [{"messageId": 0, "senderWorkerId": 4, "timeOffset": 0, "text": "like @17?"}],
}  # fmt: skip
UTTERANCE = ["d", "1", "SEEKER", "1", "Hi", ""]
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 5), st.floats(allow_nan=False), st.text(max_size=4),
    st.just("x" * 100_001), st.lists(st.one_of(st.integers(), st.text(max_size=2)), max_size=2),
    st.dictionaries(st.sampled_from(["text", "17", "role"]), st.text(max_size=2), max_size=2),
)  # fmt: skip


def mangled(row: dict[str, Any]) -> st.SearchStrategy[bytes]:
    """Make lines of a row: whole, of other values, without a field, cut off, or of other bytes."""
    keys = st.sampled_from(sorted(row))
    objects = st.one_of(
        st.just(row),
        st.builds(lambda key, value: {**row, key: value}, keys, VALUES),
        st.builds(lambda gone: {k: v for k, v in row.items() if k != gone}, keys),
        VALUES,
    ).map(lambda value: json.dumps(value).encode())
    cut = st.builds(lambda line, at: line[:at], objects, st.integers(1, 40))
    return st.one_of(objects, cut, st.binary(min_size=1, max_size=9)).map(one_line)


def one_line(line: bytes) -> bytes:
    return line.replace(b"\n", b"").replace(b"\r", b"")


def read(reader: Reader, lines: list[bytes], folder: Path) -> tuple[list[Thread], set[int]]:
    """Return the threads, and the numbers of the lines that were rejected."""
    path = folder / "lines"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    told: set[int] = set()
    scratch = Scratch(folder, memory_mib=100, checkpoint_mib=1.0)
    reading = ReaderContext(lambda place, *_: told.add(int(place.rpartition(":")[2])), scratch)
    return list(reader(path, make_dialog_source(), reading)), told


def places(threads: list[Thread]) -> set[int]:
    return {int(post.place.rpartition(":")[2]) for thread in threads for post in thread.posts}


@quick
@given(st.lists(mangled(CONVERSATION), max_size=5))
def test_every_line_of_redial_is_a_dialog_or_rejected(tmp_path: Path, lines: list[bytes]) -> None:
    threads, told = read(read_redial, lines, tmp_path)
    filled = {number for number, line in enumerate(lines, start=1) if not is_blank(line)}
    assert places(threads) | told == filled
    assert all(thread.posts for thread in threads)


@quick
@given(st.lists(mangled(TURN), max_size=5))
def test_every_line_of_turns_is_in_a_dialog_or_rejected(tmp_path: Path, lines: list[bytes]) -> None:
    threads, told = read(read_turns, lines, tmp_path)
    for number, line in enumerate(lines, start=1):
        if number in told or is_blank(line):
            continue
        row = json.loads(line)
        assert any(
            thread.thread_id == row["dialog_id"]
            and read_plain(row["resp"]).text in ("", *(p.text.text for p in thread.posts))
            for thread in threads
        )


@quick
@given(
    st.lists(
        st.one_of(
            st.just(UTTERANCE),
            st.lists(st.text("aSEK\ufffd \u202e", max_size=9), min_size=1, max_size=7),
            st.builds(lambda text: [*UTTERANCE[:4], text, ""], st.text(max_size=20)),
        ),
        max_size=5,
    )
)
def test_every_line_of_inspired_is_in_a_dialog_or_rejected(
    tmp_path: Path, rows: list[list[str]]
) -> None:
    header = b"dialog_id\tutt_id\tspeaker\tturn_id\ttext\tmovies"
    lines = [one_line("\t".join(row).encode("utf-8", "replace")) for row in rows]
    threads, told = read(read_inspired, [header, *lines], tmp_path)
    n_known = sum(line.split(b"\t")[2:3] in ([b"SEEKER"], [b"RECOMMENDER"]) for line in lines)
    assert len(told) == sum(1 for number in told if number > 1)
    assert places(threads) <= set(range(2, len(lines) + 2)) - told
    assert (len(threads) > 0) <= (n_known > 0)
    assert len([line for line in lines if line]) - n_known <= len(told)


@quick
@given(st.lists(st.builds(lambda m, t: {"id": t, "messages": m}, VALUES, VALUES), max_size=4))
def test_every_row_of_messages_is_a_chat_or_rejected(
    tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    roles = {"user": "seeker"}
    columns = {"thread": "id", "messages": "messages", "roles": roles}
    columns |= {"is_chat": True, "is_markdown": True}
    told: list[str] = []
    placed = ((f"x:{number}", row) for number, row in enumerate(rows, start=1))
    source = make_dialog_source(reader="table", columns=columns)
    threads = list(threads_of_rows(placed, source, lambda place, *_: told.append(place), tmp_path))
    known = {*told, *(post.place for thread in threads for post in thread.posts)}
    lines = {int(place.removeprefix("x:").partition("/")[0]) for place in known}
    assert lines == set(range(1, len(rows) + 1))


@quick
@given(
    cut=st.integers(0, 400),
    flips=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 255)), max_size=3),
)
def test_of_a_damaged_frame_what_is_left_is_read_and_the_rest_is_told(
    tmp_path: Path, cut: int, flips: list[tuple[int, int]]
) -> None:
    lines = [f'{{"id": "{number:040d}"}}' for number in range(60)]
    content = "".join(line + "\n" for line in lines).encode()
    compressor = zstandard.ZstdCompressor(write_checksum=True)
    raw = bytearray(
        b"".join(compressor.compress(content[at : at + 1_000]) for at in (0, 1_000, 2_000))
    )
    for at, by in flips:
        raw[at % len(raw)] ^= by
    raw = raw[: len(raw) - cut % len(raw)]
    path = tmp_path / "RC.zst"
    path.write_bytes(raw)
    told: list[str] = []
    try:
        found = list(read_lines(path, lambda place, reason, _: told.append(reason)))
    except InputError:  # nothing of it is zstd
        assert flips or cut
        return
    assert [number for number, _ in found] == sorted({number for number, _ in found})
    if "".join(f"{line}\n" for _, line in found).encode() != content[:3_000]:
        assert "damaged compression" in told or len(raw) in boundaries(raw)


def boundaries(raw: bytes | bytearray) -> set[int]:
    """Return where a frame may begin, or the end: a file cut there ends well."""
    magic = b"\x28\xb5\x2f\xfd"
    return {at for at in range(len(raw)) if raw[at : at + 4] == magic} | {0, len(raw)}


@given(st.text(max_size=80), st.lists(st.sampled_from(["Up", "Erin Brockovich"]), max_size=2))
def test_masking_never_fails_and_finds_stretches_of_the_text(text: str, titles: list[str]) -> None:
    found = find_people(text, KnownTitles(titles))
    ends = [0, *(at for one in found for at in (one.start, one.end)), len(text)]
    assert ends == sorted(ends)
    masked = Privacy(b"k", titles).mask(read_markdown(text))
    assert all(0 <= s.start < s.end <= len(masked.text) for s in masked.spans)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("\u202eHeat\u202c then \u2066Ronin\u2069", "Heat then Ronin"),
        ("He\u200bat, Ro\u200dnin\ufeff", "Heat, Ronin"),
        ("مرحبا Heat", "مرحبا Heat"),
    ],
    ids=["right to left marks", "zero width", "right to left script"],
)
def test_what_cannot_be_seen_goes_and_what_can_stays(raw: str, text: str) -> None:
    assert read_markdown(raw).text == read_plain(raw).text == text


def test_a_name_hidden_by_zero_width_signs_is_found() -> None:
    masked = Privacy(b"k").mask(
        read_markdown("mail jo\u200b@exam\u200dple.org or u/\u200bsome_one")
    )
    assert masked.text == "mail <EMAIL> or <USER>"


@pytest.mark.parametrize(
    "sign",
    [
        "-",
        "a_",
        "a-",
        "a@b.",
        "[u/",
        ">!",
        "**a ",
        "\n- Bob",
        "\n",
        "x.com/",
        "call me Al ",
        "`",
        "![](",
        "![a](b",
        "\u2003a",
    ],
)
def test_a_long_post_of_one_sign_is_read_to_its_end(sign: str) -> None:
    text = "me@example.com " + sign * (20_000 // len(sign))  # minutes, were a pattern not bounded
    marked = read_markdown(text)
    assert find_people(marked.text, KnownTitles())[0].kind == "EMAIL"
