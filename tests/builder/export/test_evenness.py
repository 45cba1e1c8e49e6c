from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.export.choose import ChosenRow
from builder.export.evenness import SHARE_TAKEN, limit_split, limit_trait_shares, trait_shares
from builder.records import Constraint
from builder.synthesis.assign.balance import Targets
from tests.support.release_rows import make_sft_row

TARGETS = Targets(
    max_share=0.4, min_rows={"train": 2, "validation": 1, "test": 1}, min_groundtruth_train=2
)
Rejected = list[tuple[str, str, str]]


def chosen(*pairs: tuple[str, str], config: str = "sft") -> list[ChosenRow]:
    """Make rows of (sample, trait); a trait in brackets is spoken of and no longer in force."""
    rows = []
    for number, (sample, label) in enumerate(pairs):
        trait = label.strip("()")
        row = make_sft_row(
            number,
            request_id=sample,
            trait=None if label.startswith("(") else trait,
            constraint=Constraint(trait, "stated", "No.", 0),
        )
        rows.append(ChosenRow(config, "train", row, (), ()))  # type: ignore[arg-type]
    return rows


def test_a_trait_over_its_share_loses_whole_samples(
    rejected: Rejected, reject: Callable[..., None]
) -> None:
    gory = [(f"g{n}", label) for n in range(4) for label in ("gore", "gore", "(gore)")]
    rows = chosen(*gory, ("d", "dogs"), ("d", "dogs"), ("b", "bugs"))
    kept = limit_split(rows, 0.4, 1, reject)
    in_force = Counter(row.conversation.trait for row in kept if row.conversation.trait)
    assert in_force == {"gore": 2, "dogs": 2, "bugs": 1}
    assert Counter(row.conversation.request_id for row in kept).most_common(1)[0][1] == 3
    assert len(rejected) == 9
    assert {entry[1:] for entry in rejected} == {(SHARE_TAKEN, "gore in train")}
    assert limit_split(rows[::-1], 0.4, 1, reject) == kept[::-1]


def test_with_too_few_traits_nothing_is_left_out(
    rejected: Rejected, reject: Callable[..., None]
) -> None:
    rows = chosen(("a", "gore"), ("b", "gore"), ("c", "dogs"))
    assert limit_split(rows, 0.4, 1, reject) == rows
    assert limit_split([], 0.4, 1, reject) == []
    assert rejected == []


def test_what_people_wrote_is_left_as_it_is(reject: Callable[..., None]) -> None:
    pairs = [("a", "gore"), ("b", "gore"), ("c", "dogs"), ("d", "bugs")]
    sft, grpo = chosen(*pairs), chosen(*pairs, config="grpo")
    places = limit_trait_shares(
        {("sft", "train"): sft, ("grpo", "train"): grpo}, TARGETS, 1, reject
    )
    assert places["grpo", "train"] == grpo
    assert len(places["sft", "train"]) == 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(st.tuples(st.sampled_from("abcdefghij"), st.sampled_from("xyzuvw")), max_size=40)
)
def test_the_share_holds_wherever_it_can(pairs: list[tuple[str, str]]) -> None:
    trait_of = dict(pairs)  # a sample speaks of one trait
    rows = chosen(*((sample, trait_of[sample]) for sample, _ in pairs))
    kept = limit_split(rows, 0.4, 1, lambda *parts: None)
    counts = Counter(row.conversation.trait for row in kept)
    if len(set(trait_of.values())) >= 3:
        assert max(counts.values(), default=0) <= 0.4 * counts.total()
    else:
        assert kept == rows


def test_shares_are_told_of_all_rows_and_of_those_in_force() -> None:
    rows = chosen(("a", "gore"), ("b", "dogs"), ("c", "(dogs)"), ("d", "gore"))
    assert trait_shares(rows, TARGETS, "train", ["gore", "dogs", "bugs"]) == {
        "rows_in_force": 3,
        "largest_share": 0.5,
        "largest_share_in_force": 0.6667,
        "max_share_reached": False,
        "fewer_than_min_rows": {"dogs": 1, "bugs": 0},
        "rows_by_trait": {"gore": 2, "dogs": 1},
        "further": {},
    }
    assert trait_shares([], TARGETS, "test", ["gore"])["largest_share_in_force"] == 0.0
