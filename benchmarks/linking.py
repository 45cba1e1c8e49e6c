"""Speed of finding 500,000 titles in running text on one core: ours, and the automaton alone.

`OMP_NUM_THREADS=1 python benchmarks/linking.py` writes titles and text of its own and prints one
JSON line. The text has words by Zipf's law, a title every 40 words, capitals and punctuation.
Folding is counted. Titles that are one ordinary word ("It", "Heat") match everywhere: a second
figure is without them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import time
from collections.abc import Callable, Sequence

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, MatchKind

from builder.linking.lexicon.folding import fold
from builder.linking.lexicon.ordinary_words import COMMON_WORDS, FUNCTION_WORDS, NAMES
from builder.linking.lexicon.title_scan import TitleScanner
from builder.titles import title_key

_SYLLABLES = (
    *("ba", "ro", "ti", "na", "lu", "mer", "shan", "dor", "vi", "kel"),
    *("qui", "zo", "pra", "ston", "gle", "fer", "hi", "un", "ax", "el"),
)
_ORDINARY = FUNCTION_WORDS | COMMON_WORDS | NAMES
_SHARES_BY_WORDS = (0.1, 0.3, 0.3, 0.15, 0.1, 0.05)
_WORDS_A_TITLE = 40
_WORDS_A_LINE = 60


def vocabulary(rng: random.Random, n_words: int) -> list[str]:
    """Return English's ordinary words, then made-up ones, the most frequent first."""
    made = ("".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(n_words))
    return list(dict.fromkeys([*sorted(FUNCTION_WORDS), *sorted(COMMON_WORDS | NAMES), *made]))


def make_titles(words: Sequence[str], rng: np.random.Generator, n_titles: int) -> list[str]:
    """Return distinct titles of one to six words."""
    titles: dict[str, None] = {}
    while len(titles) < n_titles:
        size = int(rng.choice(len(_SHARES_BY_WORDS), p=_SHARES_BY_WORDS)) + 1
        places = (rng.random(size) ** 2 * len(words)).astype(int)
        titles[" ".join(words[place] for place in places)] = None
    return list(titles)


def make_text(words: Sequence[str], titles: Sequence[str], rng: random.Random, n_chars: int) -> str:
    """Return lines of words by Zipf's law with titles among them."""
    weights = 1 / np.arange(1, len(words) + 1)
    drawn = np.random.default_rng(rng.randrange(2**32)).choice(
        len(words), size=n_chars // 5, p=weights / weights.sum()
    )
    lines, line, size = [], [], 0
    for number, place in enumerate(drawn.tolist()):
        line.append(words[place])
        if number % _WORDS_A_TITLE == 0:
            line.append(rng.choice(titles).title())
        if number % 12 == 11:
            line[-1] += rng.choice((",", ".", "!", " -"))
        if number % _WORDS_A_LINE == _WORDS_A_LINE - 1:
            lines.append(" ".join(line))
            size += len(lines[-1]) + 1
            line = []
            if size >= n_chars:
                break
    return "\n".join(lines)


def automaton_alone(keys: Sequence[str]) -> Callable[[str], int]:
    """Return the peer: the same fold, then one automaton over all of it, a tuple a match."""
    automaton = BytesAhoCorasick([f" {key} ".encode() for key in keys], MatchKind.Standard)

    def scan(text: str) -> int:
        line = fold(text).data.tobytes()
        return len(automaton.find_matches_as_indexes(line, overlapping=True))

    return scan


def measure(scan: Callable[[str], int], text: str, repeats: int) -> tuple[float, int]:
    """Return the best megabytes a second of processor time, and the matches."""
    best, n_found = float("inf"), 0
    for _ in range(repeats):
        started = time.process_time()
        n_found = scan(text)
        best = min(best, time.process_time() - started)
    return len(text.encode()) / 1e6 / best, n_found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=500_000)
    parser.add_argument("--megabytes", type=int, default=20)
    asked = parser.parse_args()
    rng = random.Random(2026)
    words = vocabulary(rng, 80_000)
    titles = make_titles(words, np.random.default_rng(2026), asked.titles)
    text = make_text(words, titles, rng, asked.megabytes * 1_000_000)
    keys = list(dict.fromkeys(map(title_key, titles)))
    rare = [key for key in keys if key not in _ORDINARY]
    started = time.process_time()
    scanner = TitleScanner(keys)
    built_s = time.process_time() - started
    own, n_own = measure(lambda part: len(scanner.scan(part).title), text, 3)
    part = text[:4_000_000]
    n_part = len(scanner.scan(part).title)
    peer, n_peer = measure(automaton_alone(keys), part, 1)
    scanner_of_rare = TitleScanner(rare)
    of_rare, _ = measure(lambda part: len(scanner_of_rare.scan(part).title), part, 3)
    figures = {
        "mb_per_s": round(own, 1),
        "automaton_alone_mb_per_s": round(peer, 1),
        "without_ordinary_words_mb_per_s": round(of_rare, 1),
        "titles": len(keys),
        "ordinary_words": len(keys) - len(rare),
        "text_mb": round(len(text.encode()) / 1e6, 1),
        "matches": n_own,
        "same_matches_as_automaton": n_peer == n_part,
        "build_s": round(built_s, 1),
        "peak_memory_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
