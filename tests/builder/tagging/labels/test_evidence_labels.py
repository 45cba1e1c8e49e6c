"""Labels read from statements and votes."""

from __future__ import annotations

from typing import Any

import pytest

from builder.errors import InputError
from builder.records import Evidence
from builder.tagging.labels.evidence_labels import (
    LabelRules,
    expected_severity,
    main_category,
    parse_label_feeds,
    read_labels,
    read_shares,
)
from builder.taxonomy import ParentsGuide, Trait

RULES = LabelRules((("*", "*"),), 2.0, frozenset({"strong"}), 0.5)


def trait(**changes: Any) -> Trait:
    weights = {"sex_nudity": 0.0, "violence_gore": 1.0, "frightening_intense": 0.5}
    fields: dict[str, Any] = {
        "name": "Gore",
        "id": "gore",
        "short": "gore",
        "warnings": ["is-there-gore", "is-there-blood"],
        "parents_guide": ParentsGuide(applicability="strong", weights=weights),  # type: ignore[arg-type]
    }
    return Trait(**(fields | changes))


def said(kind: str, subject: str, value: float, votes: tuple[int, ...] = (), **changes: Any) -> Any:
    fields = {"item_id": "a", "source": "ours", **changes}
    return Evidence(
        kind=kind,  # type: ignore[arg-type]
        subject=subject,
        value=value,
        votes=votes,
        span="",
        licence="",
        retrieved="",
        place="",
        **fields,
    )


@pytest.mark.parametrize(
    ("evidence", "label"),
    [
        ([said("statement", "is-there-gore", 1)], True),
        ([said("statement", "is-there-gore", 0)], False),
        ([said("statement", "is-there-gore", 0, (3, 2))], True),
        ([said("statement", "is-there-gore", 1, (2, 2))], None),
        ([said("statement", "does-the-dog-die", 1)], None),
        ([said("severity", "violence_gore", 3, (1, 0, 0, 2))], True),
        ([said("severity", "violence_gore", 2, (2, 0, 2, 2))], False),
        ([said("severity", "violence_gore", 2)], True),
        ([said("severity", "frightening_intense", 3)], None),
        ([said("severity", "violence_gore", 0), said("statement", "is-there-blood", 1)], True),
        ([said("severity", "violence_gore", 3), said("statement", "is-there-blood", 0)], True),
        ([said("severity", "violence_gore", 1), said("severity", "violence_gore", 2)], False),
        ([said("ceiling", "violence_gore", 0)], None),
        ([said("similarity", "is-there-gore", 0.9)], None),
    ],
)
def test_a_label_is_read_from(evidence: list[Evidence], label: bool | None) -> None:
    read = read_labels(evidence, [trait()], RULES)
    assert read == {"Gore": {} if label is None else {"a": label}}


def test_too_few_noes_leave_an_item_without_a_label() -> None:
    rules = LabelRules((("*", "*"),), 2.0, frozenset({"strong"}), 0.6)
    assert read_labels([said("statement", "is-there-gore", 0)], [trait()], rules) == {"Gore": {}}


def test_a_no_weighs_what_its_warning_occurs() -> None:
    rules = LabelRules((("*", "*"),), 2.0, frozenset({"strong"}), 0.6)
    gory = [said("statement", "is-there-gore", 1, item_id=f"i{n}") for n in range(3)]
    rare = said("statement", "is-there-blood", 0, item_id="b")
    decisive = said("statement", "is-there-gore", 0, item_id="c")
    labels = read_labels([*gory, rare, decisive], [trait()], rules)["Gore"]
    assert labels == {"i0": True, "i1": True, "i2": True, "c": False}


def test_severities_label_no_trait_that_they_are_a_weak_proxy_for() -> None:
    weak = trait(parents_guide=ParentsGuide(applicability="weak", weights={"violence_gore": 1.0}))
    assert read_labels([said("severity", "violence_gore", 3)], [weak], RULES) == {"Gore": {}}


def test_only_the_named_feeds_label() -> None:
    feeds = parse_label_feeds(["imdb:severity", "*:statement"])
    rules = LabelRules(feeds, 2.0, frozenset({"strong"}), 0.5)
    evidence = [
        said("severity", "violence_gore", 3, item_id="a", source="imdb"),
        said("severity", "violence_gore", 3, item_id="b", source="mpaa"),
        said("statement", "is-there-blood", 1, item_id="c", source="mpaa"),
    ]
    assert read_labels(evidence, [trait()], rules) == {"Gore": {"a": True, "c": True}}


@pytest.mark.parametrize("pattern", ["imdb", "imdb:ceiling", ":severity", "imdb:similarity"])
def test_a_pattern_that_labels_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(InputError, match="labels nothing"):
        parse_label_feeds([pattern])


def test_severity_is_the_mean_of_the_votes() -> None:
    assert expected_severity(said("severity", "violence_gore", 3, (1, 1, 1, 3))) == 2.0


def test_main_category_is_the_heaviest_and_none_where_nothing_weighs() -> None:
    assert main_category(trait()) == "violence_gore"
    none = ParentsGuide(applicability="none", weights={"violence_gore": 0.0})
    assert main_category(trait(parents_guide=none)) is None


def test_a_trait_without_weights_has_no_main_category_and_is_labelled_by_statements() -> None:
    bare = trait(parents_guide=ParentsGuide(applicability="strong", weights={}))
    assert main_category(bare) is None
    assert read_labels([said("severity", "violence_gore", 3)], [bare], RULES) == {"Gore": {}}
    assert read_labels([said("statement", "is-there-gore", 1)], [bare], RULES) == {
        "Gore": {"a": True}
    }


def test_a_near_miss_is_nearly_a_half_and_a_statement_is_certain() -> None:
    evidence = [
        said("severity", "violence_gore", 2, item_id="at"),
        said("severity", "violence_gore", 1.5, item_id="near"),
        said("severity", "violence_gore", 0, item_id="far"),
        said("statement", "is-there-gore", 1, item_id="yes"),
        said("statement", "is-there-gore", 0, item_id="no"),
    ]
    shares = read_shares(evidence, [trait()], RULES, steepness=2.0)["Gore"]
    assert shares == pytest.approx(
        {"at": 0.5, "near": 0.2689, "far": 0.018, "yes": 1, "no": 0}, abs=1e-4
    )
    labels = read_labels(evidence, [trait()], RULES)["Gore"]
    assert labels == {"at": True, "near": False, "far": False, "yes": True, "no": False}
    steep = read_shares(evidence, [trait()], RULES, steepness=1000.0)["Gore"]
    assert steep == pytest.approx({"at": 0.5, "near": 0, "far": 0, "yes": 1, "no": 0}, abs=1e-9)
