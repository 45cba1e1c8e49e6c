"""DoesTheDogDie: saved answers of its API, as one document, as a list of them, or one per line.

    {"item": {"id": 15713, "name": "John Wick", "imdbId": "tt2911666", "tmdbId": 245891,
              "releaseYear": "2014", "itemType": {"id": 15, "name": "Movie"}},
     "topicItemStats": [{"yesSum": 1336, "noSum": 118, "numComments": 59, "topic":
                         {"id": 153, "name": "a dog dies", "doesName": "Does the dog die"}}]}
`saferec fetch ddd` writes such lines. A topic stands for the warning that asks the same question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from builder.catalog.draft import Draft, Finding, Kind, imdb_id, with_findings
from builder.errors import InputError
from builder.records import Domain
from builder.sources import Reject, SourceSpec, read_count, read_year
from builder.taxonomy.official import Vocabulary
from builder.text_files.json_text import read_json, read_json_lines
from builder.titles import parse_title, title_key

_KINDS: dict[str, tuple[Domain, Kind | None]] = {
    "Movie": ("film", "film"),
    "TV Show": ("film", "series"),
    "Video Game": ("game", None),
}

_MOST_VOTES = 10**9
"""More than people could have cast: such a count is damaged."""


def read_ddd(
    path: Path, spec: SourceSpec, vocabulary: Vocabulary, reject: Reject
) -> Iterator[Draft]:
    """Yield one draft per answer, with its votes as statements.

    The value of a statement is 1 if at least as many people say yes as say no. Topics that the
    taxonomy does not have, topics without votes, and votes that are not counts are rejected.
    """
    warning_by_question = {
        title_key(warning.question): name for name, warning in vocabulary.taxonomy.warnings.items()
    }
    for place, answer in _answers(path, reject):
        item, stats = answer.get("item"), answer.get("topicItemStats")
        if item is None and "asked_for" in answer:
            reject(place, "not in DoesTheDogDie", str(answer["asked_for"]))
            continue
        if not isinstance(item, dict) or not isinstance(stats, list):
            reject(place, "not an answer", "has no item and topicItemStats")
            continue
        draft = _draft(item, spec, place, reject)
        if draft is not None:
            yield with_findings(draft, _findings(stats, warning_by_question, place, reject))


def _answers(path: Path, reject: Reject) -> Iterator[tuple[str, dict[str, Any]]]:
    if path.suffix != ".json":
        yield from read_json_lines(path, reject)
        return
    document = read_json(path)
    answers = document if isinstance(document, list) else [document]
    for number, answer in enumerate(answers, start=1):
        if not isinstance(answer, dict):
            raise InputError(
                path, f"answer {number} is not an object", "save the API's answers unchanged"
            )
        yield f"{path}#{number}", answer


def _draft(item: Mapping[str, Any], spec: SourceSpec, place: str, reject: Reject) -> Draft | None:
    stated = item.get("itemType")
    kind = stated.get("name") if isinstance(stated, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        reject(place, "not a film, series or game", f"{item.get('name')!r} is {kind!r}")
        return None
    domain, series = _KINDS[kind]
    return Draft(
        spec=spec,
        place=place,
        adds_item=False,
        domain=domain,
        ids=tuple(_ids(item, place, reject)),
        title=parse_title(str(item.get("name") or "")).title,
        year=read_year(str(item.get("releaseYear") or "")),
        kind=series,
    )


def _ids(item: Mapping[str, Any], place: str, reject: Reject) -> Iterator[str]:
    imdb = str(item.get("imdbId") or "")
    if item_id := imdb_id(imdb):
        yield item_id
    elif imdb:
        reject(place, "bad id", f"imdbId is {imdb!r}; the row goes by its other ids and title")
    if tmdb := read_count(str(item.get("tmdbId") or "")):
        yield f"tmdb:{tmdb}"


def _findings(
    stats: list[Any], warning_by_question: Mapping[str, str], place: str, reject: Reject
) -> Iterator[Finding]:
    seen: set[str] = set()
    for topic_stats in stats:
        topic = topic_stats.get("topic") if isinstance(topic_stats, dict) else None
        question = str(topic.get("doesName") or "") if isinstance(topic, dict) else ""
        warning = warning_by_question.get(title_key(question))
        if warning is None:
            reject(place, "unknown topic", f"no warning asks {question!r}")
            continue
        votes = topic_stats.get("yesSum"), topic_stats.get("noSum")
        if not all(type(v) is int and 0 <= v < _MOST_VOTES for v in votes):
            reject(place, "bad votes", f"{question}: {votes[0]!r} yes, {votes[1]!r} no")
        elif not any(votes):
            reject(place, "no votes", question)
        elif warning in seen:
            reject(place, "duplicate topic", question)
        else:
            seen.add(warning)
            yes, no = votes
            yield Finding("statement", warning, float(yes >= no), votes=(yes, no))
