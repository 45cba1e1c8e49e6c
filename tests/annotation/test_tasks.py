from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.screen import REVIEW_SCREEN
from annotation.tasks import TaskWriter, conversation_html, fingerprint
from builder.errors import InputError
from builder.records import Constraint, Conversation, Message, Reason, Risk
from builder.taxonomy import Taxonomy
from tests.factories import make_item, make_risk

Make = Callable[..., Conversation]
TRAIT = "Animal lover (avoid animal harm/death)"
YEARS = {"imdb:k0": 2010, "imdb:k1": None, "imdb:f0": 2011, "imdb:u0": 2019}
ITEMS = {item_id: make_item(item_id, item_id[-2:].upper(), year) for item_id, year in YEARS.items()}


def risk(item_id: str, *reasons: Reason) -> Risk:
    return make_risk(item_id, TRAIT, "safe", reasons=reasons)


RISKS = {
    ("imdb:k0", TRAIT): risk(
        "imdb:k0", Reason("no", ("does-the-dog-die",), "<A>"), Reason("base_rate", ())
    ),
    ("imdb:f0", TRAIT): risk("imdb:f0", Reason("yes", ("does-the-dog-die",), "ours")),
    ("imdb:u0", TRAIT): risk("imdb:u0"),
}
KEPT = (
    "<A> says no to 1 of 10 warnings\n"
    "no single fact: by how often items of this kind violate the trait"
)


@pytest.fixture(scope="module")
def writer() -> TaskWriter:
    return TaskWriter(Taxonomy.load(Path("data/taxonomy")), ITEMS, RISKS)


def test_a_task_shows_items_in_three_groups_with_their_evidence(
    writer: TaskWriter, a_conversation: Make
) -> None:
    task = writer.write(a_conversation(), {"routed_because": "random"})
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


def test_a_task_says_what_the_wish_means(writer: TaskWriter, a_conversation: Make) -> None:
    data = writer.write(a_conversation(), {})["data"]
    assert data["trait"] == TRAIT
    assert data["wish"] == "Animals being hurt or dying."
    assert data["broken_by"].startswith(
        "A title breaks it where one of these is a yes: Does a horse die? Does the dog die?"
    )
    assert data["content_note"].startswith("This page is about animals being hurt or dying.")


def test_an_empty_group_says_none(writer: TaskWriter, a_conversation: Make) -> None:
    data = writer.write(a_conversation(safe=(), recommended=("imdb:f0", "imdb:u0")), {})["data"]
    assert (data["kept_heading"], data["kept"]) == ("Kept as safe (none)", [])


def test_the_screen_shows_no_field_that_a_task_lacks(
    writer: TaskWriter, a_conversation: Make
) -> None:
    data: dict[str, Any] = writer.write(a_conversation(), {})["data"]
    used = set(re.findall(r"\$(\w+)", REVIEW_SCREEN.read_text()))
    assert used == set(data) - {"conversation_id", "fingerprint"}
    assert set(re.findall(r"\]\.(\w+)", REVIEW_SCREEN.read_text())) == set(data["kept"][0])


def test_the_wish_is_marked_where_it_stands(a_conversation: Make) -> None:
    assert conversation_html(a_conversation()) == (
        '<div class="turn user"><b>The person asking</b>Slow westerns? '
        "<mark>Please nothing where the horse dies.</mark> Thanks.</div>"
    )


def test_a_wish_that_is_not_verbatim_frames_its_message(a_conversation: Make) -> None:
    messages = (Message("user", "One"), Message("assistant", "Two"), Message("user", "Three"))
    row = a_conversation(messages=messages, constraint=Constraint(TRAIT, "implicit", "reworded", 2))
    assert conversation_html(row) == (
        '<div class="turn user"><b>The person asking</b>One</div>'
        '<div class="turn assistant"><b>The recommender</b>Two</div>'
        '<div class="turn user holds"><b>The person asking</b>Three</div>'
    )


@given(before=st.text(), wish=st.text(min_size=1), after=st.text())
def test_whatever_people_write_stays_text(before: str, wish: str, after: str) -> None:
    words = f"{before}{wish}{after}"
    html = conversation_html(_row(words, wish))
    inner = html.removeprefix('<div class="turn user"><b>The person asking</b>')
    inner = inner.removesuffix("</div>").replace("<mark>", "", 1).replace("</mark>", "", 1)
    assert not set("<>\"'") & set(inner)
    assert _unescape(inner) == words


def _unescape(html: str) -> str:
    for name, char in {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'"}.items():
        html = html.replace(name, char)
    return html.replace("&amp;", "&")


def _row(words: str, wish: str) -> Conversation:
    constraint = Constraint(TRAIT, "explicit", wish, 0)
    lists = ("seen", "recommended", "safe", "filtered", "unknown")
    empty: dict[str, Any] = dict.fromkeys(lists, ())
    names = ("sample_id", "dialog_id", "source", "licence", "assignment_reason", "reasoning")
    return Conversation(
        conversation_id="c",
        domain="film",
        created_utc=0,
        mode="cues",
        variant="explicit",
        trait=TRAIT,
        constraint=constraint,
        messages=(Message("user", words),),
        made_by="test",
        **dict.fromkeys(names, ""),
        **empty,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"messages": (Message("user", "Other words"),)},
        {"constraint": Constraint(TRAIT, "explicit", "other", 0)},
        {"safe": ("imdb:k0",), "unknown": ("imdb:k1", "imdb:u0")},
    ],
    ids=["words", "wish", "items"],
)
def test_a_fingerprint_changes_with_all_that_was_shown(
    a_conversation: Make, change: dict[str, Any]
) -> None:
    assert fingerprint(a_conversation(**change)) != fingerprint(a_conversation())


def test_a_fingerprint_ignores_what_was_not_shown(a_conversation: Make) -> None:
    assert fingerprint(a_conversation("other", reasoning="x")) == fingerprint(a_conversation())


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"constraint": None}, "its trait is None"),
        ({"constraint": Constraint("Clowns", "explicit", "x", 0)}, "its trait is 'Clowns'"),
        ({"safe": ("imdb:gone",)}, "item imdb:gone: a conversation recommends it"),
    ],
    ids=["no wish", "unknown trait", "unknown item"],
)
def test_a_row_that_fits_no_table_ends_the_run(
    writer: TaskWriter, a_conversation: Make, change: dict[str, Any], found: str
) -> None:
    with pytest.raises(InputError, match=re.escape(found)):
        writer.write(replace(a_conversation(), **change), {})
