"""A dump of gigabytes to threads: time and peak memory, ours beside zstandard with a json loop.

`python benchmarks/dump.py --gb 0.5 1 2` writes dumps with the fields of the published ones into a
temporary folder (or --folder), runs both in processes of their own, in turns, and prints one JSON
line a size. A size counts the JSON, not the compressed file. Beside other work the time that the
processors gave (cpu_seconds, of all threads) says more than the clock. --wanted is the share of the
rows that are of the two communities sought: a hundredth or less in a whole month.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import zstandard

from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.reader_context import ReaderContext, Scratch
from builder.dialogs.readers.reddit import read_reddit

SOUGHT = ("MovieSuggestions", "ifyoulikeblank")
SEED = 2026
COMMENTS_PER_SUBMISSION = 12
_WORDS = 30_000
_BODIES = 30_000

# The fields of a comment and a submission of 2022; what varies is put in by `rows`.
COMMENT = {
    "all_awardings": [], "approved_at_utc": None, "approved_by": None, "archived": False,
    "associated_award": None, "author": "@author", "author_flair_background_color": None,
    "author_flair_css_class": None, "author_flair_richtext": [], "author_flair_template_id": None,
    "author_flair_text": None, "author_flair_text_color": None, "author_flair_type": "text",
    "author_fullname": "t2_@id", "author_is_blocked": False, "author_patreon_flair": False,
    "author_premium": False, "awarders": [], "banned_at_utc": None, "banned_by": None,
    "body": "@body", "can_gild": True, "can_mod_post": False, "collapsed": False,
    "collapsed_because_crowd_control": None, "collapsed_reason": None,
    "collapsed_reason_code": None, "comment_type": None, "controversiality": 0,
    "created": 1641142629.0, "created_utc": "@time", "distinguished": None, "downs": 0,
    "edited": False, "gilded": 0, "gildings": {}, "id": "@id", "is_submitter": False,
    "likes": None, "link_id": "@link", "locked": False, "mod_note": None,
    "mod_reason_by": None, "mod_reason_title": None, "mod_reports": [], "name": "t1_@id",
    "no_follow": True, "num_reports": None, "parent_id": "@link",
    "permalink": "/r/@community/comments/x/@id/", "removal_reason": None, "replies": "",
    "report_reasons": None, "retrieved_on": 1646312345, "saved": False, "score": 3,
    "score_hidden": False, "send_replies": True, "stickied": False, "subreddit": "@community",
    "subreddit_id": "t5_2xinb", "subreddit_name_prefixed": "r/@community",
    "subreddit_type": "public", "top_awarded_type": None, "total_awards_received": 0,
    "treatment_tags": [], "unrepliable_reason": None, "ups": 3, "user_reports": [],
}  # fmt: skip
SUBMISSION = {
    **{k: v for k, v in COMMENT.items() if k not in ("body", "link_id", "parent_id")},
    "name": "t3_@id", "title": "@title", "selftext": "@body", "over_18": False, "is_self": True,
    "domain": "self.@community", "num_comments": 12, "num_crossposts": 0, "thumbnail": "self",
    "url": "https://www.reddit.com/r/@community/comments/@id/", "whitelist_status": "all_ads",
    "upvote_ratio": 0.97, "view_count": None, "media_embed": {}, "secure_media_embed": {},
}  # fmt: skip


def write_dump(folder: Path, gb: float, wanted: float, window_log: int) -> int:
    """Write RS and RC files of so many gigabytes of JSON and return the compressed bytes."""
    rng = random.Random(SEED)
    words = [
        "".join(rng.choices("abcdefghijklmnoprstuvwy", k=rng.randint(1, 9))) for _ in range(_WORDS)
    ]
    weights = list(accumulate(1 / (n + 2) for n in range(_WORDS)))
    bodies = [
        " ".join(rng.choices(words, cum_weights=weights, k=rng.randint(5, 90)))
        for _ in range(_BODIES)
    ]
    communities = [f"Community_{n}" for n in range(200)]
    others = list(accumulate(1 / (n + 3) for n in range(200)))
    part = gb * 1e9 / (1 + 0.9 * COMMENTS_PER_SUBMISSION)
    submissions: list[tuple[str, str]] = []

    def asked() -> Iterator[bytes]:
        while True:
            is_sought = rng.random() < wanted
            community = (
                rng.choice(SOUGHT) if is_sought else rng.choices(communities, cum_weights=others)[0]
            )
            submissions.append((f"s{len(submissions):x}", community))
            yield _row(SUBMISSION, rng, bodies, *submissions[-1], "")

    def said() -> Iterator[bytes]:
        for n in range(1 << 40):
            post_id, community = submissions[rng.randrange(len(submissions))]
            yield _row(COMMENT, rng, bodies, f"c{n:x}", community, f"t3_{post_id}")

    _compress(folder / "RS_2022-01.zst", asked(), part, window_log)
    _compress(folder / "RC_2022-01.zst", said(), gb * 1e9 - part, window_log)
    return sum(file.stat().st_size for file in folder.glob("R*"))


_TEMPLATES: dict[int, list[str]] = {}


def _row(
    fields: dict[str, Any], rng: random.Random, bodies: list[str], post_id: str, community: str,
    link: str,
) -> bytes:  # fmt: skip
    if id(fields) not in _TEMPLATES:
        text = (
            json.dumps(fields, separators=(",", ":"))
            .replace("%", "%%")
            .replace('"@time"', "%(time)d")
        )
        for name in ("author", "body", "id", "link", "community", "title"):
            text = text.replace(f"@{name}", f"%({name})s")
        _TEMPLATES[id(fields)] = [text + "\n"]
    filled = {
        "author": f"user_{rng.randrange(400_000)}",
        "body": bodies[rng.randrange(_BODIES)],
        "title": bodies[rng.randrange(_BODIES)][:80],
        "id": post_id,
        "link": link,
        "community": community,
        "time": 1_641_000_000 + rng.randrange(2_600_000),
    }
    return (_TEMPLATES[id(fields)][0] % filled).encode()


def _compress(path: Path, rows: Iterator[bytes], n_bytes: float, window_log: int) -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(
        3, window_log=window_log, enable_ldm=window_log > 27, write_checksum=True
    )
    n_written = 0
    compressor = zstandard.ZstdCompressor(compression_params=parameters)
    with path.open("wb") as file, compressor.stream_writer(file) as out:
        while n_written < n_bytes:
            n_written += out.write(next(rows))


def run_peer(folder: Path) -> int:
    """Return how many threads the obvious loop finds: decompress, decode, parse, look."""
    sought = set(SOUGHT)
    threads: dict[str, Any] = {}
    comments: dict[str, list[Any]] = defaultdict(list)
    for path in (folder / "RS_2022-01.zst", folder / "RC_2022-01.zst"):
        with path.open("rb") as file:
            reader = zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(file)
            for line in io.TextIOWrapper(reader, encoding="utf-8"):
                row = json.loads(line)
                if row["subreddit"] not in sought:
                    continue
                if "title" in row:
                    threads[f"t3_{row['id']}"] = row
                else:
                    comments[row["link_id"]].append(row)
    for thread_id, row in threads.items():
        row["comments"] = comments[thread_id]
    return sum(1 + len(row["comments"]) for row in threads.values())


def run_ours(folder: Path) -> int:
    """Return how many posts our reader finds, their markup read."""
    select = {"communities": [*SOUGHT], "first_day": None, "last_day": None, "min_score": None}
    spec = {"name": "b", "reader": "reddit", "path": ".", "licence": "-", "retrieved": "2026-11-21"}
    source = DialogSource.model_validate({**spec, "select": select})
    scratch = Path(tempfile.mkdtemp(dir=folder))
    try:
        context = ReaderContext(_unexpected, Scratch(scratch, memory_mib=400, checkpoint_mib=256.0))
        return sum(len(thread.posts) for thread in read_reddit(folder, source, context))
    finally:
        shutil.rmtree(scratch)


def _unexpected(place: str, reason: str, detail: str) -> None:
    raise AssertionError(f"{place}: {reason} ({detail})")


def measure(which: str, folder: Path) -> dict[str, Any]:
    """Return seconds, peak memory in MiB and posts of one of the two, in a process of its own."""
    command = [sys.executable, __file__, "--run", which, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    """Write, measure, print; or, with --run, be one of the two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gb", type=float, nargs="+", default=[2.0])
    parser.add_argument("--wanted", type=float, default=0.01)
    parser.add_argument("--window-log", type=int, default=27)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--run", choices=("ours", "peer"))
    given = parser.parse_args()
    if given.run:
        started, cpu_before = time.perf_counter(), time.process_time()
        n_posts = (run_ours if given.run == "ours" else run_peer)(given.folder)
        seconds = time.perf_counter() - started
        peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told = {"seconds": seconds, "cpu_seconds": time.process_time() - cpu_before}
        print(json.dumps(told | {"peak_mib": peak_mib, "posts": n_posts}))
        return
    for gb in given.gb:
        with tempfile.TemporaryDirectory(dir=given.folder) as scratch:
            n_bytes = write_dump(Path(scratch), gb, given.wanted, given.window_log)
            runs: dict[str, list[dict[str, Any]]] = {"ours": [], "peer": []}
            for _ in range(given.repeats):
                for which, found in runs.items():
                    found.append(measure(which, Path(scratch)))
            _report(gb, given.wanted, given.window_log, n_bytes, runs)


def _report(
    gb: float, wanted: float, window_log: int, n_bytes: int, runs: dict[str, list[dict[str, Any]]]
) -> None:
    ratios = [p["seconds"] / o["seconds"] for o, p in zip(runs["ours"], runs["peer"], strict=True)]
    figures: dict[str, Any] = {
        "gb": gb, "compressed_gb": round(n_bytes / 1e9, 3), "wanted": wanted,
        "window_log": window_log,
    }  # fmt: skip
    for which, found in runs.items():
        seconds = sorted(run["seconds"] for run in found)
        figures[which] = {
            "seconds": [round(s, 2) for s in seconds],
            "cpu_seconds": sorted(round(run["cpu_seconds"], 2) for run in found),
            "peak_mib": round(max(run["peak_mib"] for run in found)),
            "posts": sorted({run["posts"] for run in found}),
        }
    cpu = (p["cpu_seconds"] / o["cpu_seconds"] for o, p in zip(*runs.values(), strict=True))
    figures["times_less_cpu"] = sorted(round(ratio, 2) for ratio in cpu)
    figures["times_as_fast"] = [round(ratio, 2) for ratio in sorted(ratios)]
    figures |= {"cores": os.cpu_count(), "machine": platform.machine()}
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
