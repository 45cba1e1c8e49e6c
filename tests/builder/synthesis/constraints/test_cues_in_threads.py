from collections.abc import Callable
from dataclasses import replace

import pytest

from builder.records import Constraint, Conversation, Filtered, Message, OpenPoint, Verdict
from tests.factories import DOGS, GORE, make_assignment, make_request
from tests.support.variant_rules import make_variant_rule

Run = Callable[..., list[Conversation]]

POST = "Action please\n\nSeen Heat more often than I can say. Looking for pace and good chases."
VIOLATED = make_assignment(DOGS, reason="1 of 3 goes against it.", confidence=0.6)
NAMES = {"a": "John Wick (2014)", "b": "Babe (1995)", "c": "Up (2009)"}
CUED = make_assignment(DOGS, "cues", reason="A cue.", cue="good chases", made_by="w/1")


def test_nobody_who_said_it_already_is_asked_what_to_spare_them(run: Run) -> None:
    ids = [f"t{n}#1" for n in range(40)]
    requests = [make_request(POST, request_id) for request_id in ids]
    violated = [replace(VIOLATED, request_id=request_id) for request_id in ids]
    cued = [replace(CUED, request_id=request_id) for request_id in ids]

    def n_asked(rows: list[Conversation]) -> int:
        return sum(message.role == "assistant" for row in rows for message in row.messages)

    assert n_asked(run(violated, requests=requests)) > 5
    beside = run([*violated, *cued], requests=requests)
    assert n_asked(beside) == 0
    second = [r for r in beside if r.mode == "violations" and r.constraint is not None]
    assert {row.variant for row in second} == {"stated", "reasoned", "household"}
    for row in second:
        assert row.constraint is not None
        assert row.messages[-1].content.endswith(row.constraint.text)


def test_a_cue_is_the_constraint_that_is_there(run: Run) -> None:
    [row] = run([CUED])
    assert row.conversation_id == "t1#1:cues:cue"
    assert row.messages == (Message("user", POST),)
    assert row.constraint == Constraint(DOGS, "cue", "good chases", 0)
    assert (row.safe, row.unknown, row.made_by) == (("b",), ("c",), "w/1")


def test_without_a_cue_nothing_is_to_be_spared(run: Run) -> None:
    [row] = run([replace(CUED, trait=None, cue="")])
    assert (row.conversation_id, row.trait) == ("t1#1:cues:without", None)
    assert (row.safe, row.made_by) == (("a", "b", "c"), "w/1")


GORY = replace(CUED, trait=GORE)


@pytest.mark.parametrize(
    ("gore", "safe", "filtered", "unknown"),
    [
        (("safe", "safe", "safe"), ("b",), (("a", (DOGS,)),), ("c",)),
        (("unsafe", "safe", "unsafe"), ("b",), (("a", (DOGS, GORE)), ("c", (GORE,))), ()),
        (("unsafe", "unknown", "safe"), (), (("a", (DOGS, GORE)),), ("b", "c")),
        ((), (), (("a", (DOGS,)),), ("b", "c")),
    ],
    ids=["safe for both", "unsafe for the cue", "unknown for the cue", "nothing known of the cue"],
)
def test_what_the_seeker_said_themselves_holds_in_every_variant(
    run: Run,
    rejected: list[tuple[str, str, str]],
    gore: tuple[Verdict, ...],
    safe: tuple[str, ...],
    filtered: tuple[tuple[str, tuple[str, ...]], ...],
    unknown: tuple[str, ...],
) -> None:
    rule = make_variant_rule(styles=["stated"], set_styles=["weakened", "negated"], set_share=1.0)
    rows = run([VIOLATED, GORY], gore=gore, rule=rule)
    by_variant = {row.variant: row for row in rows if row.mode == "violations"}
    for style in ("stated", "weakened"):
        if not safe:
            assert style not in by_variant
            continue
        row = by_variant[style]
        assert row.in_force == (DOGS, GORE)
        assert (row.safe, row.unknown) == (safe, unknown)
        assert [(f.item_id, f.violations) for f in row.filtered] == [*filtered]
        assert {p.item_id for p in row.open_points} >= {*row.unknown}
        assert row.alternatives == ()  # of d nothing is known as to gore
    assert (len(rejected) > 0) == (not safe)


def test_a_wish_that_is_over_leaves_the_seekers_own_one(run: Run) -> None:
    gore = ("safe", "unsafe", "unknown")
    rows = run(
        [VIOLATED, GORY], gore=gore, rule=make_variant_rule(styles=["negated"], per_sample=1)
    )
    without, negated = (row for row in rows if row.mode == "violations")
    for row in (without, negated):
        assert (row.trait, row.also, row.in_force) == (None, (GORE,), (GORE,))
        assert (row.safe, row.filtered, row.unknown) == (
            ("a",),
            (Filtered("b", (GORE,)),),
            ("c",),
        )


def test_the_yardstick_stays_though_a_cue_leaves_nothing_of_it(run: Run) -> None:
    rows = run([VIOLATED, GORY], gore=["unsafe"] * 3, rule=make_variant_rule())
    assert [(row.mode, row.variant, row.safe) for row in rows] == [("violations", "without", ())]


def test_a_second_cue_is_in_force_beside_the_first(run: Run) -> None:
    [row] = run([replace(CUED, also=(GORE,))], gore=("safe", "unknown", "safe"))
    assert (row.trait, row.also, row.safe, row.unknown) == (DOGS, (GORE,), (), ("b", "c"))


def test_what_nobody_answered_of_a_title_that_stays_is_told_of_it(run: Run) -> None:
    [row] = run([replace(CUED, also=(GORE,))], gore=("safe", "safe", "safe", "safe"))
    assert row.safe == ("b",)
    assert row.alternatives == ("d",)
    teeth = ("are-any-teeth-damaged",)
    assert row.open_points == (
        OpenPoint("b", GORE, teeth),
        OpenPoint("d", GORE, teeth),
        OpenPoint("c", DOGS, ()),
    )
