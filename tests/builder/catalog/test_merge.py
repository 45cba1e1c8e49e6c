from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from builder.catalog.draft import Draft, Finding, with_findings
from builder.catalog.merge import merge_drafts
from builder.sources import Reject, SourceSpec

Spec = Callable[..., SourceSpec]
Rejected = list[tuple[str, str, str]]
SPEC = SourceSpec(name="a", reader="r", path="p", licence="l", retrieved="2026-11-21")
OTHER = SourceSpec(name="b", reader="r", path="p", licence="m", retrieved="2026-11-21")


def draft(ids: str = "", title: str | None = None, year: int | None = None, **more: Any) -> Draft:
    fields = {"spec": SPEC, "place": "a:1", "adds_item": True, "domain": "film", **more}
    return Draft(ids=tuple(ids.split()), title=title, year=year, **fields)


def note(row: Draft, subject: str = "violence_gore", value: float = 2.0) -> Draft:
    return with_findings(row, [Finding("severity", subject, value)])


def test_sources_join_by_any_shared_id(reject: Reject, rejected: Rejected) -> None:
    items, evidence, _ = merge_drafts(
        [
            note(draft("imdb:tt1", spec=OTHER, adds_item=False)),
            draft("imdb:tt1 tmdb:9", "Saw", 2004),
            note(draft("tmdb:9", spec=OTHER.model_copy(update={"name": "c"}), adds_item=False)),
        ],
        reject,
    )
    assert [(item.item_id, item.title) for item in items] == [("imdb:tt1", "Saw")]
    assert [found.item_id for found in evidence] == ["imdb:tt1", "imdb:tt1"]
    assert rejected == []


def test_a_source_without_ids_joins_by_title_and_near_year(
    reject: Reject, rejected: Rejected
) -> None:
    _, evidence, conflicts = merge_drafts(
        [
            draft("imdb:tt1", "The Thing", 1982),
            draft("imdb:tt2", "The Thing", 2011),
            note(draft(title="Thing", year=1983, spec=OTHER, adds_item=False)),
            note(draft(title="The Thing", year=1996, spec=OTHER, adds_item=False, place="b:7")),
        ],
        reject,
    )
    assert [found.item_id for found in evidence] == ["imdb:tt1"]
    assert conflicts == {"year": 1}
    assert [(place, reason) for place, reason, _ in rejected] == [
        ("b:7", "no such item"),
        ("a:1", "conflicting year"),
    ]


def test_two_films_of_one_title_and_year_stay_two(reject: Reject) -> None:
    items, _, _ = merge_drafts(
        [draft("imdb:tt1", "Aladdin", 1992), draft("imdb:tt2", "Aladdin", 1992, spec=OTHER)],
        reject,
    )
    assert [item.item_id for item in items] == ["imdb:tt1", "imdb:tt2"]


def test_a_duplicate_id_in_one_source_is_rejected(reject: Reject, rejected: Rejected) -> None:
    items, _, _ = merge_drafts(
        [draft("imdb:tt1", "Saw", 2004), draft("imdb:tt1", "Saw", 2004, place="a:2")], reject
    )
    assert len(items) == 1
    assert rejected == [("a:2", "duplicate id", "Saw (2004) imdb:tt1 stands in a twice")]


def test_the_first_source_wins_and_every_field_says_whose_it_is(
    reject: Reject, rejected: Rejected
) -> None:
    [item], _, conflicts = merge_drafts(
        [
            draft("imdb:tt1", "Saw", 2004),
            draft("imdb:tt1", "SAW: The Movie", 2004, spec=OTHER, rating="R", genres=("Horror",)),
        ],
        reject,
    )
    assert (item.title, item.aliases, item.rating) == ("Saw", ("SAW: The Movie",), "R")
    assert [(part.field, part.source, part.licence) for part in item.provenance] == [
        ("title", "a", "l"),
        ("year", "a", "l"),
        ("genres", "b", "m"),
        ("rating", "b", "m"),
    ]
    assert (conflicts, rejected) == ({}, [])


@given(st.permutations([(f"imdb:tt{n}", f"Film {n % 3}", 1990 + n) for n in range(6)]))
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str, str, int]]) -> None:
    def ignore(place: str, reason: str, detail: str) -> None: ...

    ordered, _, _ = merge_drafts([draft(*row) for row in sorted(rows)], ignore)
    shuffled, _, _ = merge_drafts([draft(*row) for row in rows], ignore)
    assert shuffled == ordered
