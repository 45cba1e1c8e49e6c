"""Reasons in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.errors import InputError
from builder.explanations.renderer import Phrases, Renderer, read_phrases
from builder.records import Reason
from builder.taxonomy import Taxonomy

TAXONOMY = Taxonomy.load(Path("data/taxonomy"))
DOGS, GORE = "Animal lover (avoid animal harm/death)", "Anti-gore / squeamish"
BLOOD, TEETH, DOG = "is-there-blood-gore", "are-any-teeth-damaged", "does-the-dog-die"


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(TAXONOMY)


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        pytest.param(
            Reason("yes", (BLOOD,), "ddd", votes=(34, 2)),
            "ddd says yes, 34 to 2: Is there blood/gore",
            id="a-yes-by-votes",
        ),
        pytest.param(
            Reason("yes", (BLOOD,), "tmdb", quote="gore", place="films.jsonl:7"),
            'tmdb says yes: Is there blood/gore ("gore")',
            id="a-yes-in-the-source's-words",
        ),
        pytest.param(
            Reason("no", (BLOOD, TEETH), "ddd", votes=(1, 40)),
            "ddd says no to 2 of 8 warnings",
            id="noes-of-one-source",
        ),
        pytest.param(
            Reason("similarity", (BLOOD,), "ours", 0.714, quote="He bleeds.", place="plot"),
            "ours plot: \"He bleeds.\" (cosine 0.71 with 'Is there blood/gore')",
            id="a-sentence",
        ),
        pytest.param(
            Reason("severity", ("violence_gore",), "pg", 3.0, (1, 2, 3, 14)),
            "pg: violence & gore severe, 14 of 20 votes",
            id="a-severity-by-votes",
        ),
        pytest.param(
            Reason("severity", ("profanity",), "mpaa", 1.0, quote="language"),
            'mpaa: profanity mild ("language")',
            id="a-severity-in-words",
        ),
        pytest.param(
            Reason("ceiling", ("violence_gore", "profanity"), "mpaa", 1.0, quote="rated PG"),
            "rated PG: at most mild violence & gore, profanity",
            id="a-ceiling-of-two",
        ),
        pytest.param(
            Reason("likelihood", (), "wiki", 1.0986, quote="Saws.", place="plot"),
            'wiki plot: "Saws." (texts put the odds of a violation at 3.0 times the usual)',
            id="texts-for-a-violation",
        ),
        pytest.param(
            Reason("likelihood", (), "wiki", -1.0986, quote="Saws.", place="plot"),
            'wiki plot: "Saws." (texts put the odds of a violation at 1/3.0 of the usual)',
            id="texts-against-one",
        ),
        pytest.param(
            Reason("likelihood", (), "wiki", 4.0, quote="Saws.", place="plot"),
            'wiki plot: "Saws." (texts put the odds of a violation at 55 times the usual)',
            id="a-large-factor",
        ),
        pytest.param(
            Reason("unanswered", (BLOOD, TEETH)),
            "not answered: 2 of 8 warnings (Is there blood/gore; Are any teeth damaged)",
            id="two-open-questions",
        ),
        pytest.param(
            Reason("unanswered", (BLOOD, TEETH, "is-there-amputation")),
            "not answered: 3 of 8 warnings (Is there blood/gore; Are any teeth damaged; ...)",
            id="more-open-questions",
        ),
        pytest.param(
            Reason("unrated", ("violence_gore", "frightening_intense")),
            "not known: violence & gore, frightening & intense scenes",
            id="categories-nobody-rated",
        ),
        pytest.param(
            Reason("base_rate", ()),
            "no single fact: by how often items of this kind violate the trait",
            id="no-evidence-decides",
        ),
    ],
)
def test_a_reason_is_one_line(renderer: Renderer, reason: Reason, line: str) -> None:
    assert renderer.lines(GORE, [reason]) == (line,)


def test_a_long_quote_is_cut(renderer: Renderer) -> None:
    [line] = renderer.lines(GORE, [Reason("yes", (BLOOD,), "ours", quote="word " * 60)])
    assert line.endswith('word…")')
    assert len(line) < 200


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        pytest.param([Reason("yes", (DOG,), "ours")], "a dog dies", id="a-fact"),
        pytest.param(
            [Reason("similarity", (TEETH,), "ours", 0.7), Reason("yes", (DOG,), "ours")],
            "teeth are broken, knocked out or pulled and a dog dies",
            id="two-facts",
        ),
        pytest.param(
            [
                Reason("severity", ("violence_gore",), "pg", 3.0),
                Reason("severity", ("frightening_intense",), "pg", 2.0),
            ],
            "it is rated severe for violence & gore and moderate for frightening & intense scenes, "
            "so some of that is likely in it",
            id="ratings",
        ),
        pytest.param([], "what is known of it goes against that wish", id="nothing-to-name"),
    ],
)
def test_grounds_become_clauses(renderer: Renderer, reasons: list[Reason], why: str) -> None:
    assert renderer.why(reasons) == why


@pytest.mark.parametrize(
    ("warnings", "whether"),
    [
        pytest.param([DOG], "whether a dog dies", id="one"),
        pytest.param(
            [DOG, "is-there-dog-fighting", TEETH, BLOOD],
            "whether a dog dies and whether dogs are made to fight each other for sport or money "
            "(4 questions are open)",
            id="four",
        ),
        pytest.param([DOG, DOG], "whether a dog dies", id="asked-for-two-traits"),
        pytest.param([], "", id="none"),
    ],
)
def test_open_questions_become_clauses(
    renderer: Renderer, warnings: list[str], whether: str
) -> None:
    assert renderer.whether(warnings) == whether


def test_what_the_taxonomy_no_longer_has_is_told_with_a_fix(renderer: Renderer) -> None:
    with pytest.raises(InputError, match=r"has no 'clowns', .* run `dvc repro`"):
        renderer.lines(GORE, [Reason("yes", ("clowns",), "ours")])
    with pytest.raises(InputError, match="has no 'Clowns'"):
        renderer.lines("Clowns", [])


def test_every_phrase_can_be_replaced() -> None:
    phrases = dict.fromkeys(Phrases.model_fields, "Ж")
    words = read_phrases().model_dump(by_alias=True) | {
        Phrases.model_fields[name].alias or name: words
        for name, words in phrases.items()
        if name not in ("levels", "categories")
    }
    renderer = Renderer(TAXONOMY, Phrases.model_validate(words))
    reasons = [Reason("yes", (BLOOD,), "ours"), Reason("unanswered", (TEETH,))]
    assert renderer.lines(GORE, reasons) == ("Ж", "Ж")
    assert renderer.why(()) == renderer.whether((DOG,)) == "Ж"
