"""Linking against annotated titles: ours, plain exact matching, and rapidfuzz alone.

`python benchmarks/link_accuracy.py --corpus redial --data FOLDER`, see link_data.py for the folder.
Prints a JSON line for each set and catalogue: figures with 95% intervals by dialog, on the half of
the dialogs that was not developed on. INSPIRED's published titles were found by a machine
("Greetings, how are you?" holds "Greetings (1968)"), so its dialogs were read again, see
inspired_titles.yaml.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from link_data import inspired, movielens, read_checked, reddit, redial, wider, without_years
from rapidfuzz import fuzz, process

from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.lexicon.words import tokenise
from builder.linking.mentions.linker import LinkRules, link_dialog
from builder.linking.review.accuracy import Scorer, accuracy_figures
from builder.linking.review.annotated import AnnotatedTurn
from builder.records import Dialog, Item, Mention
from builder.titles import title_key
from pipelines.runtime.params import read_params
from pipelines.stages.link import Params

CHECKED = Path(__file__).with_name("inspired_titles.yaml")
DEVELOPED = Path(__file__).with_name("inspired_developing.yaml")
REDDIT = Path(__file__).with_name("reddit_titles.yaml")
_BANDS = {"to 0.85": 0.85, "to 0.9": 0.9, "to 0.95": 0.95, "to 1": 1.0}
Linked = Sequence[Sequence[Mention]]
"""The mentions of each turn's dialog, or of more of it."""
LinkLast = Callable[[Dialog], Sequence[Mention]]


def ours(turns: Sequence[AnnotatedTurn], lexicon: Lexicon, rules: LinkRules) -> Linked:
    """Return the mentions of each turn; a dialog whose turns are all annotated is linked once."""
    longest: dict[str, Dialog] = {}
    for turn in turns:
        kept = longest.setdefault(turn.dialog.dialog_id, turn.dialog)
        if len(turn.dialog.turns) > len(kept.turns):
            longest[turn.dialog.dialog_id] = turn.dialog
    whole = {name: link_dialog(dialog, lexicon, rules) for name, dialog in longest.items()}
    return [
        whole[turn.dialog.dialog_id]
        if turn.dialog.turns == longest[turn.dialog.dialog_id].turns[: len(turn.dialog.turns)]
        else link_dialog(turn.dialog, lexicon, rules)
        for turn in turns
    ]


def exact(lexicon: Lexicon) -> LinkLast:
    """Return plain matching: the longest titles, whatever their words, where one item has them."""

    def link(dialog: Dialog) -> list[Mention]:
        tokens = tokenise(dialog.turns[-1].text)
        spans = lexicon.spans(tokens)
        found, place = [], 0
        while place < len(tokens):
            length = next(iter(spans.get(place, ())), 0)
            if length:
                key = lexicon.key_of(tokens[place : place + length]) or ""
                behind = [token.key for token in tokens[place + length : place + length + 1]]
                year = (
                    int(behind[0])
                    if behind and behind[0].isdigit() and len(behind[0]) == 4
                    else None
                )
                choice = lexicon.chooser.choose(
                    lexicon.candidates(key, year), year, domain=None, named=()
                )
                if choice.item_id is not None and choice.lead > 0:
                    found.append(_mention(dialog, choice.item_id))
            place += max(1, length)
        return found

    return link


def fuzzy(items: list[Item], min_likeness: float, min_chars: int) -> LinkLast:
    """Return rapidfuzz's partial ratio of all titles with the turn; of nested ones the longest."""
    names = [(title_key(name), item) for item in items for name in (item.title, *item.aliases)]
    names = [(key, item) for key, item in names if len(key) >= min_chars]
    keys = [key for key, _ in names]

    def link(dialog: Dialog) -> list[Mention]:
        text = title_key(dialog.turns[-1].text)
        hits = process.extract(
            text,
            keys,
            scorer=fuzz.partial_ratio,
            score_cutoff=min_likeness,
            limit=None,
            processor=None,
        )
        hits = [hit for hit in hits if len(hit[0]) <= len(text)]
        longest = [key for key, _, _ in hits]
        kept = [
            names[n][1] for key, _, n in hits if not any(key in o and key != o for o in longest)
        ]
        dated = [item for item in kept if str(item.year) in text.split()]
        return [_mention(dialog, item.item_id) for item in dated or kept]

    return link


def _mention(dialog: Dialog, item_id: str) -> Mention:
    turn = dialog.turns[-1]
    return Mention(dialog.dialog_id, turn.turn_id, 0, 0, "", "mentioned", item_id, 1.0, (), "")


def figures(turns: Sequence[AnnotatedTurn], scorer: Scorer, linked: Linked) -> dict[str, Any]:
    """Return the accuracy of one linker."""
    scores = [scorer.score(turn, found) for turn, found in zip(turns, linked, strict=True)]
    return accuracy_figures(scores, n_resamples=1000, level=0.95, seed=2026)


def by_score(
    turns: Sequence[AnnotatedTurn], scorer: Scorer, linked: Linked
) -> dict[str, list[int]]:
    """Return [links, of which the item is annotated] by the band of their score."""
    counts = {name: [0, 0] for name in _BANDS}
    for turn, found in zip(turns, linked, strict=True):
        right = frozenset[str]().union(*map(scorer.meant_by, turn.titles))
        for mention in found:
            if mention.turn_id == turn.turn.turn_id and mention.item_id is not None:
                name = next(name for name, top in _BANDS.items() if mention.score <= top)
                counts[name][0] += 1
                counts[name][1] += mention.item_id in right
    return counts


def sets(data: Path, corpus: str, *, developing: bool) -> Iterator[tuple[str, list[AnnotatedTurn]]]:
    """Yield the named sets of turns."""
    if corpus == "redial":
        turns = list(redial(data, developing=developing))
        yield "redial", turns
        yield "redial, years removed", [without_years(turn) for turn in turns]
        return
    if corpus == "reddit":
        yield "reddit, read by us", list(reddit(data, yaml.safe_load(REDDIT.read_bytes())))
        return
    yield "inspired, as annotated", list(inspired(data, developing=developing, checked=None))
    checked = read_checked(DEVELOPED if developing else CHECKED)
    yield "inspired, read by us", list(inspired(data, developing=developing, checked=checked))


def catalogues(data: Path) -> Iterator[tuple[str, list[Item]]]:
    """Yield the named catalogues."""
    yield "wider", wider(data)
    yield "movielens", movielens(data)


def peers(catalogue: str, items: list[Item], lexicon: Lexicon) -> Iterator[tuple[str, LinkLast]]:
    """Yield the named other ways; rapidfuzz reads every title a turn, and only the small one's."""
    yield "exact", exact(lexicon)
    if catalogue == "movielens":
        yield "rapidfuzz", fuzzy(items, 95, 5)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--developing", action="store_true", help="the half that was developed on")
    parser.add_argument("--corpus", choices=("redial", "inspired", "reddit"), required=True)
    asked = parser.parse_args()
    rules = read_params().section(Params, "link")
    for catalogue, items in catalogues(asked.data):
        lexicon, scorer = Lexicon(items), Scorer(items)
        for name, turns in sets(asked.data, asked.corpus, developing=asked.developing):
            linked = ours(turns, lexicon, rules)
            told = {
                "set": name,
                "catalogue": catalogue,
                "items": len(items),
                "ours": figures(turns, scorer, linked),
                "links_by_score": by_score(turns, scorer, linked),
            }
            for peer, link in peers(catalogue, items, lexicon):
                told[peer] = figures(turns, scorer, [link(turn.dialog) for turn in turns])
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
