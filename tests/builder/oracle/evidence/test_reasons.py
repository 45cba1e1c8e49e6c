from __future__ import annotations

import pytest

from builder.records import Reason, TextLikelihood
from tests.factories import make_evidence, make_taxonomy, make_trait
from tests.support.oracle_rules import fuse_evidence

FILE = "films.jsonl:1"


@pytest.mark.parametrize(
    ("rows", "reasons"),
    [
        pytest.param(
            [
                ("statement", "w1", 1.0, {"votes": (34, 2), "source": "ddd"}),
                ("similarity", "w2", 0.714, {"span": "The dog is shot."}),
                ("statement", "w3", 1.0, {"source": "tmdb", "span": "torture"}),
                ("statement", "w4", 0.0, {}),
            ],
            (
                Reason("yes", ("w1",), "ddd", votes=(34, 2), place=FILE),
                Reason(
                    "similarity", ("w2",), "ours", 0.714, quote="The dog is shot.", place="plot"
                ),
                Reason("yes", ("w3",), "tmdb", quote="torture", place=FILE),
                Reason("no", ("w4",), "ours"),
            ),
            id="unsafe-names-what-fired",
        ),
        pytest.param(
            [("severity", "violence_gore", 3.0, {"source": "pg", "votes": (1, 2, 3, 14)})],
            (Reason("severity", ("violence_gore",), "pg", 3.0, (1, 2, 3, 14), place=FILE),),
            id="votes-of-a-severity",
        ),
        pytest.param(
            [
                ("severity", "violence_gore", 0.0, {"votes": (90, 10, 0, 0)}),
                ("ceiling", "violence_gore", 1.0, {"span": "rated PG"}),
                ("ceiling", "frightening_intense", 1.0, {"span": "rated PG"}),
                ("ceiling", "profanity", 1.0, {"span": "rated PG"}),
            ],
            (
                Reason("severity", ("violence_gore",), "ours", 0.0, (90, 10, 0, 0), place=FILE),
                Reason(
                    "ceiling", ("frightening_intense",), "ours", 1.0, quote="rated PG", place=FILE
                ),
                Reason("unanswered", ("w1", "w2", "w3", "w4", "w5")),
            ),
            id="safe-names-bounds-with-a-weight-and-what-is-open",
        ),
        pytest.param(
            [
                ("statement", "w1", 0.0, {"votes": (1, 9)}),
                ("statement", "w2", 0.0, {"votes": (0, 5)}),
            ],
            (
                Reason("no", ("w1", "w2"), "ours", votes=(1, 14)),
                Reason("unanswered", ("w3", "w4", "w5")),
                Reason("unrated", ("violence_gore", "frightening_intense")),
            ),
            id="unknown-says-what-is-missing",
        ),
        pytest.param(
            [
                ("ceiling", "violence_gore", 2.0, {"span": "PG", "place": "a.csv:1"}),
                ("ceiling", "frightening_intense", 2.0, {"span": "PG", "place": "a.csv:2"}),
                ("ceiling", "frightening_intense", 3.0, {"span": "R", "source": "other"}),
            ],
            (
                Reason(
                    "ceiling", ("violence_gore", "frightening_intense"), "ours", 2.0, quote="PG"
                ),
                Reason("ceiling", ("frightening_intense",), "other", 3.0, quote="R", place=FILE),
                Reason("unanswered", ("w1", "w2", "w3", "w4", "w5")),
            ),
            id="one-statement-bounds-several-categories",
        ),
    ],
)
def test_a_verdict_has_its_reasons(
    rows: list[tuple[str, str, float, dict[str, object]]],
    reasons: tuple[Reason, ...],
) -> None:
    tree = make_taxonomy(make_trait("Gore", "strong", violence_gore=1.0, frightening_intense=0.3))
    made = [
        make_evidence(kind, subject, value, **changes) for kind, subject, value, changes in rows
    ]
    [risk] = fuse_evidence(tree, *made, ids=["a"]).risks()
    assert risk.reasons == reasons


@pytest.mark.parametrize(
    ("is_said", "verdict", "order"),
    [
        pytest.param(True, "unsafe", ["loud", "quiet", "against"], id="unsafe-the-loudest-first"),
        pytest.param(False, "unknown", ["against", "quiet", "loud"], id="else-what-speaks-against"),
    ],
)
def test_texts_come_in_the_order_of_their_weight_and_those_without_any_not_at_all(
    is_said: bool,
    verdict: str,
    order: list[str],
) -> None:
    ratios = {"quiet": 0.5, "nothing": 0.05, "loud": 2.0, "against": -0.5}
    texts = [TextLikelihood("a", "Gore", r, "plot", "", n, "", ()) for n, r in ratios.items()]
    rows = [make_evidence("statement", "w1", 1.0, span="x")] if is_said else []
    [risk] = fuse_evidence(make_taxonomy(), *rows, texts=texts, ids=["a"]).risks()
    sources = [reason.source for reason in risk.reasons if reason.kind == "likelihood"]
    assert (risk.verdict, sources) == (verdict, order)
