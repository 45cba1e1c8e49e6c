from __future__ import annotations

from builder.export.choose import ChosenRow, RowChooser
from builder.export.formats.saferec import constraint_keys, index_of, intermediate_of, row_of
from builder.export.naming import Names
from builder.records import Conversation, ExportRow, OpenPoint
from builder.synthesis.answers.reasoning import Reasoner
from tests.factories import GORE
from tests.support.release_rows import HEAT, OBSCURE, TORTURE, make_sft_row

REASONING = (
    "The wish to keep clear of gore, mutilation and bloody injuries comes first here. Saw (2004) "
    "has to go, because blood or bloody injuries are shown. As too little is known of Amélie's "
    "Attic, it does not make the list either. As far as is known, what remains respects that."
)


def chosen(chooser: RowChooser, conversation: Conversation) -> ChosenRow:
    row = chooser.choose(conversation)
    assert isinstance(row, ChosenRow)
    return row


def test_an_sft_row_has_the_columns_of_the_release_in_order(
    chooser: RowChooser, names: Names, reasoner: Reasoner
) -> None:
    row = row_of(
        chosen(chooser, make_sft_row()), names, (GORE, TORTURE), reasoner, wanted=10, seed=1
    )
    prompt = row.pop("prompt")
    assert [message["role"] for message in prompt] == ["user"]
    assert prompt[0]["content"].endswith("USER: Tense films like Se7en? No gore, please.")
    assert list(row.items()) == [
        ("seen_titles", ["Portal 2"]),
        ("groundtruth_with_release_year", [["Heat", "1995"], ["Paddington", "2014"]]),
        ("constraints", {GORE: True, TORTURE: None}),
        ("assigned_trait", GORE),
        ("assignment_reason", "Saw violates it"),
        (
            "completion",
            [
                {
                    "role": "assistant",
                    "content": f"<reasoning>\n{REASONING}\n</reasoning>\n"
                    "<solution>\nHeat (1995)\nPaddington (2014)\n</solution>",
                }
            ],
        ),
    ]


def test_a_grpo_row_has_no_completion_and_says_none_where_there_is_no_trait(
    chooser: RowChooser, names: Names, reasoner: Reasoner
) -> None:
    cue = make_sft_row(mode="cues", trait=None, constraint=None, recommended=(OBSCURE,))
    row = row_of(chosen(chooser, cue), names, (GORE,), reasoner, wanted=10, seed=1)
    assert "completion" not in row
    assert row["assigned_trait"] == "None"
    assert row["constraints"] == {GORE: None}
    assert row["groundtruth_with_release_year"] == [["Amélie's Attic", ""]]


def test_constraints_hold_the_traits_of_the_split_in_the_taxonomys_order(
    chooser: RowChooser,
) -> None:
    rows = [
        chosen(chooser, make_sft_row(1, trait=TORTURE)),
        chosen(chooser, make_sft_row(2)),
        chosen(chooser, make_sft_row(3, trait=None, mode="cues")),
    ]
    assert constraint_keys(rows, ("Other", GORE, TORTURE)) == (GORE, TORTURE)
    assert constraint_keys(rows[2:], ("Other", GORE, TORTURE)) == ()


def test_the_intermediate_form_accounts_for_every_recommended_title(
    chooser: RowChooser, names: Names, reasoner: Reasoner
) -> None:
    assert intermediate_of(chosen(chooser, make_sft_row()), names, reasoner, 1) == {
        "conversation_id": "c001",
        "dialog_id": "t-train",
        "made_by": "offline-writer/1",
        "has_constraint_injection": True,
        "injected_traits": [GORE],
        "further_traits": [],
        "constraint_text": "No gore, please.",
        "original_recommendations": [
            {"title": "Saw", "year": 2004},
            {"title": "Heat", "year": 1995},
            {"title": "Amélie's Attic", "year": None},
            {"title": "Paddington", "year": 2014},
        ],
        "original_recommendation_count": 4,
        "safe_recommendations": [
            {"title": "Paddington", "year": 2014, "imdb_id": "1109624"},
            {"title": "Heat", "year": 1995, "imdb_id": "0113277"},
        ],
        "safe_recommendation_count": 2,
        "filtered_recommendations": [
            {"title": "Saw", "year": 2004, "violations": [GORE], "imdb_id": "0387564"}
        ],
        "filtered_recommendation_count": 1,
        "unknown_recommendations": [
            {"title": "Amélie's Attic", "year": None, "imdb_id": "9999999"}
        ],
        "unknown_recommendation_count": 1,
        "safe_alternatives": [],
        "plain_completion": "You could try Heat (1995) and Paddington (2014).",
    }


def test_the_index_numbers_the_rows_of_each_place_and_names_their_items(
    chooser: RowChooser,
) -> None:
    one, two = (chosen(chooser, make_sft_row(number)) for number in (1, 2))
    cue = chosen(chooser, make_sft_row(3, mode="cues"))
    seen, safe = ("esrb:portal-2",), (HEAT, "imdb:tt1109624")
    assert index_of({("sft", "train"): [one, two], ("grpo", "train"): [cue]}) == [
        ExportRow("sft", "train", 0, "c001", "t-train", "recommended", seen, safe, safe),
        ExportRow("sft", "train", 1, "c002", "t-train", "recommended", seen, safe, safe),
        ExportRow("grpo", "train", 0, "c003", "t-train", "recommended", seen, safe, ()),
    ]


def test_every_trait_in_force_is_marked_and_what_is_open_is_said(
    chooser: RowChooser, names: Names, reasoner: Reasoner
) -> None:
    points = (
        OpenPoint(HEAT, GORE, ("are-any-teeth-damaged",)),
        OpenPoint("imdb:elsewhere", GORE, ("does-a-horse-die",)),
        OpenPoint(OBSCURE, GORE, ("is-there-amputation",)),
        OpenPoint(OBSCURE, TORTURE, ()),
    )
    made = chosen(chooser, make_sft_row(also=(TORTURE,), open_points=points))
    assert constraint_keys([made], (TORTURE, GORE)) == (TORTURE, GORE)
    row = row_of(made, names, (GORE, TORTURE), reasoner, wanted=10, seed=1)
    assert (row["assigned_trait"], row["constraints"]) == (GORE, {GORE: True, TORTURE: True})
    completion = row["completion"][0]["content"]
    for words in (
        "The same goes for torture",
        "Saw (2004)",
        "blood or bloody injuries are shown",
        "Amélie's Attic",
    ):
        assert words in completion
    beside = intermediate_of(made, names, reasoner, 1)
    assert beside["further_traits"] == [TORTURE]
    assert "Heat (1995) and Paddington (2014)." in beside["plain_completion"]
    for text in (completion, beside["plain_completion"]):
        assert text.count("Heat (1995)") == 2
        assert text.count("whether teeth are broken, knocked out or pulled") == 1
        assert "horse" not in text
