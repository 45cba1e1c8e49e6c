from __future__ import annotations

from builder.export.naming import Names


def test_names_are_shown_with_and_without_year_and_id(names: Names) -> None:
    assert names.title("imdb:tt0113277") == "Heat"
    assert names.with_year("imdb:tt0113277") == "Heat (1995)"
    assert names.with_year("imdb:tt9999999") == "Amélie's Attic"
    assert names.pair("imdb:tt0113277") == ["Heat", "1995"]
    assert names.pair("imdb:tt9999999") == ["Amélie's Attic", ""]
    assert names.described("esrb:portal-2") == {"title": "Portal 2", "year": 2011, "imdb_id": None}


def test_ids_outside_the_catalogue_are_named_in_order(names: Names) -> None:
    assert names.missing(["x", "imdb:tt0113277", "a"]) == ["x", "a"]
