from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from builder.records import Conversation, Filtered, Message, OpenPoint, Reason
from builder.synthesis.offline.phrases import read_phrases, read_style_frames
from builder.synthesis.styles import STYLES, TWO_PARTS, Style, force_of
from tests.factories import DOGS, make_assignment, make_request
from tests.support.spellings import pattern_of
from tests.support.variant_rules import make_variant_rule

Run = Callable[..., list[Conversation]]

DOG_DIES = Reason("yes", ("does-the-dog-die",), "ours")
POST = "Action please\n\nSeen Heat more often than I can say. Looking for pace and good chases."
VIOLATED = make_assignment(DOGS, reason="1 of 3 goes against it.", confidence=0.6)


def test_a_sample_becomes_a_counterfactual_set(run: Run) -> None:
    without, *constrained = run([VIOLATED])
    assert (without.variant, without.trait, without.constraint) == ("without", None, None)
    assert without.messages == (Message("user", POST),)
    assert (without.safe, without.filtered, without.unknown) == (("a", "b", "c"), (), ())
    assert without.made_by == "untouched"
    assert len(constrained) == 2
    assert len({row.variant for row in constrained}) == 2
    assert {row.request_id for row in (without, *constrained)} == {"t1#1"}
    for row in constrained:
        assert row.conversation_id == f"t1#1:violations:{row.variant}"
        assert row.constraint is not None
        assert (row.constraint.trait, row.constraint.style) == (DOGS, row.variant)
        assert row.constraint.text in row.messages[row.constraint.message].content
        assert row.messages[row.constraint.message].role == "user"
        assert row.safe == ("b",)
        assert row.filtered == (Filtered("a", (DOGS,), (DOG_DIES,)),)
        assert row.unknown == ("c",)
        assert row.open_points == (OpenPoint("c", DOGS, ()),)
        assert (row.trait, row.assignment_reason) == (DOGS, "1 of 3 goes against it.")
        assert row.made_by == "offline-writer/1"
        assert row.alternatives == ("d",)  # e is not known to be safe


def test_a_set_says_one_thing_in_one_place_four_ways(run: Run) -> None:
    alone = make_variant_rule(
        styles=["stated"], per_sample=1, set_styles=["weakened", "negated"], set_share=1.0
    )
    without, with_it, weakened, negated = run([VIOLATED], rule=alone)
    texts = []
    for row in (with_it, weakened, negated):
        assert row.constraint is not None
        texts.append(row.constraint.text.lower())
    assert [r.variant for r in (with_it, weakened, negated)] == ["stated", "weakened", "negated"]
    assert len({r.request_id for r in (without, with_it, weakened, negated)}) == 1
    assert len({_place(row) for row in (with_it, weakened, negated)}) == 1
    avoided = [pattern_of(x) for x in read_phrases()["animal-harm"].avoid]
    said = [{found[0] for x in avoided if (found := x.search(text))} for text in texts]
    assert set.intersection(*said)


@pytest.mark.parametrize("style", STYLES)
def test_each_rung_means_what_it_says_for_the_answer(run: Run, style: Style) -> None:
    requests = [make_request(POST, f"t{n}#1") for n in range(5)]
    assigned = [replace(VIOLATED, request_id=request.request_id) for request in requests]
    rows = run(assigned, requests=requests, rule=make_variant_rule(styles=[style], per_sample=1))
    for row in (row for row in rows if row.constraint):
        assert row.constraint is not None
        assert row.constraint.trait == DOGS
        if style in ("negated", "retracted"):
            assert (row.trait, row.safe, row.filtered, row.unknown) == (
                None,
                ("a", "b", "c"),
                (),
                (),
            )
            assert (row.open_points, row.alternatives) == ((), ())
            assert row.assignment_reason.endswith(
                "is no longer in force: nothing is to be left out for it."
            )
        else:
            assert (row.trait, row.safe, row.unknown) == (DOGS, ("b",), ("c",))
            assert row.filtered == (Filtered("a", (DOGS,), (DOG_DIES,)),)


@pytest.mark.parametrize("style", sorted(TWO_PARTS))
def test_a_rung_of_two_messages_has_a_question_between_them(run: Run, style: Style) -> None:
    [_, row] = run([VIOLATED], rule=make_variant_rule(styles=[style], per_sample=1))
    assert row.constraint is not None
    first, question, last = row.messages
    assert row.constraint.earlier in first.content
    assert (question.role, last.role) == ("assistant", "user")
    asked = [pattern_of(question) for question in read_style_frames().followups[style]]
    assert any(pattern.fullmatch(question.content) for pattern in asked)
    assert (last.content, row.constraint.message) == (row.constraint.text, 2)


def test_nobody_asks_between_two_messages_who_has_spoken_last(run: Run) -> None:
    request = make_request(POST)
    request = replace(request, messages=(*request.messages, Message("assistant", "Heat?")))
    rows = run(
        [VIOLATED], requests=[request], rule=make_variant_rule(styles=list(STYLES), per_sample=12)
    )
    assert {row.variant for row in rows} == {"without", *STYLES} - TWO_PARTS


def test_an_untouched_word_stays_where_it_was(run: Run) -> None:
    for row in run([VIOLATED])[1:]:
        assert row.constraint is not None
        rest = " ".join(m.content for m in row.messages if m.role == "user")
        rest = rest.replace(row.constraint.text, " ")
        if row.constraint.earlier:
            rest = rest.replace(row.constraint.earlier, " ")
        rest = rest.replace("( )", " ")
        assert rest.split() == POST.split()


def test_a_sample_without_a_trait_stays_as_it_is(run: Run) -> None:
    rows = run([replace(VIOLATED, trait=None)])
    assert [row.variant for row in rows] == ["without"]


def test_more_variants_than_styles_are_one_of_each(run: Run) -> None:
    rows = run([VIOLATED], rule=make_variant_rule(styles=list(STYLES), per_sample=12))
    assert sorted(row.variant for row in rows) == sorted(["without", *STYLES])


def test_nobody_beside_somebody_alone(run: Run) -> None:
    requests = [make_request("Watching alone tonight, what next?", f"t{n}#1") for n in range(40)]
    assigned = [replace(VIOLATED, request_id=request.request_id) for request in requests]
    variants = {row.variant for row in run(assigned, requests=requests)}
    assert variants == {"without", *holding()} - {"household"}


def test_styles_and_places_are_drawn_evenly(run: Run) -> None:
    requests = [make_request(POST, f"t{n}#1") for n in range(400)]
    assigned = [replace(VIOLATED, request_id=request.request_id) for request in requests]
    rows = [row for row in run(assigned, requests=requests) if row.constraint]
    styles = Counter(row.variant for row in rows)
    assert set(styles) == set(holding())
    assert min(styles.values()) > 0.1 * len(rows)
    places = Counter(_place(row) for row in rows)
    assert set(places) == {"start", "middle", "aside", "end", "own"}
    assert min(places.values()) > 0.1 * len(rows)


def holding() -> list[Style]:
    return [style for style in STYLES if force_of(style) == "holds"]


def _place(row: Conversation) -> str:
    assert row.constraint is not None
    if row.constraint.message:
        return "own"
    body = row.messages[0].content.partition("\n\n")[2]
    if f"({row.constraint.text})" in body:
        return "aside"
    if body.startswith(row.constraint.text):
        return "start"
    return "end" if body.endswith(row.constraint.text) else "middle"
