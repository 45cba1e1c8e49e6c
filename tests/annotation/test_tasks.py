from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.screen import REVIEW_SCREEN
from annotation.tasks import TaskWriter, conversation_html, fingerprint
from builder.errors import InputError
from builder.records import Constraint, Message, Reason
from builder.taxonomy import Taxonomy
from tests.factories import DOGS, make_conversation, make_item, make_oracle, make_risk

YEARS = {"imdb:k0": 2010, "imdb:k1": None, "imdb:f0": 2011, "imdb:u0": 2019}
ITEMS = {item_id: make_item(item_id, item_id[-2:].upper(), year) for item_id, year in YEARS.items()}


RISKS = [
    make_risk(
        "imdb:k0",
        DOGS,
        reasons=(Reason("no", ("does-the-dog-die",), "<A>"), Reason("base_rate", ())),
    ),
    make_risk("imdb:f0", DOGS, reasons=(Reason("yes", ("does-the-dog-die",), "ours"),)),
    make_risk("imdb:u0", DOGS),
]
KEPT = (
    "<A> says no to 1 of 10 warnings\n"
    "no single fact: by how often items of this kind violate the trait"
)


@pytest.fixture(scope="module")
def writer() -> TaskWriter:
    return TaskWriter(Taxonomy.load(Path("data/taxonomy")), ITEMS, make_oracle(RISKS))


def test_a_task_shows_items_in_three_groups_with_their_evidence(writer: TaskWriter) -> None:
    task = writer.write(make_conversation(), {"routed_because": "random"})
    data = task["data"]
    assert task["meta"] == {"routed_because": "random"}
    assert data["kept_heading"] == "Kept as safe (2)"
    assert data["kept"] == [
        {"title": "K0 (2010)", "evidence": KEPT},
        {"title": "K1", "evidence": "Nothing is known of this title."},
    ]
    assert data["left_out"] == [
        {"title": "F0 (2011)", "evidence": "ours says yes: Does the dog die"}
    ]
    assert data["unknown"] == [
        {"title": "U0 (2019)", "evidence": "Nothing is known of this title."}
    ]


def test_a_task_says_what_the_wish_means(writer: TaskWriter) -> None:
    data = writer.write(make_conversation(), {})["data"]
    assert data["trait"] == DOGS
    assert data["wish"] == "Animals being hurt or dying."
    assert data["broken_by"].startswith(
        "A title breaks it where one of these is a yes: Does a horse die? Does the dog die?"
    )
    assert data["content_note"].startswith("This page is about animals being hurt or dying.")


def test_an_empty_group_says_none(writer: TaskWriter) -> None:
    data = writer.write(make_conversation(safe=(), recommended=("imdb:f0", "imdb:u0")), {})["data"]
    assert (data["kept_heading"], data["kept"]) == ("Kept as safe (none)", [])


def test_the_screen_shows_no_field_that_a_task_lacks(writer: TaskWriter) -> None:
    data: dict[str, Any] = writer.write(make_conversation(), {})["data"]
    used = set(re.findall(r"\$(\w+)", REVIEW_SCREEN.read_text()))
    assert used == set(data) - {"conversation_id", "fingerprint"}
    assert set(re.findall(r"\]\.(\w+)", REVIEW_SCREEN.read_text())) == set(data["kept"][0])


def test_the_wish_is_marked_where_it_stands() -> None:
    assert conversation_html(make_conversation()) == (
        '<div class="turn user"><b>The person asking</b>Slow westerns? '
        "<mark>Please nothing where the horse dies.</mark> Thanks.</div>"
    )


def test_a_wish_that_is_not_verbatim_frames_its_message() -> None:
    messages = (Message("user", "One"), Message("assistant", "Two"), Message("user", "Three"))
    row = make_conversation(
        messages=messages, constraint=Constraint(DOGS, "implicit", "reworded", 2)
    )
    assert conversation_html(row) == (
        '<div class="turn user"><b>The person asking</b>One</div>'
        '<div class="turn assistant"><b>The recommender</b>Two</div>'
        '<div class="turn user holds"><b>The person asking</b>Three</div>'
    )


@given(before=st.text(), wish=st.text(min_size=1), after=st.text())
def test_whatever_people_write_stays_text(before: str, wish: str, after: str) -> None:
    words = f"{before}{wish}{after}"
    constraint = Constraint(DOGS, "explicit", wish, 0)
    row = make_conversation(messages=(Message("user", words),), constraint=constraint)
    html = conversation_html(row)
    inner = html.removeprefix('<div class="turn user"><b>The person asking</b>')
    inner = inner.removesuffix("</div>").replace("<mark>", "", 1).replace("</mark>", "", 1)
    assert not set("<>\"'") & set(inner)
    assert _unescape(inner) == words


def _unescape(html: str) -> str:
    for name, char in {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'"}.items():
        html = html.replace(name, char)
    return html.replace("&amp;", "&")


@pytest.mark.parametrize(
    "change",
    [
        {"messages": (Message("user", "Other words"),)},
        {"constraint": Constraint(DOGS, "explicit", "other", 0)},
        {"safe": ("imdb:k0",), "unknown": ("imdb:k1", "imdb:u0")},
    ],
    ids=["words", "wish", "items"],
)
def test_a_fingerprint_changes_with_all_that_was_shown(change: dict[str, Any]) -> None:
    assert fingerprint(make_conversation(**change)) != fingerprint(make_conversation())


def test_a_fingerprint_ignores_what_was_not_shown() -> None:
    assert fingerprint(make_conversation("other", assignment_reason="x")) == fingerprint(
        make_conversation()
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"constraint": None}, "its trait is None"),
        ({"constraint": Constraint("Clowns", "explicit", "x", 0)}, "its trait is 'Clowns'"),
        ({"safe": ("imdb:gone",)}, "item imdb:gone: is recommended in a conversation"),
    ],
    ids=["no wish", "unknown trait", "unknown item"],
)
def test_a_row_that_fits_no_table_ends_the_run(
    writer: TaskWriter, change: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InputError, match=re.escape(problem)):
        writer.write(replace(make_conversation(), **change), {})
