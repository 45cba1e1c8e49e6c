"""Dialogs whose titles people annotated, and catalogues, from a folder of public research files.

DATA holds redial/turns.jsonl, redial/entity2id.json, redial/movies.csv, inspired/dialogs.tsv,
movielens-latest-small/, mpaa/reasons.csv, reddit/title_to_imdb.json and saferec/*_test.json.

Dialogs are halved by a hash of their id: rules and weights were made on the "developing" half, and
figures are of the other, which nobody looked at before.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from builder.catalog.readers.movielens import read_movielens
from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.markup import read_markdown, read_plain
from builder.dialogs.reader_context import ReaderContext, Scratch
from builder.dialogs.readers.inspired import read_inspired
from builder.linking.review.accuracy import Scorer
from builder.linking.review.annotated import AnnotatedTurn, read_entities, read_turns
from builder.records import Dialog, Item, Turn, TurnRole
from builder.sources import SourceSpec
from builder.titles import TitleYear, parse_title, title_key

_WRITTEN_YEAR = re.compile(r"\((?:18[89]|19\d|20\d)\d\)")
_BEGIN = "Here is the conversation:"
_SPEAKER = re.compile(r"(?:^|\n)\s*(USER|SYSTEM): ")
_SPEC = SourceSpec(name="data", reader="", path="", licence="none", retrieved="2026-11-21")


def is_developing(dialog_id: str) -> bool:
    """Return whether a dialog was developed on."""
    return hashlib.sha256(dialog_id.encode()).digest()[-1] % 2 == 0


def movielens(data: Path) -> list[Item]:
    """Return the films of MovieLens with how often they were rated."""
    drafts = read_movielens(data / "movielens-latest-small", _SPEC, _ignore)
    return [
        Item(d.ids[0], "film", d.title or "", d.year, d.aliases, (), None, (), (), d.popularity)
        for d in drafts
    ]


def wider(data: Path) -> list[Item]:
    """Return MovieLens with the titles that Reddit names, the MPAA rated, and ReDial lists.

    Popularity is the number of votes at IMDb, as the list of MPAA reasons has it. It lacks films
    from before 1990: their number of ratings at MovieLens counts, brought to the same scale.
    """
    items = movielens(data)
    known = {item.item_id for item in items}
    titles = json.loads((data / "reddit/title_to_imdb.json").read_text(encoding="utf-8"))
    for name, imdb in titles.items():
        if f"imdb:{imdb}" not in known:
            known.add(f"imdb:{imdb}")
            items.append(_film(f"imdb:{imdb}", parse_title(name)))
    votes = dict(_votes(data))
    for prefix, listed in (("mpaa", votes), ("redial", map(parse_title, redial_names(data)))):
        scorer = Scorer(items)
        for title in listed:
            item_id = f"{prefix}:{title_key(title.title)}-{title.year}"
            if title.year and item_id not in known and not scorer.meant_by(title):
                known.add(item_id)
                items.append(_film(item_id, title))
    return _with_votes(items, votes)


def _votes(data: Path) -> Iterator[tuple[TitleYear, float]]:
    with (data / "mpaa/reasons.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            yield TitleYear(row["title"], int(row["year"])), float(row["votes"] or 0)


def _with_votes(items: list[Item], votes: Mapping[TitleYear, float]) -> list[Item]:
    scorer = Scorer(items)
    own = {item_id: n for title, n in votes.items() for item_id in scorer.meant_by(title)}
    both = [item for item in items if item.popularity and item.item_id in own]
    scale = sum(own[i.item_id] for i in both) / sum(i.popularity or 0 for i in both)
    return [
        replace(
            i,
            popularity=round(own[i.item_id] if i.item_id in own else scale * (i.popularity or 0))
            or None,
        )
        for i in items
    ]


def _film(item_id: str, title: TitleYear) -> Item:
    return Item(item_id, "film", title.title, title.year, (), (), None, (), ())


def redial_names(data: Path) -> list[str]:
    """Return the names of ReDial's films as they stand in its turns, "Click (2006)", in order."""
    with (data / "redial/movies.csv").open(encoding="utf-8") as handle:
        return list(
            dict.fromkeys(" ".join(row["movieName"].split()) for row in csv.DictReader(handle))
        )


def redial(data: Path, *, developing: bool) -> Iterator[AnnotatedTurn]:
    """Yield ReDial's turns with their annotated titles.

    Annotators chose films from a list; the turns hold the chosen names as the list writes them,
    "Click (2006)". `rec` has lost those that DBpedia does not know. So a turn's titles are the
    names of the list that it holds, and those of `rec` that it names without a year.
    """
    names = frozenset(redial_names(data))
    entities = read_entities(json.loads((data / "redial/entity2id.json").read_bytes()))
    for turn in read_turns(data / "redial/turns.jsonl", entities, _ignore):
        if is_developing(turn.dialog.dialog_id) == developing:
            yield replace(turn, titles=_listed(turn, names))


def _listed(turn: AnnotatedTurn, names: frozenset[str]) -> tuple[TitleYear, ...]:
    text = turn.turn.text
    found = []
    for match in _WRITTEN_YEAR.finditer(text):
        starts = [word.start() for word in re.finditer(r"\S+", text[: match.start()])]
        held = (text[start : match.end()].lstrip("(\"'") for start in starts)
        found += [parse_title(name) for name in held if name in names][:1]
    found = list(dict.fromkeys(found))
    keys = [f" {title_key(title.title)} " for title in found]
    for title in turn.titles[: len(turn.titles) if len(turn.titles) > len(found) else 0]:
        key = f" {title_key(title.title)} "
        if key in f" {title_key(text)} " and not any(key in other for other in keys):
            found.append(TitleYear(title.title, None))
    return tuple(found)


def without_years(turn: AnnotatedTurn) -> AnnotatedTurn:
    """Return the turn, and all before it, without the years behind titles."""
    turns = tuple(_without_years(said) for said in turn.dialog.turns)
    return replace(turn, dialog=replace(turn.dialog, turns=turns))


def _without_years(turn: Turn) -> Turn:
    return replace(turn, text=read_plain(_WRITTEN_YEAR.sub(" ", turn.text)).text)


def inspired(
    data: Path, *, developing: bool, checked: Mapping[str, Mapping[int, list[str]]] | None
) -> Iterator[AnnotatedTurn]:
    """Yield INSPIRED's turns, a speaker's utterances in a row as one, with their titles.

    Args:
        data: The folder.
        developing: Which half.
        checked: Titles by dialog and utterance in place of those of the file, as `read_checked`
            returns them; dialogs that are not in it are left out.
    """
    path = data / "inspired/dialogs.tsv"
    stated = _stated(path)
    spec = DialogSource(**_SPEC.model_dump())
    for thread in read_inspired(path, spec, ReaderContext(_ignore, Scratch(path.parent, 0, 0))):
        if is_developing(thread.thread_id) != developing:
            continue
        if checked is not None and thread.thread_id not in checked:
            continue
        titles = stated[thread.thread_id] if checked is None else checked[thread.thread_id]
        firsts = [int(post.post_id.rsplit(".", 1)[1]) for post in thread.posts]
        turns: tuple[Turn, ...] = ()
        for post, first, end in zip(thread.posts, firsts, [*firsts[1:], 10**6], strict=True):
            above = turns[-1].turn_id if turns else None
            said = Turn(post.post_id, post.role, post.role, post.text.text, 0, above, ())
            turns = (*turns, said)
            own = [
                name for place, names in titles.items() if first <= place < end for name in names
            ]
            named = tuple(dict.fromkeys(parse_title(name) for name in own))
            held = thread.posts[0].created_utc
            yield AnnotatedTurn(Dialog(thread.thread_id, "inspired", "", "", held, turns), named)


def _stated(path: Path) -> dict[str, dict[int, list[str]]]:
    stated: dict[str, dict[int, list[str]]] = {}
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle, delimiter="\t"):
            names = [name.strip() for name in row["movies"].split(";") if name.strip()]
            stated.setdefault(row["dialog_id"], {})[int(row["utt_id"])] = names
    return stated


def reddit(data: Path, checked: Mapping[str, list[list[str] | None]]) -> Iterator[AnnotatedTurn]:
    """Yield the turns of Reddit threads in the reference's samples, with the titles read in them.

    Args:
        data: The folder; saferec/*.json hold the samples.
        checked: Titles by sample and turn; a turn that is None is not scored.
    """
    prompts: dict[str, str] = {}
    for path in sorted((data / "saferec").glob("*_test.json")):
        for sample in json.loads(path.read_text(encoding="utf-8"))["samples"]:
            prompts.setdefault(sample["request_id"], sample["prompt"][0]["content"])
    for request_id, titles_by_turn in checked.items():
        said = _SPEAKER.split(prompts[request_id].split(_BEGIN, 1)[1])[1:]
        turns: tuple[Turn, ...] = ()
        for n, titles in enumerate(titles_by_turn):
            role: TurnRole = "seeker" if said[2 * n] == "USER" else "recommender"
            text = read_markdown(said[2 * n + 1].strip())
            above = turns[-1].turn_id if turns else None
            turns = (*turns, Turn(f"{n}", role, role, text.text, 0, above, text.spans))
            if titles is not None:
                dialog = Dialog(request_id, "reddit", "", "movies", 0, turns)
                yield AnnotatedTurn(dialog, tuple(map(parse_title, titles)))


def read_checked(path: Path) -> dict[str, dict[int, list[str]]]:
    """Return titles by dialog and utterance from our own reading of the dialogs."""
    checked: dict[str, dict[int, list[str]]] = yaml.safe_load(path.read_bytes())
    return checked


def _ignore(place: str, reason: str, detail: str) -> None:
    """Leave out a bad row; the stages of the pipeline count them."""
