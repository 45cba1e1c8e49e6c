from __future__ import annotations

from dataclasses import replace

import pytest

from builder.errors import InputError
from builder.export.choose import ChosenRow, Dropped, RowChooser, choose_rows
from builder.records import Filtered, Review
from tests.support.release_rows import HEAT, OBSCURE, PADDINGTON, SAW, TORTURE, make_sft_row


def ruled(chooser: RowChooser, **changes: object) -> RowChooser:
    return replace(chooser, rule=chooser.rule.model_copy(update=changes))


def test_unknown_titles_are_neither_answered_nor_ground_truth(chooser: RowChooser) -> None:
    row = chooser.choose(make_sft_row())
    assert isinstance(row, ChosenRow)
    assert (row.config, row.split) == ("sft", "train")
    assert row.groundtruth == (HEAT, PADDINGTON)
    assert row.answer == (HEAT, PADDINGTON)


def test_unknown_titles_may_be_kept_as_ground_truth_but_are_never_answered(
    chooser: RowChooser,
) -> None:
    row = ruled(chooser, unknown_in_groundtruth="keep").choose(make_sft_row())
    assert isinstance(row, ChosenRow)
    assert row.groundtruth == (HEAT, OBSCURE, PADDINGTON)
    assert row.answer == (HEAT, PADDINGTON)


def test_an_answer_lists_no_more_than_the_prompt_allows(chooser: RowChooser) -> None:
    row = ruled(chooser, wanted=1).choose(make_sft_row())
    assert isinstance(row, ChosenRow)
    assert row.answer == (HEAT,)
    assert row.groundtruth == (HEAT, PADDINGTON)


def test_cues_become_grpo_rows_and_without_a_trait_every_title_counts(chooser: RowChooser) -> None:
    plain = make_sft_row(
        mode="cues", trait=None, constraint=None, safe=(), filtered=(), unknown=(SAW, OBSCURE)
    )
    row = chooser.choose(plain)
    assert isinstance(row, ChosenRow)
    assert (row.config, row.split) == ("grpo", "train")
    assert row.groundtruth == (SAW, HEAT, OBSCURE, PADDINGTON)


only_saw = {"recommended": (SAW,), "safe": (), "filtered": (Filtered(SAW, ()),), "unknown": ()}
only_unknown = {"recommended": (OBSCURE, SAW), "safe": (), "unknown": (OBSCURE,)}


@pytest.mark.parametrize(
    ("changes", "reason", "detail"),
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
            "no safe title left",
            "of 1 titles, 1 are unsafe and 0 unknown",
        ),
        (
            only_unknown,
            "no safe title left",
            "of 2 titles, 1 are unsafe and 1 unknown",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_row_says_why(
    chooser: RowChooser, changes: dict[str, object], reason: str, detail: str
) -> None:
    reviews = {"bad": Review("bad", "rejected", ("p1",), "off topic")}
    judged = replace(chooser, review_by_conversation=reviews)
    assert judged.choose(make_sft_row(**changes)) == Dropped(reason, detail)


def test_short_replies_are_rows_outside_sft_train(chooser: RowChooser) -> None:
    short = {"recommended": (HEAT,), "safe": (HEAT,), "filtered": (), "unknown": ()}
    for changes in ({"dialog_id": "t-test"}, {"mode": "cues"}):
        assert isinstance(chooser.choose(make_sft_row(**short, **changes)), ChosenRow)


def test_an_answer_of_unknown_titles_alone_is_no_sft_row_even_if_they_count(
    chooser: RowChooser,
) -> None:
    keeping = ruled(chooser, unknown_in_groundtruth="keep")
    assert isinstance(keeping.choose(make_sft_row(**only_unknown)), Dropped)
    assert isinstance(keeping.choose(make_sft_row(**only_unknown, mode="cues")), ChosenRow)


def test_a_weakened_wish_keeps_unknown_titles_unless_another_one_stands_beside_it(
    chooser: RowChooser,
) -> None:
    for also, n_truth in (((), 3), ((TORTURE,), 2)):
        row = chooser.choose(make_sft_row(variant="weakened", also=also))
        assert isinstance(row, ChosenRow)
        assert len(row.groundtruth) == n_truth
        assert OBSCURE not in row.answer


def test_a_wish_that_is_over_leaves_the_seekers_own_one(chooser: RowChooser) -> None:
    over = chooser.choose(make_sft_row(trait=None, also=(TORTURE,), variant="negated"))
    assert isinstance(over, ChosenRow)
    assert over.groundtruth == (HEAT, PADDINGTON)


def test_every_conversation_is_a_row_or_a_rejection(chooser: RowChooser) -> None:
    rejected: list[tuple[str, str, str]] = []
    variants = [{}, {"dialog_id": "t-gone"}, {"mode": "cues"}, {"constraint": None}]
    written = [make_sft_row(number, **parts) for number, parts in enumerate(variants)]
    rows = list(choose_rows(written, chooser, lambda *parts: rejected.append(parts)))
    assert [row.conversation.conversation_id for row in rows] == ["c000", "c002"]
    assert rejected == [
        ("c001", "thread has no split", "thread t-gone"),
        ("c003", "counterfactual without a constraint", "stated"),
    ]


def test_a_conversation_given_twice_ends_the_run(chooser: RowChooser) -> None:
    with pytest.raises(InputError, match="conversation c001: appears twice"):
        list(choose_rows([make_sft_row(), make_sft_row()], chooser, lambda *parts: None))


def test_no_conversation_at_all_ends_the_run(chooser: RowChooser) -> None:
    with pytest.raises(InputError, match="conversations: there are none to export"):
        list(choose_rows([], chooser, lambda *parts: None))


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
    chooser: RowChooser,
    rule: str,
    alternatives: tuple[str, ...],
    truth: tuple[str, ...] | None,
) -> None:
    changes = only_unknown | {"alternatives": alternatives}
    ruled_so = ruled(chooser, empty_groundtruth=rule)
    row = ruled_so.choose(make_sft_row(mode="cues", **changes))
    if truth is None:
        assert isinstance(row, Dropped)
    else:
        assert isinstance(row, ChosenRow)
        assert (row.groundtruth, row.answer) == (truth, truth)
        assert row.truth_from == "alternatives"
    assert isinstance(ruled_so.choose(make_sft_row(**changes)), Dropped)  # an SFT row is dropped


def test_a_cue_that_leaves_something_keeps_what_people_recommended(chooser: RowChooser) -> None:
    row = ruled(chooser, empty_groundtruth="alternatives").choose(
        make_sft_row(mode="cues", alternatives=(SAW,))
    )
    assert isinstance(row, ChosenRow)
    assert (row.groundtruth, row.truth_from) == ((HEAT, PADDINGTON), "recommended")
