from dataclasses import replace

import pytest

from builder.synthesis.answers.alternatives import AlternativeRule, Alternatives
from tests.factories import GORE, make_item, make_oracle, make_request, make_risk

GENRES = {
    "a": ("comedy", "drama"),
    "b": ("comedy", "drama"),
    "near": ("comedy", "drama"),
    "nearish": ("comedy",),
    "far": ("western",),
    "unsafe": ("comedy", "drama"),
    "unknown": ("comedy", "drama"),
    "other": ("western",),
}
SAID = {"a": "unsafe", "unsafe": "unsafe", "unknown": "unknown"}


def find(most: int = 5, min_likeness: float = 0.5) -> tuple[str, ...]:
    """Find alternatives to a request that got a and b, in a thread that also names `other`."""
    items = [make_item(i, genres=g) for i, g in GENRES.items()]
    items.append(make_item("game", domain="game", genres=GENRES["a"]))
    risks = [make_risk(i, GORE, SAID.get(i, "safe")) for i in [*GENRES, "game"]]
    request = replace(make_request("Films?"), recommended=("a", "b"), seen=())
    reply = replace(request, request_id="t1#2", recommended=("other", "unsafe", "unknown"))
    rule = AlternativeRule(most=most, min_likeness=min_likeness)
    found = Alternatives(items, [request, reply], make_oracle(risks), rule, seed=1)
    return found.of(request, [GORE])


def test_the_threads_own_come_first_then_the_likest() -> None:
    assert find() == ("other", "near", "nearish")


@pytest.mark.parametrize(
    ("most", "min_likeness", "found"),
    [(0, 0.5, ()), (1, 0.5, ("other",)), (5, 0.9, ("other", "near")), (2, 0.5, ("other", "near"))],
)
def test_no_more_and_no_less_like_than_asked(
    most: int, min_likeness: float, found: tuple[str, ...]
) -> None:
    assert find(most, min_likeness) == found


def test_what_is_not_known_to_be_safe_is_no_alternative() -> None:
    assert not {"unsafe", "unknown", "a", "game"} & set(find(9, 0.1))  # type: ignore[call-overload]
