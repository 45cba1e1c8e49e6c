from __future__ import annotations

import pytest

from builder.errors import InputError
from builder.oracle.evidence.feeds import Feed, parse_feeds, select
from tests.factories import make_evidence


def test_evidence_is_selected_by_source_and_kind() -> None:
    rows = [
        make_evidence("statement", "w1", 1.0),
        make_evidence("severity", "violence_gore", 2.0, source="mpaa"),
        make_evidence("similarity", "w1", 0.7, source="wiki"),
    ]
    feeds = parse_feeds(["ours:statement", "mpaa:*"], ["wiki:*"])
    assert select(rows, feeds["build"]) == rows[:2]
    assert select(rows, feeds["grade"]) == rows[2:]


@pytest.mark.parametrize(
    ("build", "grade"),
    [
        pytest.param("ours:statement", "ours:statement", id="same"),
        pytest.param("ours:statement", "*:statement", id="any-source"),
        pytest.param("mpaa:*", "*:severity", id="crossing-wildcards"),
        pytest.param("mpaa:*", "mpaa:ceiling", id="any-kind"),
    ],
)
def test_oracles_that_could_share_evidence_are_refused_by_pattern(build: str, grade: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_feeds(["x:ceiling", build], ["y:ceiling", grade])
    assert f"{build!r} of build and {grade!r} of grade can match the same evidence" in str(
        caught.value
    )


def test_feeds_that_differ_in_source_or_in_kind_never_meet() -> None:
    assert not Feed.parse("ours:statement").meets(Feed.parse("ours:severity"))
    assert not Feed.parse("ours:*").meets(Feed.parse("theirs:*"))


@pytest.mark.parametrize("pattern", ["ours", ":statement", "ours:guess", "our*:statement", ""])
def test_a_malformed_pattern_is_named(pattern: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_feeds([pattern], ["ours:severity"])
    assert f"{pattern!r} is not a source:kind pattern" in str(caught.value)


def test_a_source_may_hold_a_colon() -> None:
    assert Feed.parse("my:source:statement") == Feed("my:source", "statement")
