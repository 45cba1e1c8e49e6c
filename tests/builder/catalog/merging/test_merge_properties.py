"""Merging of any rows: no order matters, nothing is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from builder.catalog.draft import Draft
from builder.catalog.merging.merge import merge_drafts
from tests.factories import make_draft, make_rated_draft, make_source


@st.composite
def rows_of_three_sources(draw: st.DrawFn) -> list[list[Draft]]:
    """Draw sources whose rows share ids, titles and years in every way."""
    sources = []
    for name in "abc":
        spec = make_source(name)
        rows = draw(
            st.lists(
                st.tuples(
                    st.sampled_from(["", "imdb:tt1", "imdb:tt2"]),
                    st.sampled_from(["", "tmdb:1", "tmdb:2"]),
                    st.sampled_from(["Saw", "Saw II", "Heat"]),
                    st.sampled_from([None, 2000, 2001, 2004]),
                    st.booleans(),
                ),
                max_size=4,
            )
        )
        sources.append(
            [
                make_rated_draft(f"{imdb} {tmdb}", title, year, spec=spec, adds_item=adds)
                for imdb, tmdb, title, year, adds in rows
            ]
        )
    return sources


@given(rows_of_three_sources(), st.permutations([0, 1, 2]))
def test_the_order_of_the_sources_changes_no_id(
    sources: list[list[Draft]], order: list[int]
) -> None:
    one, _, _ = merge_drafts([row for rows in sources for row in rows], lambda *_: None)
    other, _, _ = merge_drafts([row for n in order for row in sources[n]], lambda *_: None)
    assert [item.item_id for item in one] == [item.item_id for item in other]


@given(rows_of_three_sources())
def test_merging_twice_is_merging_once(sources: list[list[Draft]]) -> None:
    rows = [row for source in sources for row in source]
    once, evidence_once, _ = merge_drafts(rows, lambda *_: None)
    twice, evidence_twice, _ = merge_drafts([*rows, *rows], lambda *_: None)
    assert (twice, evidence_twice) == (once, evidence_once)


@given(rows_of_three_sources())
def test_every_row_is_in_an_item_or_rejected(sources: list[list[Draft]]) -> None:
    rows = [row for source in sources for row in source]
    reasons: list[str] = []
    _, evidence, _ = merge_drafts(rows, lambda place, reason, detail: reasons.append(reason))
    left_out = {"no matching item", "several matching items", "duplicate id"}
    n_left_out = sum(reason in left_out for reason in reasons)
    assert len(rows) <= len(evidence) + n_left_out + reasons.count("conflicting id")
    assert len(evidence) + n_left_out <= len(rows)


@given(st.permutations([(f"imdb:tt{n}", f"Film {n % 3}", 1990 + n) for n in range(6)]))
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str, str, int]]) -> None:
    ordered, _, _ = merge_drafts([make_draft(*row) for row in sorted(rows)], lambda *_: None)
    shuffled, _, _ = merge_drafts([make_draft(*row) for row in rows], lambda *_: None)
    assert shuffled == ordered
