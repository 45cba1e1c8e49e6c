from __future__ import annotations

from dataclasses import replace

import pytest

from builder.errors import InputError
from builder.export.choose import Choice, Chosen, LeftOut, choose_rows
from builder.records import Filtered, Review
from tests.support.release_rows import HEAT, OBSCURE, PADDINGTON, SAW, TORTURE, make_sft_row


def ruled(choice: Choice, **told: object) -> Choice:
    return replace(choice, rule=replace(choice.rule, **told))  # type: ignore[arg-type]


def test_unknown_titles_are_neither_answered_nor_ground_truth(choice: Choice) -> None:
    found = choice.of(make_sft_row())
    assert isinstance(found, Chosen)
    assert (found.config, found.split) == ("sft", "train")
    assert found.groundtruth == (HEAT, PADDINGTON)
    assert found.answer == (HEAT, PADDINGTON)


def test_unknown_titles_may_be_kept_as_ground_truth_but_are_never_answered(choice: Choice) -> None:
    found = ruled(choice, unknown_in_groundtruth="keep").of(make_sft_row())
    assert isinstance(found, Chosen)
    assert found.groundtruth == (HEAT, OBSCURE, PADDINGTON)
    assert found.answer == (HEAT, PADDINGTON)


def test_an_answer_lists_no_more_than_the_prompt_allows(choice: Choice) -> None:
    found = ruled(choice, wanted=1).of(make_sft_row())
    assert isinstance(found, Chosen)
    assert found.answer == (HEAT,)
    assert found.groundtruth == (HEAT, PADDINGTON)


def test_cues_become_grpo_rows_and_without_a_trait_every_title_counts(choice: Choice) -> None:
    plain = make_sft_row(
        mode="cues", trait=None, constraint=None, safe=(), filtered=(), unknown=(SAW, OBSCURE)
    )
    found = choice.of(plain)
    assert isinstance(found, Chosen)
    assert (found.config, found.split) == ("grpo", "train")
    assert found.groundtruth == (SAW, HEAT, OBSCURE, PADDINGTON)


only_saw = {"recommended": (SAW,), "safe": (), "filtered": (Filtered(SAW, ()),), "unknown": ()}
only_unknown = {"recommended": (OBSCURE, SAW), "safe": (), "unknown": (OBSCURE,)}


@pytest.mark.parametrize(
    ("told", "reason", "detail"),
    [
        ({"constraint": None}, "counterfactual without a constraint", "stated"),
        ({"trait": "Fear of mimes"}, "trait is not in the taxonomy", "Fear of mimes"),
        ({"also": ("Fear of mimes",)}, "trait is not in the taxonomy", "Fear of mimes"),
        ({"dialog_id": "t-gone"}, "thread has no split", "thread t-gone"),
        ({"mode": "cues", "dialog_id": "t-test"}, "GRPO row outside train", "thread of test"),
        ({"conversation_id": "bad"}, "rejected by reviewers", "off topic"),
        ({"seen": ("imdb:tt1",)}, "item is not in the catalogue", "imdb:tt1"),
        ({"recommended": (HEAT, "x")}, "item is not in the catalogue", "x"),
        ({"recommended": (HEAT,)}, "too few recommended titles for SFT train", "1 titles"),
        (
            only_saw | {"dialog_id": "t-test"},
            "no safe title is left",
            "of 1 titles 1 violate the trait, 0 are unknown",
        ),
        (
            only_unknown,
            "no safe title is left",
            "of 2 titles 1 violate the trait, 1 are unknown",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_row_says_why(
    choice: Choice, told: dict[str, object], reason: str, detail: str
) -> None:
    reviews = {"bad": Review("bad", "rejected", ("p1",), "off topic")}
    judged = replace(choice, review_by_conversation=reviews)
    assert judged.of(make_sft_row(**told)) == LeftOut(reason, detail)


def test_short_replies_are_rows_outside_sft_train(choice: Choice) -> None:
    short = {"recommended": (HEAT,), "safe": (HEAT,), "filtered": (), "unknown": ()}
    for told in ({"dialog_id": "t-test"}, {"mode": "cues"}):
        assert isinstance(choice.of(make_sft_row(**short, **told)), Chosen)


def test_an_answer_of_unknown_titles_alone_is_no_sft_row_even_if_they_count(choice: Choice) -> None:
    keeping = ruled(choice, unknown_in_groundtruth="keep")
    assert isinstance(keeping.of(make_sft_row(**only_unknown)), LeftOut)
    assert isinstance(keeping.of(make_sft_row(**only_unknown, mode="cues")), Chosen)


def test_a_weakened_wish_keeps_unknown_titles_unless_another_one_stands_beside_it(
    choice: Choice,
) -> None:
    for also, n_truth in (((), 3), ((TORTURE,), 2)):
        found = choice.of(make_sft_row(variant="weakened", also=also))
        assert isinstance(found, Chosen)
        assert len(found.groundtruth) == n_truth
        assert OBSCURE not in found.answer


def test_a_wish_that_is_over_leaves_the_seekers_own_one(choice: Choice) -> None:
    over = choice.of(make_sft_row(trait=None, also=(TORTURE,), variant="negated"))
    assert isinstance(over, Chosen)
    assert over.groundtruth == (HEAT, PADDINGTON)


def test_every_conversation_is_a_row_or_a_rejection(choice: Choice) -> None:
    rejected: list[tuple[str, str, str]] = []
    told = [{}, {"dialog_id": "t-gone"}, {"mode": "cues"}, {"constraint": None}]
    written = [make_sft_row(number, **parts) for number, parts in enumerate(told)]
    rows = list(choose_rows(written, choice, lambda *parts: rejected.append(parts)))
    assert [row.conversation.conversation_id for row in rows] == ["c000", "c002"]
    assert rejected == [
        ("c001", "thread has no split", "thread t-gone"),
        ("c003", "counterfactual without a constraint", "stated"),
    ]


def test_a_conversation_given_twice_ends_the_run(choice: Choice) -> None:
    with pytest.raises(InputError, match="conversation c001: stands there twice"):
        list(choose_rows([make_sft_row(), make_sft_row()], choice, lambda *parts: None))


def test_no_conversation_at_all_ends_the_run(choice: Choice) -> None:
    with pytest.raises(InputError, match="conversations: there are none to export"):
        list(choose_rows([], choice, lambda *parts: None))


@pytest.mark.parametrize(
    ("rule", "alternatives", "truth"),
    [
        ("alternatives", (HEAT, PADDINGTON, SAW), (HEAT, PADDINGTON)),
        ("alternatives", (), None),
        ("drop", (HEAT, PADDINGTON, SAW), None),
    ],
    ids=["in their place", "none", "drop"],
)
def test_a_cue_that_leaves_nothing_is_answered_by_safe_alternatives(
    choice: Choice,
    rule: str,
    alternatives: tuple[str, ...],
    truth: tuple[str, ...] | None,
) -> None:
    told = only_unknown | {"alternatives": alternatives}
    ruled_so = ruled(choice, empty_groundtruth=rule)
    found = ruled_so.of(make_sft_row(mode="cues", **told))
    if truth is None:
        assert isinstance(found, LeftOut)
    else:
        assert isinstance(found, Chosen)
        assert (found.groundtruth, found.answer) == (truth, truth)
        assert found.truth_from == "alternatives"
    assert isinstance(ruled_so.of(make_sft_row(**told)), LeftOut)  # an SFT row is dropped


def test_a_cue_that_leaves_something_keeps_what_people_recommended(choice: Choice) -> None:
    found = ruled(choice, empty_groundtruth="alternatives").of(
        make_sft_row(mode="cues", alternatives=(SAW,))
    )
    assert isinstance(found, Chosen)
    assert (found.groundtruth, found.truth_from) == ((HEAT, PADDINGTON), "recommended")
