"""Seconds that linking takes of one turn by its length: `python benchmarks/long_turn.py`.

The turn is prose with a made-up title every 30 characters, against 20,000 titles. Prints a line of
JSON a length: characters, mentions, processor seconds. Twice the length should take twice the time.
"""

from __future__ import annotations

import json
import random
import time

from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.mentions.linker import LinkRules, link_dialog
from builder.records import Dialog, Item, Turn

_LENGTHS = (100_000, 200_000, 400_000, 1_000_000)
_N_TITLES = 20_000
_PROSE = [
    "it",
    "was",
    "a",
    "dark",
    "night",
    "and",
    "the",
    "people",
    "of",
    "that",
    "town",
    "had",
    "seen",
    "nothing",
    "like",
    "it",
]
_SYLLABLES = ("ka", "lo", "mi", "ru", "te"), ("ban", "dor", "fel", "gim"), ("a", "os", "in", "ex")


def films(rng: random.Random) -> list[Item]:
    """Return films with titles of one to three made-up words."""
    return [
        Item(f"film:{n}", "film", title, 1950 + n % 70, (), (), None, (), (), n)
        for n, title in enumerate(_title(rng) for _ in range(_N_TITLES))
    ]


def _title(rng: random.Random) -> str:
    words = ("".join(map(rng.choice, _SYLLABLES)) for _ in range(rng.randrange(1, 4)))
    return " ".join(map(str.capitalize, words))


def text_of(length: int, items: list[Item], rng: random.Random) -> str:
    """Return prose of that many characters that names titles."""
    parts, size = [], 0
    while size < length:
        prose = " ".join(rng.choice(_PROSE) for _ in range(3))
        parts.append(f"{prose} {rng.choice(items).title}{rng.choice((' ', ', ', '. '))}")
        size += len(parts[-1])
    return "".join(parts)[:length]


def main() -> None:
    """Measure and print."""
    rng = random.Random(1)
    items = films(rng)
    lexicon = Lexicon(items)
    for length in _LENGTHS:
        turn = Turn("t", "a", "seeker", text_of(length, items, rng), 0, None, ())
        dialog = Dialog("d", "made up", "", "", 0, (turn,))
        before = time.process_time()
        mentions = link_dialog(dialog, lexicon, LinkRules(max_candidates=10, min_score=0.8))
        seconds = round(time.process_time() - before, 2)
        told = {"characters": length, "mentions": len(mentions), "seconds": seconds}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
