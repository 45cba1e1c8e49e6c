from __future__ import annotations

from collections.abc import Callable

import pytest

from builder.oracle.make import Made
from builder.records import Evidence, TextLikelihood
from builder.taxonomy import Taxonomy, Trait

Make = Callable[..., Evidence]


@pytest.mark.parametrize(
    ("rows", "because"),
    [
        pytest.param(
            [
                ("statement", "w1", 1.0, {"votes": (34, 2), "source": "ddd"}),
                ("similarity", "w2", 0.714, {"span": "The dog is shot."}),
                ("statement", "w3", 1.0, {"source": "tmdb", "span": "torture"}),
                ("statement", "w4", 0.0, {}),
            ],
            (
                "ddd says yes, 34 to 2: Is there w1",
                "ours plot: \"The dog is shot.\" (cosine 0.71 with 'Is there w2')",
                'tmdb says yes: Is there w3 ("torture")',
                "ours says no to 1 of 5 warnings",
            ),
            id="unsafe-names-what-fired",
        ),
        pytest.param(
            [("severity", "violence_gore", 3.0, {"source": "pg", "votes": (1, 2, 3, 14)})],
            ("pg: violence & gore severe, 14 of 20 votes",),
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
                "ours: violence & gore none, 90 of 100 votes",
                "rated PG: at most mild frightening & intense scenes",
                "not answered: 5 of 5 warnings (Is there w1; Is there w2; ...)",
            ),
            id="safe-names-bounds-with-a-weight-and-what-is-open",
        ),
        pytest.param(
            [("statement", f"w{n}", 0.0, {}) for n in (1, 2)],
            (
                "ours says no to 2 of 5 warnings",
                "not answered: 3 of 5 warnings (Is there w3; Is there w4; ...)",
                "not known: violence & gore, frightening & intense scenes",
            ),
            id="unknown-says-what-is-missing",
        ),
    ],
)
def test_a_verdict_says_why_in_words(
    evidence: Make,
    taxonomy: Callable[..., Taxonomy],
    trait: Callable[..., Trait],
    oracle: Callable[..., Made],
    rows: list[tuple[str, str, float, dict[str, object]]],
    because: tuple[str, ...],
) -> None:
    tree = taxonomy(trait("Gore", "strong", violence_gore=1.0, frightening_intense=0.3))
    made = [evidence(kind, subject, value, **changes) for kind, subject, value, changes in rows]
    [risk] = oracle(tree, *made, ids=["a"]).risks()
    assert risk.because == because


@pytest.mark.parametrize(
    ("log_ratio", "words"),
    [
        pytest.param(1.0986, "3.0 times the usual", id="for"),
        pytest.param(-1.0986, "1/3.0 of the usual", id="against"),
        pytest.param(4.0, "55 times the usual", id="many"),
    ],
)
def test_a_text_is_quoted_with_its_odds(
    taxonomy: Callable[..., Taxonomy], oracle: Callable[..., Made], log_ratio: float, words: str
) -> None:
    told = TextLikelihood("a", "Gore", log_ratio, "plot", "Saws.", "wiki", "CC0-1.0", ())
    [risk] = oracle(taxonomy(), texts=[told], ids=["a"]).risks()
    assert risk.because[0] == f'wiki plot: "Saws." (texts put the odds of a violation at {words})'


@pytest.mark.parametrize(
    ("is_said", "verdict", "order"),
    [
        pytest.param(True, "unsafe", ["loud", "quiet", "against"], id="unsafe-the-loudest-first"),
        pytest.param(False, "unknown", ["against", "quiet", "loud"], id="else-what-speaks-against"),
    ],
)
def test_texts_come_in_the_order_of_their_weight_and_those_without_any_not_at_all(
    evidence: Make,
    taxonomy: Callable[..., Taxonomy],
    oracle: Callable[..., Made],
    is_said: bool,
    verdict: str,
    order: list[str],
) -> None:
    said = {"quiet": 0.5, "nothing": 0.05, "loud": 2.0, "against": -0.5}
    texts = [TextLikelihood("a", "Gore", r, "plot", "", n, "", ()) for n, r in said.items()]
    rows = [evidence("statement", "w1", 1.0, span="x")] if is_said else []
    [risk] = oracle(taxonomy(), *rows, texts=texts, ids=["a"]).risks()
    told = [words.split()[0] for words in risk.because if "texts put" in words]
    assert (risk.verdict, told) == (verdict, order)


def test_long_spans_are_cut(
    evidence: Make, taxonomy: Callable[..., Taxonomy], oracle: Callable[..., Made]
) -> None:
    row = evidence("statement", "w1", 1.0, span="word " * 60)
    [risk] = oracle(taxonomy(), row, ids=["a"]).risks()
    assert risk.because[0].endswith('word…")')
    assert len(risk.because[0]) < 200
