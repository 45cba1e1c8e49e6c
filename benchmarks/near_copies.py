"""Near copies among many posts: our search beside datasketch's MinHashLSH, at the same recall.

`python benchmarks/near_copies.py --posts 1000000` makes posts, of which one in twenty is an edited
copy of an earlier one, runs each search in a process of its own and prints one JSON line. Both get
the same texts, word runs, bands and rows, so that both miss as little. Recall is the share of the
copies, of those that share at least the wanted overlap with their original, for which an original
was named. Beside other work cpu_seconds, what the processor gave, says more than the clock. Ours
compares what it proposes run by run; the peer proposes only. --peer-posts gives the peer fewer
posts, --skip-peer none.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import time
from itertools import accumulate
from typing import Any

from builder.near_copies.search import NearCopyRule, bands, copies_of_earlier, shingles_of
from builder.near_copies.shingles import jaccard

SEED = 2026
RULE = NearCopyRule(shingle_words=3, jaccard=0.5, min_words=8)
_VOCABULARY = 30_000
_COPY_EVERY = 20


def make_posts(n: int) -> tuple[list[str], dict[int, int]]:
    """Return the posts, and of each copy which earlier post it was made from."""
    rng = random.Random(SEED)
    words = [
        "".join(rng.choices("abcdeghilmnoprstu", k=rng.randint(2, 9))) for _ in range(_VOCABULARY)
    ]
    weights = list(accumulate(1 / (rank + 20) for rank in range(_VOCABULARY)))
    posts: list[str] = []
    original_by_copy: dict[int, int] = {}
    for number in range(n):
        if number % _COPY_EVERY == _COPY_EVERY - 1:
            original = rng.randrange(number)
            while original in original_by_copy:
                original = rng.randrange(number)
            said = posts[original].split()
            for _ in range(rng.randint(0, max(len(said) // 8, 1))):
                said[rng.randrange(len(said))] = rng.choice(words)
            original_by_copy[number] = original
        else:
            said = rng.choices(words, cum_weights=weights, k=rng.randint(15, 70))
        posts.append(" ".join(said))
    return posts, original_by_copy


def run_ours(posts: list[str]) -> set[int]:
    """Return the posts that are copies of an earlier one."""
    return {copy for copy, _, _ in copies_of_earlier(posts, RULE)}


def run_peer(posts: list[str]) -> set[int]:
    """Return the posts for which datasketch's index proposes an earlier one."""
    from datasketch import MinHash, MinHashLSH

    n_rows, n_bands = bands(RULE.jaccard)
    index = MinHashLSH(num_perm=n_rows * n_bands, params=(n_bands, n_rows))
    found = set()
    for number, post in enumerate(posts):
        runs = shingles_of(post, RULE)
        if not runs:
            continue
        sketch = MinHash(num_perm=n_rows * n_bands)
        sketch.update_batch([run.encode() for run in runs])
        if index.query(sketch):
            found.add(number)
        index.insert(number, sketch, check_duplication=False)
    return found


def run(which: str, n: int) -> dict[str, Any]:
    """Return seconds, peak memory in MiB and recall of one of the two."""
    posts, original_by_copy = make_posts(n)
    started, cpu_before = time.perf_counter(), time.process_time()
    found = run_ours(posts) if which == "ours" else run_peer(posts)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_before
    wanted = [
        c for c, o in original_by_copy.items() if _overlap(posts[c], posts[o]) >= RULE.jaccard
    ]
    return {
        "posts": n,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu_seconds, 2),
        "posts_per_second": round(n / seconds),
        "recall": round(sum(copy in found for copy in wanted) / len(wanted), 5),
        "copies": len(wanted),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _overlap(one: str, other: str) -> float:
    return jaccard(shingles_of(one, RULE), shingles_of(other, RULE))


def measure(which: str, n: int) -> dict[str, Any]:
    """Run one of the two in a process of its own."""
    command = [sys.executable, __file__, "--run", which, "--posts", str(n)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    """Measure both and print; or, with --run, be one of the two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--peer-posts", type=int)
    parser.add_argument("--skip-peer", action="store_true")
    parser.add_argument("--run", choices=("ours", "peer"))
    given = parser.parse_args()
    if given.run:
        print(json.dumps(run(given.run, given.posts)))
        return
    figures: dict[str, Any] = {"ours": measure("ours", given.posts)}
    if not given.skip_peer:
        n_peer = given.peer_posts or given.posts
        figures["datasketch"] = measure("peer", n_peer)
        ours = figures["ours"] if n_peer == given.posts else measure("ours", n_peer)
        figures["ours_on_the_peers_posts"] = ours
        for name, unit in (("times_as_fast", "seconds"), ("times_less_cpu", "cpu_seconds")):
            figures[name] = round(figures["datasketch"][unit] / ours[unit], 1)
    figures |= {"bands": bands(RULE.jaccard)[1], "rows": bands(RULE.jaccard)[0]}
    print(json.dumps(figures | {"cores": os.cpu_count(), "machine": platform.machine()}))


if __name__ == "__main__":
    main()
