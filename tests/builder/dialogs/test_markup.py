from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.dialogs.marked_text import Edit, MarkedText
from builder.dialogs.markup import read_markdown, read_plain
from builder.records import Span


def marks(text: str) -> tuple[str, list[tuple[str, str]]]:
    marked = read_markdown(text)
    return marked.text, [(marked.text[s.start : s.end], s.kind) for s in marked.spans]


@pytest.mark.parametrize(
    ("raw", "text", "spans"),
    [
        ("**Alien** then *Heat*", "Alien then Heat", [("Alien", "emphasis"), ("Heat", "emphasis")]),
        ("***Up*** and _Us_", "Up and Us", [("Up", "emphasis"), ("Us", "emphasis")]),
        ("[Her](https://x.org/a_(b)) ok", "Her ok", [("Her", "link")]),
        ("* Up\n* Us, maybe\n", "Up\nUs, maybe", [("Up", "item"), ("Us, maybe", "item")]),
        ("1. Up\n2) *Us*", "Up\nUs", [("Up", "item"), ("Us", "emphasis"), ("Us", "item")]),
        ("&gt;!Saw!&lt; ok", "Saw ok", [("Saw", "spoiler")]),
        ('[Up](/s "he dies") ok', "he dies ok", [("he dies", "spoiler")]),
        ("&gt; they said\n>\nYes", "> they said\nYes", [("they said", "quote")]),
        (">>deeper *Up*\n", "> deeper Up", [("deeper Up", "quote"), ("Up", "emphasis")]),
        ("**a *big* one**", "a big one", [("a big one", "emphasis"), ("big", "emphasis")]),
        ("M\\*A\\*S\\*H and snake_case_name", "M*A*S*H and snake_case_name", []),
        ("5 * 3 * 2 = 30", "5 * 3 * 2 = 30", []),
        ("# Big\n---\n`code` ~~gone~~", "Big\n\ncode gone", []),
        ("Lilo &amp; Stitch &amp;#x200B;", "Lilo & Stitch", []),
        ("![gif](giphy|abc) ha", "ha", []),
    ],
    ids=[
        "stars", "three stars and underscores", "link", "list", "numbered list", "spoiler",
        "old spoiler", "quote", "deeper quote", "nested", "escaped", "sums",
        "heading, rule, code, strike", "entities", "image",
    ],
)  # fmt: skip
def test_markdown_is_read(raw: str, text: str, spans: list[tuple[str, str]]) -> None:
    assert marks(raw) == (text, spans)


def test_invisible_characters_go_and_accents_are_composed() -> None:
    assert (
        read_plain("  Ame\u0301lie\u200b\ufeff \x07ok\r\n\r\n\r\n\r\nend ").text
        == "Amélie ok\n\nend"
    )


def test_plain_text_keeps_signs_that_are_no_markup() -> None:
    assert read_plain("M*A*S*H &amp; *this*").text == "M*A*S*H & *this*"


def test_a_span_inside_an_edit_shrinks_to_it_and_an_emptied_one_goes() -> None:
    marked = MarkedText("abcdef", (Span(1, 3, "link"), Span(4, 6, "emphasis")))
    edited = marked.edited([Edit(1, 3, "X"), Edit(4, 6)])
    assert edited == MarkedText("aXd", (Span(1, 2, "link"),))


@given(st.text(alphabet="ab *_~[]()>!#`\\\n&;", max_size=60))
def test_spans_lie_within_the_text_and_reading_never_fails(raw: str) -> None:
    marked = read_markdown(raw)
    for span in marked.spans:
        assert 0 <= span.start < span.end <= len(marked.text)


@given(st.lists(st.sampled_from(["film", "Heat", "is", "good", "Up"]), min_size=1, max_size=8))
def test_text_without_markup_is_left_alone(words: list[str]) -> None:
    assert read_markdown(" ".join(words)) == MarkedText(" ".join(words))


@given(
    before=st.text(alphabet="xy ", max_size=5),
    edits=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.text("Z", max_size=3)), max_size=4
    ),
    after=st.text(alphabet="xy ", max_size=5),
)
def test_a_span_between_edits_stays_on_its_words(
    before: str, edits: list[tuple[int, int, str]], after: str
) -> None:
    text, placed = before, []
    for gap, length, insert in edits:
        text += "-" * gap
        placed.append(Edit(len(text), len(text) + length, insert))
        text += "." * length
    start = len(text)
    marked = MarkedText(f"{text}Heat{after}", (Span(start, start + 4, "emphasis"),))
    edited = marked.edited(placed)
    [span] = edited.spans
    assert edited.text[span.start : span.end] == "Heat"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[\\[CreedBraton\\]](https://letterboxd.com/creedbraton/) ok", "u/CreedBraton ok"),
        ("[u/mr-n](https://www.reddit.com/user/mr-n)", "u/mr-n"),
        ("[@jo.b](instagram.com/jo.b?hl=en)", "u/jo_b"),
        ("[Heat](https://letterboxd.com/film/heat/)", "Heat"),
        ("[Alien](https://www.example.com/alien)", "Alien"),
        ("[my list](https://letterboxd.com/creedbraton/)", "my list"),
    ],
    ids=["brackets", "reddit", "dots", "film", "other site", "other words"],
)
def test_a_link_to_a_persons_page_is_read_as_a_user_name(text: str, expected: str) -> None:
    assert read_markdown(text).text == expected


@pytest.mark.parametrize(
    "raw",
    ["`" * 100_000, "- a" + " \u2003" * 30_000 + "b", "-" + " " * 60_000, "![](" * 25_000],
    ids=["markdown-backticks", "list item", "empty list item", "images that never end"],
)
def test_the_longest_posts_of_one_sign_take_no_minutes(raw: str) -> None:
    assert read_markdown(raw).text == read_markdown(read_markdown(raw).text).text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("`Heat` and ``Ronin``", "Heat and Ronin"),
        ("```Heat```", "Heat"),
        ("a ` b", "a ` b"),
        ("-   Heat   ", "Heat"),
        ("\u2003Heat\u2003", "Heat"),
        ("\u2003", ""),
    ],
)
def test_code_lists_and_edges(raw: str, text: str) -> None:
    assert read_markdown(raw).text == text
