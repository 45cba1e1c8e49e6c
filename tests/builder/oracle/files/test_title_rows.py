from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from builder.oracle.files.compiled import compile_oracle
from builder.oracle.files.label import OracleLabel
from builder.oracle.files.title_rows import TitleRows
from builder.titles import Named, TitleIndex
from tests.factories import make_item

WORDS = st.sampled_from(["The Up", "Up", "up!", "A Up", "Up, The", "Üp", "An Inn", "Inn", ""])
YEARS = st.sampled_from([None, 1990, 1991, 1992, 1993, 1995])


@given(
    films=st.lists(st.tuples(WORDS, YEARS, WORDS), max_size=5),
    asked=st.lists(st.tuples(WORDS, YEARS), min_size=1, max_size=9),
    n_copies=st.sampled_from([1, 300]),
)
def test_many_titles_mean_what_each_means_alone(
    films: list[tuple[str, int | None, str]],
    asked: list[tuple[str, int | None]],
    n_copies: int,
) -> None:
    items = [
        make_item(f"imdb:{n}", title, year, aliases=(alias,))
        for n, (title, year, alias) in enumerate(films)
    ]
    index = TitleIndex(Named(i.item_id, (i.title, *i.aliases), i.year) for i in items)
    titles = TitleRows(compile_oracle(OracleLabel("build", {}, {}), [], items))
    found = [index.resolve(title, year).item_id for title, year in asked]
    expected = [-1 if item_id is None else int(item_id[5:]) for item_id in found]
    rows = titles.of(
        pa.array([title for title, _ in asked] * n_copies),
        np.array([year or 0 for _, year in asked] * n_copies),
    )
    assert rows.tolist() == expected * n_copies
    meant = [titles.meant(title, year).tolist() for title, year in asked]
    assert [rows[0] if len(rows) == 1 else -1 for rows in meant] == expected
    bearing = [[f"imdb:{row}" for row in titles.bearing(title).tolist()] for title, _ in asked]
    assert bearing == [list(index.candidates(title)) for title, _ in asked]
