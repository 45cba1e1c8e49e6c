import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.synthesis.assign.balance import Balance, Targets, TraitOption, balance

TARGETS = Targets(
    max_share=1.0, min_rows={"train": 1, "validation": 1, "test": 1}, min_groundtruth_train=1
)
EVEN = Balance(balance=TARGETS, near_top=0.0, min_kept=0.0)


def even(max_share: float = 1.0, **changes: float) -> Balance:
    targets = TARGETS.model_copy(update={"max_share": max_share})
    return EVEN.model_copy(update=changes | {"balance": targets})


def choose(
    options: Mapping[str, Sequence[TraitOption]], rule: Balance, seed: int = 1
) -> Mapping[str, str]:
    return balance(options, rule, seed).trait_by_sample


def test_the_least_taken_trait_is_chosen_whatever_its_weight() -> None:
    options = {f"s{n}": (TraitOption("gore", 3), TraitOption("dogs", 1)) for n in range(10)}
    assert Counter(choose(options, EVEN).values()) == {"gore": 5, "dogs": 5}


def test_near_top_keeps_slightly_violated_traits_out() -> None:
    options = {f"s{n}": (TraitOption("gore", 3), TraitOption("dogs", 1)) for n in range(10)}
    chosen = choose(options, even(near_top=0.5))
    assert set(chosen.values()) == {"gore"}


def test_samples_without_a_choice_go_first() -> None:
    options = {f"s{n}": (TraitOption("gore", 1),) for n in range(3)}
    options |= {f"free{n}": (TraitOption("gore", 1), TraitOption("dogs", 1)) for n in range(3)}
    chosen = choose(options, even(max_share=0.5))
    assert Counter(chosen.values()) == {"gore": 3, "dogs": 3}
    assert {chosen[f"s{n}"] for n in range(3)} == {"gore"}


def test_a_trait_beyond_its_share_leaves_samples_without_one() -> None:
    options = {f"s{n}": (TraitOption("gore", 1),) for n in range(100)}
    options |= {f"d{n}-{m}": (TraitOption(f"t{n}", 1),) for n in range(9) for m in range(10)}
    chosen = choose(options, even(max_share=0.15))
    counts = Counter(chosen.values())
    assert counts["gore"] == 15
    assert len(chosen) == 105


def test_few_samples_may_each_take_one() -> None:
    options = {"s1": (TraitOption("gore", 1),), "s2": (TraitOption("dogs", 1),)}
    assert choose(options, even(max_share=0.15)) == {
        "s1": "gore",
        "s2": "dogs",
    }


OPTIONS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=4),
    st.lists(
        st.builds(TraitOption, st.sampled_from("xyzuvw"), st.integers(1, 4)),
        max_size=4,
        unique_by=lambda option: option.trait,
    ),
    max_size=40,
)


@given(OPTIONS, st.sampled_from([0.1, 0.2, 0.5, 1.0]), st.randoms(use_true_random=False))
def test_shares_hold_and_order_changes_nothing(
    options: dict[str, list[TraitOption]], share: float, rng: random.Random
) -> None:
    rule = even(max_share=share, near_top=0.5)
    chosen = choose(options, rule)
    for sample, trait in chosen.items():
        assert trait in {option.trait for option in options[sample]}
    allowed = max(1, int(share * len(chosen)))
    assert max(Counter(chosen.values()).values(), default=0) <= allowed
    shuffled = list(options)
    rng.shuffle(shuffled)
    assert choose({sample: options[sample] for sample in shuffled}, rule) == chosen


@pytest.mark.parametrize("seed", [1, 2])
def test_the_seed_decides_ties(seed: int) -> None:
    options = {f"s{n}": (TraitOption("gore", 1), TraitOption("dogs", 1)) for n in range(20)}
    assert choose(options, EVEN, seed) == choose(options, EVEN, seed)
    assert choose(options, EVEN, seed) != choose(options, EVEN, seed + 10)


def supply(**n_by_trait: int) -> dict[str, tuple[TraitOption, ...]]:
    return {f"{t}{n}": (TraitOption(t, 1),) for t, most in n_by_trait.items() for n in range(most)}


CLIFF = supply(gore=300, dogs=100, drugs=50, slurs=6, needles=6, spiders=2)


@pytest.mark.parametrize(
    ("min_kept", "counts"),
    [
        (0.0, {"gore": 1, "dogs": 1, "drugs": 1, "slurs": 1, "needles": 1, "spiders": 1}),
        (0.05, {"gore": 5, "dogs": 5, "drugs": 5, "slurs": 5, "needles": 5, "spiders": 2}),
        (0.5, {"gore": 84, "dogs": 84, "drugs": 50, "slurs": 6, "needles": 6, "spiders": 2}),
        (1.0, {"gore": 300, "dogs": 100, "drugs": 50, "slurs": 6, "needles": 6, "spiders": 2}),
    ],
    ids=["none", "a few", "half", "all"],
)
def test_where_no_share_can_be_had_the_level_rises_until_enough_are_kept(
    min_kept: float, counts: dict[str, int]
) -> None:
    rule = even(max_share=0.15, min_kept=min_kept)
    assert Counter(choose(CLIFF, rule).values()) == counts


def test_what_was_not_reached_is_told() -> None:
    targets = Targets(
        max_share=0.15, min_rows={"train": 5, "validation": 1, "test": 1}, min_groundtruth_train=1
    )
    rule = even(max_share=0.15, min_kept=0.5)
    found = balance(CLIFF, rule, seed=1).coverage(targets, "train", ["gore", "spiders", "snakes"])
    assert found == {
        "samples_with_an_option": 464,
        "assigned": 232,
        "most_rows_of_a_trait": 84,
        "largest_share": 0.3621,
        "max_share_reached": False,
        "fewer_than_min_rows": {"spiders": 2, "snakes": 0},
    }


def test_others_make_way_for_the_rare_trait() -> None:
    options = {f"s{n}": (TraitOption("gore", 1), TraitOption("dogs", 1)) for n in range(4)}
    options |= {f"d{n}": (TraitOption("dogs", 1), TraitOption("slurs", 1)) for n in range(4)}
    options |= {f"u{n}": (TraitOption("slurs", 1), TraitOption("gore", 1)) for n in range(4)}
    options["only"] = (TraitOption("dogs", 1),)
    counts = Counter(choose(options, even(max_share=0.4)).values())
    assert sorted(counts.values()) == [4, 4, 5]


def test_every_month_is_even_where_it_can_be() -> None:
    options = {f"s{n}": (TraitOption("gore", 1), TraitOption("dogs", 1)) for n in range(40)}
    months = {f"s{n}": f"2022-{n // 10:02}" for n in range(40)}
    chosen = balance(options, EVEN, 1, months).trait_by_sample
    by_month = Counter((months[sample], trait) for sample, trait in chosen.items())
    assert set(by_month.values()) <= {4, 5, 6}


@given(OPTIONS, st.sampled_from([0.1, 0.3, 1.0]), st.sampled_from([0.0, 0.3, 0.7, 1.0]))
def test_enough_are_kept_and_more_is_never_fewer(
    options: dict[str, list[TraitOption]], share: float, kept: float
) -> None:
    rule = even(max_share=share, min_kept=kept)
    found = balance(options, rule, seed=1)
    assert len(found.trait_by_sample) >= kept * found.n_open
    assert max(Counter(found.trait_by_sample.values()).values(), default=0) <= found.level
    for wider in (
        rule.model_copy(update={"min_kept": 1.0}),
        even(max_share=1.0, min_kept=kept),
    ):
        assert len(choose(options, wider)) >= len(found.trait_by_sample)
    with_lighter = rule.model_copy(update={"near_top": 0.0})
    assert len(choose(options, with_lighter)) >= kept * found.n_open


SMALL = st.dictionaries(
    st.sampled_from("abcdefg"),
    st.lists(st.sampled_from("xyz"), min_size=1, max_size=3, unique=True),
    max_size=7,
)


@given(SMALL)
def test_no_other_choice_lifts_the_poorest_traits(traits_by_sample: dict[str, list[str]]) -> None:
    """Hold the choice against all others: as many rows as can be, and none more even."""
    options = {s: [TraitOption(t, 1) for t in traits] for s, traits in traits_by_sample.items()}
    found = Counter(choose(options, EVEN).values())
    for other in product(*traits_by_sample.values()):
        counts = Counter(other)
        for level in range(1, 8):
            assert sum(min(n, level) for n in found.values()) >= sum(
                min(n, level) for n in counts.values()
            )
