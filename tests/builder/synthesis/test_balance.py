import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.synthesis.balance import Balance, Option, balance

EVEN = Balance(max_share=1.0, near_top=0.0)


def test_the_least_taken_trait_is_chosen_whatever_its_weight() -> None:
    options = {f"s{n}": (Option("gore", 3), Option("dogs", 1)) for n in range(10)}
    assert Counter(balance(options, EVEN, seed=1).values()) == {"gore": 5, "dogs": 5}


def test_near_top_keeps_slightly_violated_traits_out() -> None:
    options = {f"s{n}": (Option("gore", 3), Option("dogs", 1)) for n in range(10)}
    chosen = balance(options, Balance(max_share=1.0, near_top=0.5), seed=1)
    assert set(chosen.values()) == {"gore"}


def test_samples_without_a_choice_go_first() -> None:
    options = {f"s{n}": (Option("gore", 1),) for n in range(3)}
    options |= {f"free{n}": (Option("gore", 1), Option("dogs", 1)) for n in range(3)}
    chosen = balance(options, Balance(max_share=0.5, near_top=0.0), seed=1)
    assert Counter(chosen.values()) == {"gore": 3, "dogs": 3}
    assert {chosen[f"s{n}"] for n in range(3)} == {"gore"}


def test_a_trait_beyond_its_share_leaves_samples_without_one() -> None:
    options = {f"s{n}": (Option("gore", 1),) for n in range(100)}
    options |= {f"d{n}-{m}": (Option(f"t{n}", 1),) for n in range(9) for m in range(10)}
    chosen = balance(options, Balance(max_share=0.15, near_top=0.0), seed=1)
    counts = Counter(chosen.values())
    assert counts["gore"] == 15
    assert len(chosen) == 105


def test_few_samples_may_each_take_one() -> None:
    options = {"s1": (Option("gore", 1),), "s2": (Option("dogs", 1),)}
    assert balance(options, Balance(max_share=0.15, near_top=0.0), seed=1) == {
        "s1": "gore",
        "s2": "dogs",
    }


OPTIONS = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=4),
    st.lists(
        st.builds(Option, st.sampled_from("xyzuvw"), st.integers(1, 4)),
        max_size=4,
        unique_by=lambda option: option.trait,
    ),
    max_size=40,
)


@given(OPTIONS, st.sampled_from([0.1, 0.2, 0.5, 1.0]), st.randoms(use_true_random=False))
def test_shares_hold_and_order_changes_nothing(
    options: dict[str, list[Option]], share: float, rng: random.Random
) -> None:
    rule = Balance(max_share=share, near_top=0.5)
    chosen = balance(options, rule, seed=3)
    for sample, trait in chosen.items():
        assert trait in {option.trait for option in options[sample]}
    allowed = max(1, int(share * len(chosen)))
    assert max(Counter(chosen.values()).values(), default=0) <= allowed
    shuffled = list(options)
    rng.shuffle(shuffled)
    assert balance({sample: options[sample] for sample in shuffled}, rule, seed=3) == chosen


@pytest.mark.parametrize("seed", [1, 2])
def test_the_seed_decides_ties(seed: int) -> None:
    options = {f"s{n}": (Option("gore", 1), Option("dogs", 1)) for n in range(20)}
    assert balance(options, EVEN, seed) == balance(options, EVEN, seed)
    assert balance(options, EVEN, seed) != balance(options, EVEN, seed + 10)
