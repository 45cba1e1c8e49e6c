"""Reddit threads from dumps, joined without holding a dump in memory.

A dump is read once, each file into parts on disk; then DuckDB joins submissions and comments within
a memory limit, and one thread at a time is held. The author of the submission is the seeker, in
comments too; everybody else is a recommender.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.dumps.dump_files import dump_files
from builder.dialogs.dumps.parts import DumpParts, place_of
from builder.dialogs.markup import read_markdown, read_plain
from builder.dialogs.reader_context import ReaderContext, Scratch
from builder.dialogs.reddit_posts import WITHHELD
from builder.dialogs.thread import Post, Thread
from builder.sources import Reject

_BATCH_ROWS = 2_000
_Row = Mapping[str, Any]
_FIRST = """
    CREATE TABLE {name}_seen AS
    SELECT seq, id, first_value(seq) OVER (PARTITION BY id ORDER BY seq) AS first FROM {name}
"""


def read_reddit(path: Path, spec: DialogSource, context: ReaderContext) -> Iterator[Thread]:
    """Yield the threads of a dump file or folder in the order of their submissions.

    What the source's selection leaves out is counted. Lines that cannot be read, rows that lack a
    field or repeat an id, and comments whose submission or parent is missing or whose parents run
    in a circle are rejected.
    """
    reject = context.reject
    files = dump_files(path, reject)
    files_parts = [DumpParts(file, n, spec.select, context.scratch) for n, file in enumerate(files)]
    for parts in files_parts:
        parts.build()
        context.left_out.update(parts.left_out())
        for rejection in parts.rejected():
            reject(*rejection)
    with closing(duckdb.connect(config=_limits(context.scratch))) as connection:
        for name in ("submissions", "comments", "outside"):
            paths = [part for parts in files_parts for part in parts.tables(name)]
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet({paths})")
        for name, letter in (("submissions", "t3_"), ("comments", "t1_")):
            connection.execute(_FIRST.format(name=name))
            _reject_again(connection, name, letter, files, reject)
        _reject_orphans(connection, files, reject, context.left_out)
        for name in ("submissions", "comments"):
            for row in _rows(connection, f"SELECT DISTINCT author FROM {name}"):
                context.authors.add(row["author"])
        yield from _threads(connection, spec, files, reject)


def _limits(scratch: Scratch) -> dict[str, Any]:
    return {
        "memory_limit": f"{scratch.memory_mib}MiB",
        "threads": 1,
        "temp_directory": str(scratch.folder / "duckdb"),
        "preserve_insertion_order": False,
    }


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[_Row]:
    with closing(connection.cursor()) as cursor:
        for batch in cursor.sql(query).to_arrow_reader(_BATCH_ROWS):
            yield from batch.to_pylist()


def _reject_again(
    connection: duckdb.DuckDBPyConnection, name: str, letter: str, files: list[Path], reject: Reject
) -> None:
    for row in _rows(connection, f"FROM {name}_seen WHERE seq <> first ORDER BY seq"):
        detail = f"{letter}{row['id']} stands at {place_of(row['first'], files)} already"
        reject(place_of(row["seq"], files), "duplicate id", detail)


def _reject_orphans(
    connection: duckdb.DuckDBPyConnection, files: list[Path], reject: Reject, left_out: Counter[str]
) -> None:
    query = """
        SELECT c.seq, c.link_id,
            c.link_id[4:] IN (SELECT id FROM outside WHERE NOT is_rejected) AS is_outside,
            c.link_id[4:] IN (SELECT id FROM outside WHERE is_rejected) AS is_rejected
        FROM (SELECT x.* FROM comments x JOIN comments_seen USING (seq) WHERE seq = first) c
        ANTI JOIN submissions s ON c.link_id[4:] = s.id
        ORDER BY c.seq
    """
    for row in _rows(connection, query):
        if row["is_outside"]:
            left_out["reply to a submission left out"] += 1
        else:
            place, above = place_of(row["seq"], files), row["link_id"]
            if row["is_rejected"]:
                reject(place, "reply: submission rejected", f"{above} could not be used")
            else:
                reject(place, "reply: submission missing", f"{above} is in no file")


def _threads(
    connection: duckdb.DuckDBPyConnection, spec: DialogSource, files: list[Path], reject: Reject
) -> Iterator[Thread]:
    once = "SELECT x.* FROM {0} x JOIN {0}_seen USING (seq) WHERE seq = first"
    submissions = f"SELECT * FROM ({once.format('submissions')}) ORDER BY seq"
    replies = f"""
        SELECT s.seq AS asked, c.* FROM ({once.format("comments")}) c
        JOIN ({once.format("submissions")}) s ON c.link_id[4:] = s.id ORDER BY s.seq, c.seq
    """
    groups = groupby(_rows(connection, replies), key=lambda row: int(row["asked"]))
    group = next(groups, None)
    for submission in _rows(connection, submissions):
        comments: dict[str, _Row] = {}
        if group is not None and group[0] == submission["seq"]:
            comments = {f"t1_{row['id']}": row for row in group[1]}
            group = next(groups, None)
        yield _thread(spec, submission, comments, files, reject)


def _thread(
    spec: DialogSource,
    submission: _Row,
    comments: Mapping[str, _Row],
    files: list[Path],
    reject: Reject,
) -> Thread:
    thread_id = f"t3_{submission['id']}"
    first = _request(thread_id, place_of(submission["seq"], files), submission)
    replies = [
        Post(
            place=place_of(row["seq"], files),
            post_id=post_id,
            reply_to=row["parent_id"],
            author=_name(row["author"]),
            role="seeker" if first.author == row["author"] else "recommender",
            text=read_markdown(row["body"]),
            created_utc=row["created_utc"],
            score=row["score"],
        )
        for post_id, row in _in_order(thread_id, comments, files, reject)
    ]
    community, over_18 = submission["community"], submission["over_18"]
    return Thread(spec, thread_id, community, False, over_18, (first, *replies))


def _request(thread_id: str, place: str, submission: _Row) -> Post:
    if submission["body"].strip() in WITHHELD:
        text = read_plain(submission["body"])
    else:
        text, body = read_plain(submission["title"]), read_markdown(submission["body"])
        text = text.joined(body, "\n\n") if body.text else text
    author, time = _name(submission["author"]), submission["created_utc"]
    return Post(place, thread_id, None, author, "seeker", text, time, submission["score"])


def _name(author: str) -> str | None:
    return None if author in WITHHELD else author


def _in_order(
    root: str, comments: Mapping[str, _Row], files: list[Path], reject: Reject
) -> Sequence[tuple[str, _Row]]:
    """Return the comments that lead up to the root, ordered by time and after their parents."""
    reached: dict[str, tuple[int, int, str]] = {root: (0, 0, root)}
    bad: dict[str, tuple[str, str]] = {}
    for post_id in comments:
        if post_id in reached or post_id in bad:
            continue
        path = _path_up(post_id, reached, bad, comments)
        top = comments[path[-1]]["parent_id"]
        if top in reached:
            for below in reversed(path):
                row = comments[below]
                time, depth, _ = reached[row["parent_id"]]
                reached[below] = (max(time, row["created_utc"]), depth + 1, below)
            continue
        if top in bad:
            reason, top = bad[top]
        else:
            reason = "reply: circular" if top in comments else "reply: parent missing"
        bad |= dict.fromkeys(path, (reason, top))
    for post_id, (reason, top) in bad.items():
        if reason == "reply: circular":
            detail = f"the parents of {post_id} lead back to {top}"
        else:
            detail = f"{top}, above {post_id}, is in no file or was rejected"
        reject(place_of(comments[post_id]["seq"], files), reason, detail)
    del reached[root]
    return [(post_id, comments[post_id]) for _, _, post_id in sorted(reached.values())]


def _path_up(
    post_id: str,
    reached: Mapping[str, object],
    bad: Mapping[str, object],
    comments: Mapping[str, _Row],
) -> list[str]:
    """Return a comment and its parents, up to one whose parent is settled, missing or a repeat."""
    path, on_path = [post_id], {post_id}
    while (parent := comments[path[-1]]["parent_id"]) in comments:
        if parent in reached or parent in bad or parent in on_path:
            break
        path.append(parent)
        on_path.add(parent)
    return path
