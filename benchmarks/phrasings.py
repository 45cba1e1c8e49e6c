"""How many different constraints the offline writer has, by rung, whatever stands in front.

    python benchmarks/phrasings.py [DRAWS]

DRAWS texts of each rung and trait are drawn for one plain request. Counted are texts without their
opener ("One thing first: "), in lower case, so that an opener makes no text a new one.
"""

from __future__ import annotations

import json
import sys

from builder.seeding import keyed_rng
from builder.synthesis.offline.choices import pattern_of
from builder.synthesis.offline.constraint_grammar import write_constraint
from builder.synthesis.offline.phrases import read_frames, read_phrases
from builder.synthesis.styles import STYLES, Style

ASKED = [{"role": "user", "content": "Films like Arrival, please."}]


def bodies(style: Style, draws: int) -> set[str]:
    """Return the different texts of a rung without their openers."""
    by_tone = read_frames().openers.values()
    openers = {o for by_place in by_tone for found in by_place.values() for o in found}
    patterns = [pattern_of(opener) for opener in sorted(openers)]
    found = set()
    for trait in sorted(read_phrases()):
        for n in range(draws):
            asked = {"style": style, "place": "start", "also": False, "domain": "film"}
            asked |= {"trait_id": trait, "wording": n, "conversation": ASKED}
            asked |= {"short": "", "descriptions": []}
            written = write_constraint(asked, keyed_rng("phrasings", style, trait, n))
            text = f"{written['earlier']} {written['text']}".strip()
            end = max(opened.end() for p in patterns if (opened := p.match(text)))
            found.add(text[end:].lower())
    return found


def main(draws: int = 100) -> None:
    """Print one JSON line."""
    n_by_rung = {style: len(bodies(style, draws)) for style in STYLES}
    figures = {"figure": "distinct constraint phrasings", "draws_a_rung_and_trait": draws}
    print(json.dumps({**figures, "by_rung": n_by_rung, "total": sum(n_by_rung.values())}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
