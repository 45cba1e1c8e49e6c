"""Labels read from statements and votes."""

from __future__ import annotations

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
from builder.taxonomy import Trait
from tests.factories import make_evidence, make_trait

RULES = LabelRules((("*", "*"),), 2.0, frozenset({"strong"}), 0.5)


def label_trait(applicability: str = "strong", **weights: float) -> Trait:
    return make_trait(
        "Gore", applicability, warnings=["is-there-gore", "is-there-blood"], **weights
    )


GORY = label_trait(violence_gore=1.0, frightening_intense=0.5)


@pytest.mark.parametrize(
    ("evidence", "label"),
    [
        ([make_evidence("statement", "is-there-gore", 1)], True),
        ([make_evidence("statement", "is-there-gore", 0)], False),
        ([make_evidence("statement", "is-there-gore", 0, votes=(3, 2))], True),
        ([make_evidence("statement", "is-there-gore", 1, votes=(2, 2))], None),
        ([make_evidence("statement", "does-the-dog-die", 1)], None),
        ([make_evidence("severity", "violence_gore", 3, votes=(1, 0, 0, 2))], True),
        ([make_evidence("severity", "violence_gore", 2, votes=(2, 0, 2, 2))], False),
        ([make_evidence("severity", "violence_gore", 2)], True),
        ([make_evidence("severity", "frightening_intense", 3)], None),
        (
            [
                make_evidence("severity", "violence_gore", 0),
                make_evidence("statement", "is-there-blood", 1),
            ],
            True,
        ),
        (
            [
                make_evidence("severity", "violence_gore", 3),
                make_evidence("statement", "is-there-blood", 0),
            ],
            True,
        ),
        (
            [
                make_evidence("severity", "violence_gore", 1),
                make_evidence("severity", "violence_gore", 2),
            ],
            False,
        ),
        ([make_evidence("ceiling", "violence_gore", 0)], None),
        ([make_evidence("similarity", "is-there-gore", 0.9)], None),
    ],
)
def test_a_label_is_read_from(evidence: list[Evidence], label: bool | None) -> None:
    read = read_labels(evidence, [GORY], RULES)
    assert read == {"Gore": {} if label is None else {"a": label}}


def test_too_few_noes_leave_an_item_without_a_label() -> None:
    rules = LabelRules((("*", "*"),), 2.0, frozenset({"strong"}), 0.6)
    assert read_labels([make_evidence("statement", "is-there-gore", 0)], [GORY], rules) == {
        "Gore": {}
    }


def test_a_no_weighs_what_its_warning_occurs() -> None:
    rules = LabelRules((("*", "*"),), 2.0, frozenset({"strong"}), 0.6)
    gory = [make_evidence("statement", "is-there-gore", 1, item_id=f"i{n}") for n in range(3)]
    rare = make_evidence("statement", "is-there-blood", 0, item_id="b")
    decisive = make_evidence("statement", "is-there-gore", 0, item_id="c")
    labels = read_labels([*gory, rare, decisive], [GORY], rules)["Gore"]
    assert labels == {"i0": True, "i1": True, "i2": True, "c": False}


def test_severities_label_no_trait_that_they_are_a_weak_proxy_for() -> None:
    weak = label_trait("weak", violence_gore=1.0)
    assert read_labels([make_evidence("severity", "violence_gore", 3)], [weak], RULES) == {
        "Gore": {}
    }


def test_only_the_named_feeds_label() -> None:
    feeds = parse_label_feeds(["imdb:severity", "*:statement"])
    rules = LabelRules(feeds, 2.0, frozenset({"strong"}), 0.5)
    evidence = [
        make_evidence("severity", "violence_gore", 3, item_id="a", source="imdb"),
        make_evidence("severity", "violence_gore", 3, item_id="b", source="mpaa"),
        make_evidence("statement", "is-there-blood", 1, item_id="c", source="mpaa"),
    ]
    assert read_labels(evidence, [GORY], rules) == {"Gore": {"a": True, "c": True}}


@pytest.mark.parametrize("pattern", ["imdb", "imdb:ceiling", ":severity", "imdb:similarity"])
def test_a_pattern_that_labels_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(InputError, match="cannot label items"):
        parse_label_feeds([pattern])


def test_severity_is_the_mean_of_the_votes() -> None:
    votes = make_evidence("severity", "violence_gore", 3, votes=(1, 1, 1, 3))
    assert expected_severity(votes) == 2.0


def test_main_category_is_the_heaviest_and_none_where_nothing_weighs() -> None:
    assert main_category(GORY) == "violence_gore"
    assert main_category(label_trait("none")) is None


def test_a_trait_without_weights_has_no_main_category_and_is_labelled_by_statements() -> None:
    bare = label_trait()
    assert main_category(bare) is None
    assert read_labels([make_evidence("severity", "violence_gore", 3)], [bare], RULES) == {
        "Gore": {}
    }
    assert read_labels([make_evidence("statement", "is-there-gore", 1)], [bare], RULES) == {
        "Gore": {"a": True}
    }


def test_a_near_miss_is_nearly_a_half_and_a_statement_is_certain() -> None:
    evidence = [
        make_evidence("severity", "violence_gore", 2, item_id="at"),
        make_evidence("severity", "violence_gore", 1.5, item_id="near"),
        make_evidence("severity", "violence_gore", 0, item_id="far"),
        make_evidence("statement", "is-there-gore", 1, item_id="yes"),
        make_evidence("statement", "is-there-gore", 0, item_id="no"),
    ]
    shares = read_shares(evidence, [GORY], RULES, steepness=2.0)["Gore"]
    assert shares == pytest.approx(
        {"at": 0.5, "near": 0.2689, "far": 0.018, "yes": 1, "no": 0}, abs=1e-4
    )
    labels = read_labels(evidence, [GORY], RULES)["Gore"]
    assert labels == {"at": True, "near": False, "far": False, "yes": True, "no": False}
    steep = read_shares(evidence, [GORY], RULES, steepness=1000.0)["Gore"]
    assert steep == pytest.approx({"at": 0.5, "near": 0, "far": 0, "yes": 1, "no": 0}, abs=1e-9)
