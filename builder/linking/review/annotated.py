"""Turns whose titles people have annotated, in the form of He et al. 2023.

    {"dialog_id": "test_20001", "turn_id": 204172, "context": ["", "Hi I am looking for ..."],
     "resp": "You should watch Police Academy (1984)", "rec": [29891], "is_user": 0,
     "entity_name": ["You", "Police Academy (1984)"]}

`rec` holds the annotated films as entity numbers, which a file of entities maps to titles ("<http://
dbpedia.org/resource/Click_(2006_film)>": 20875). `entity_name` is a lossy copy of them: it lacks
most titles that do not end the response, and contains words that are no title. It is read if there
is no file of entities, and rows in which it has fewer titles than `rec` are rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from pydantic import BaseModel, ValidationError

from builder.dialogs.markup import read_plain
from builder.records import Dialog, Turn, TurnRole
from builder.sources import Reject
from builder.text_files.json_text import read_json_lines
from builder.titles import TitleYear, parse_title, title_key

_AFTER_NAME = re.compile(r"_\((?P<kind>[^()]*)\)$")
_YEAR = re.compile(r"(?<!\d)(?:18[89]|19\d|20\d)\d(?!\d)")
_WRITTEN = re.compile(r"\((?P<year>(?:18[89]|19\d|20\d)\d)\)")


@dataclass(frozen=True, slots=True)
class AnnotatedTurn:
    """The last turn of a dialog with the titles that people annotated in it, each once."""

    dialog: Dialog
    titles: tuple[TitleYear, ...]

    @property
    def turn(self) -> Turn:
        """The annotated turn."""
        return self.dialog.turns[-1]


class _Row(BaseModel):
    dialog_id: str
    turn_id: int | str
    context: list[str]
    resp: str
    rec: list[int]
    is_user: Literal[0, 1] = 0
    entity_name: list[str] = []


def read_entities(entities: Mapping[str, Any]) -> dict[int, TitleYear]:
    """Return titles by entity number, from a map of DBpedia addresses to numbers."""
    return {number: _of_address(address) for address, number in entities.items()}


def _of_address(address: str) -> TitleYear:
    name = unquote(address.strip("<>").rsplit("/resource/", 1)[-1])
    kind = _AFTER_NAME.search(name)
    year = _YEAR.search(kind["kind"]) if kind else None
    title = name[: kind.start()] if kind else name
    return TitleYear(title.replace("_", " "), int(year[0]) if year else None)


def read_turns(
    path: Path, entities: Mapping[int, TitleYear] | None, reject: Reject
) -> Iterator[AnnotatedTurn]:
    """Yield the annotated turns of a file; what cannot be scored is rejected.

    Args:
        path: One JSON object per line.
        entities: Titles by the numbers of `rec`; None to read `entity_name`.
        reject: Called with every row that is left out.

    Raises:
        InputError: If the file is missing or not UTF-8.
    """
    for place, raw in read_json_lines(path, reject):
        try:
            row = _Row.model_validate(raw)
        except ValidationError as exc:
            error = exc.errors(include_input=False)[0]
            reason = "missing field" if error["type"] == "missing" else "bad field"
            reject(place, reason, f"{'.'.join(map(str, error['loc']))}: {error['msg']}")
            continue
        titles = _titles(row, entities)
        if titles is None:
            detail = f"{len(row.rec)} films in rec, {row.entity_name} in entity_name"
            reject(place, "incomplete annotation", detail)
        elif response := read_plain(row.resp).text:
            yield AnnotatedTurn(_dialog(row, response), titles)
        else:
            reject(place, "empty response", "nothing to link")


def _titles(row: _Row, entities: Mapping[int, TitleYear] | None) -> tuple[TitleYear, ...] | None:
    if entities is not None:
        if any(number not in entities for number in row.rec):
            return None
        films = (entities[number] for number in row.rec)
        return tuple(dict.fromkeys(with_written_year(title, row.resp) for title in films))
    named = tuple(dict.fromkeys(parse_title(name) for name in row.entity_name))
    n_films = len(set(row.rec))
    if len(named) == n_films:
        return named
    dated = tuple(title for title in named if title.year is not None)
    return dated if len(dated) >= n_films else None


def with_written_year(title: TitleYear, text: str) -> TitleYear:
    """Return the title with the year that the text writes after it, if it has no year itself."""
    if title.year is not None:
        return title
    key = title_key(title.title)
    for match in _WRITTEN.finditer(text):
        before = title_key(text[: match.start()])
        if before == key or before.endswith(f" {key}"):
            return TitleYear(title.title, int(match["year"]))
    return title


def _dialog(row: _Row, response: str) -> Dialog:
    texts = [read_plain(text).text for text in row.context]
    turns: list[Turn] = []
    for number, text in enumerate([*texts, response]):
        if text:
            above = turns[-1].turn_id if turns else None
            role = _role(row, number)
            turns.append(Turn(f"{row.turn_id}.{number}", role, role, text, 0, above, ()))
    return Dialog(row.dialog_id, "annotated", "", "", 0, tuple(turns))


def _role(row: _Row, number: int) -> TurnRole:
    """Return who is speaking: the speakers alternate, and the last one is known."""
    by_responder = (len(row.context) - number) % 2 == 0
    return "recommender" if by_responder == (row.is_user == 0) else "seeker"
