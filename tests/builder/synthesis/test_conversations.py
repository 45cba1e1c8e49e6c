from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from builder.errors import InputError
from builder.llm.offline import OfflineWriter
from builder.llm.protocol import ChatRequest, Failure, R, Reply
from builder.records import (
    Assignment,
    Constraint,
    Conversation,
    Filtered,
    Item,
    Message,
    Request,
    Risk,
)
from builder.sources import Reject
from builder.synthesis.alternatives import AlternativeRule, Alternatives
from builder.synthesis.constraint_grammar import write_constraint
from builder.synthesis.conversations import ConversationWriter, VariantRule
from builder.synthesis.copies import COPIED, CopyRule, Kept
from builder.synthesis.ladder import STYLES, TWO_PARTS, Style, force_of
from builder.synthesis.phrases import phrases_of, read_rungs
from builder.synthesis.synthesizer import NOTHING_SAFE, synthesize
from builder.synthesis.verdicts import Verdicts
from builder.taxonomy import Taxonomy

DOGS = "Animal lover (avoid animal harm/death)"
NAMES = {"a": "John Wick (2014)", "b": "Babe (1995)", "c": "Up (2009)"}
POST = "Action please\n\nSeen Heat more often than I can say. Looking for pace and good chases."
VIOLATED = Assignment("t1#1", "violations", DOGS, "1 of 3 goes against it.", 0.6, "w/1", "")
CUED = Assignment("t1#1", "cues", DOGS, "A cue.", 0.9, "w/1", "good chases")
HOLDING = tuple(style for style in STYLES if force_of(style) == "holds")
RULE = VariantRule(
    styles=list(HOLDING),
    per_sample=2,
    set_styles=[],
    set_share=0.0,
    max_chars=400,
    max_prompt_chars=2000,
)

# A text counts as a copy only where it is asked for: most tests write one thing many times.
ANY_COPY = CopyRule(gram_words=50, min_jaccard=1.0, attempts=3)


def ruled(**changes: Any) -> VariantRule:
    return RULE.model_copy(update=changes)


Synthesize = Callable[..., list[Conversation]]


@pytest.fixture
def writer(taxonomy: Taxonomy, a_risk: Callable[..., Risk]) -> Callable[..., ConversationWriter]:
    """Make a writer whose oracle says these verdicts of a, b, c."""

    def make(*said: str, rule: VariantRule = RULE) -> ConversationWriter:
        risks = [
            a_risk(item, DOGS, verdict, "ours says yes: Does the dog die")
            for item, verdict in zip("abc", said, strict=True)
        ]
        risks.append(a_risk("d", DOGS, "safe", ""))
        verdicts, near = Verdicts(risks, set("abc")), AlternativeRule(most=5, min_likeness=0.5)
        films = [Item(i, "film", i, 2000, (), ("action",), None, (), ()) for i in "abcde"]
        alternatives = Alternatives(films, [], verdicts, near, seed=5)
        return ConversationWriter(taxonomy, verdicts, NAMES, alternatives, rule, seed=5)

    return make


@pytest.fixture
def run(
    a_request: Callable[..., Request], reject: Reject, writer: Callable[..., ConversationWriter]
) -> Synthesize:
    """Synthesize one request, or several."""

    def make(
        assignments: Sequence[Assignment],
        said: Sequence[str] = ("unsafe", "safe", "unknown"),
        requests: Sequence[Request] = (),
        client: object = None,
        workers: int = 1,
        rule: VariantRule = RULE,
        copies: CopyRule = ANY_COPY,
    ) -> list[Conversation]:
        found = requests or [a_request(POST)]
        asked = client or OfflineWriter(5, {"constraint": write_constraint})
        made = writer(*said, rule=rule)
        return list(synthesize(found, assignments, made, asked, Kept(copies), workers, reject))  # type: ignore[arg-type]

    return make


def test_a_sample_becomes_a_counterfactual_set(run: Synthesize) -> None:
    without, *constrained = run([VIOLATED])
    assert (without.variant, without.trait, without.constraint) == ("without", None, None)
    assert without.messages == (Message("user", POST),)
    assert (without.safe, without.filtered, without.unknown) == (("a", "b", "c"), (), ())
    assert (without.reasoning, without.made_by) == ("", "untouched")
    assert len(constrained) == 2
    assert len({row.variant for row in constrained}) == 2
    assert {row.sample_id for row in (without, *constrained)} == {"t1#1"}
    for row in constrained:
        assert row.conversation_id == f"t1#1:violations:{row.variant}"
        assert row.constraint is not None
        assert (row.constraint.trait, row.constraint.style) == (DOGS, row.variant)
        assert row.constraint.text in row.messages[row.constraint.message].content
        assert row.messages[row.constraint.message].role == "user"
        assert row.safe == ("b",)
        assert row.filtered == (Filtered("a", (DOGS,)),)
        assert row.unknown == ("c",)
        assert "John Wick (2014)" in row.reasoning
        assert "Up (2009)" in row.reasoning
        assert "Babe" not in row.reasoning
        assert (row.trait, row.assignment_reason) == (DOGS, "1 of 3 goes against it.")
        assert row.made_by == "offline-writer/1"
        assert row.alternatives == ("d",)  # e is not known to be safe


SET = ruled(per_sample=1, set_styles=("weakened", "negated"), set_share=1.0)


def test_a_set_says_one_thing_in_one_place_four_ways(run: Synthesize) -> None:
    alone = SET.model_copy(update={"styles": ["stated"]})
    without, with_it, weakened, negated = run([VIOLATED], rule=alone)
    texts = []
    for row in (with_it, weakened, negated):
        assert row.constraint is not None
        texts.append(row.constraint.text.lower())
    assert [r.variant for r in (with_it, weakened, negated)] == ["stated", "weakened", "negated"]
    assert len({r.sample_id for r in (without, with_it, weakened, negated)}) == 1
    assert len({_place(row) for row in (with_it, weakened, negated)}) == 1
    avoided = [x.lower() for x in phrases_of("animal-harm").avoid]
    assert len({max((x for x in avoided if x in text), key=len) for text in texts}) == 1


@pytest.mark.parametrize("style", STYLES)
def test_each_rung_means_what_it_says_for_the_answer(
    run: Synthesize, a_request: Callable[..., Request], style: Style
) -> None:
    requests = [a_request(POST, f"t{n}#1") for n in range(5)]
    assigned = [replace(VIOLATED, sample_id=request.sample_id) for request in requests]
    rows = run(assigned, requests=requests, rule=ruled(styles=(style,), per_sample=1))
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
            assert (row.reasoning, row.alternatives) == ("", ())
            assert row.assignment_reason.endswith(
                "is no longer in force: nothing is to be left out."
            )
        else:
            assert (row.trait, row.safe, row.unknown) == (DOGS, ("b",), ("c",))
            assert row.filtered == (Filtered("a", (DOGS,)),)
            assert "John Wick (2014)" in row.reasoning


@pytest.mark.parametrize("style", sorted(TWO_PARTS))
def test_a_rung_of_two_messages_has_a_question_between_them(run: Synthesize, style: Style) -> None:
    [_, row] = run([VIOLATED], rule=ruled(styles=(style,), per_sample=1))
    assert row.constraint is not None
    first, question, last = row.messages
    assert row.constraint.earlier in first.content
    assert (question.role, last.role) == ("assistant", "user")
    assert question.content in read_rungs().followups[style]
    assert (last.content, row.constraint.message) == (row.constraint.text, 2)


def test_nobody_asks_between_two_messages_who_has_spoken_last(
    run: Synthesize, a_request: Callable[..., Request]
) -> None:
    request = a_request(POST)
    request = replace(request, messages=(*request.messages, Message("assistant", "Heat?")))
    rows = run([VIOLATED], requests=[request], rule=ruled(styles=STYLES, per_sample=12))
    assert {row.variant for row in rows} == {"without", *STYLES} - TWO_PARTS


def test_an_untouched_word_stays_where_it_was(run: Synthesize) -> None:
    for row in run([VIOLATED])[1:]:
        assert row.constraint is not None
        rest = " ".join(m.content for m in row.messages if m.role == "user")
        rest = rest.replace(row.constraint.text, " ")
        if row.constraint.earlier:
            rest = rest.replace(row.constraint.earlier, " ")
        rest = rest.replace("( )", " ")
        assert rest.split() == POST.split()


def test_a_sample_without_a_trait_stays_as_it_is(run: Synthesize) -> None:
    rows = run([replace(VIOLATED, trait=None)])
    assert [row.variant for row in rows] == ["without"]


def test_nobody_who_said_it_already_is_asked_what_to_spare_them(
    run: Synthesize, a_request: Callable[..., Request]
) -> None:
    ids = [f"t{n}#1" for n in range(40)]
    requests = [a_request(POST, sample_id) for sample_id in ids]
    violated = [replace(VIOLATED, sample_id=sample_id) for sample_id in ids]
    cued = [replace(CUED, sample_id=sample_id) for sample_id in ids]

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


def test_a_cue_is_the_constraint_that_is_there(run: Synthesize) -> None:
    [row] = run([CUED])
    assert row.conversation_id == "t1#1:cues:cue"
    assert row.messages == (Message("user", POST),)
    assert row.constraint == Constraint(DOGS, "cue", "good chases", 0)
    assert (row.safe, row.unknown, row.made_by) == (("b",), ("c",), "w/1")


def test_without_a_cue_nothing_is_to_be_spared(run: Synthesize) -> None:
    [row] = run([replace(CUED, trait=None, cue="")])
    assert (row.conversation_id, row.trait) == ("t1#1:cues:without", None)
    assert (row.safe, row.made_by) == (("a", "b", "c"), "w/1")


@pytest.mark.parametrize(
    ("assignment", "said", "n_kept"),
    [
        (VIOLATED, ("unsafe", "unknown", "unknown"), 1),
        (VIOLATED, ("unsafe", "unsafe", "unsafe"), 1),
        (CUED, ("unsafe", "unsafe", "unsafe"), 0),
        (CUED, ("unsafe", "unsafe", "unknown"), 1),
    ],
    ids=["unknown is not safe", "all unsafe", "cue, all unsafe", "cue, one unknown"],
)
def test_nothing_safe_is_a_counted_rejection(
    run: Synthesize,
    rejected: list[tuple[str, str, str]],
    assignment: Assignment,
    said: tuple[str, ...],
    n_kept: int,
) -> None:
    assert len(run([assignment], said)) == n_kept
    assert {reason for _, reason, _ in rejected} <= {NOTHING_SAFE}
    assert len(rejected) == (2 if assignment is VIOLATED else 1 - n_kept)


def test_an_assignment_of_no_request_ends_the_run(run: Synthesize) -> None:
    with pytest.raises(InputError, match="has t9#1, no request; run `dvc repro assign`"):
        run([replace(VIOLATED, sample_id="t9#1")])


class _Refuser:
    def ask(self, request: ChatRequest[R]) -> Reply[R] | Failure:
        return Failure("model refused", "no", "openai:m")


def test_a_variant_without_a_reply_is_rejected_alone(
    run: Synthesize, rejected: list[tuple[str, str, str]]
) -> None:
    assert [row.variant for row in run([VIOLATED], client=_Refuser())] == ["without"]
    assert {reason for _, reason, _ in rejected} == {"model refused"}
    assert len(rejected) == 2


def test_workers_and_order_change_nothing(
    run: Synthesize, a_request: Callable[..., Request]
) -> None:
    requests = [a_request(POST, f"t{n}#1") for n in range(25)]
    assigned = [replace(VIOLATED, sample_id=request.sample_id) for request in requests]
    one = run(assigned, requests=requests, workers=1)
    many = run(assigned[::-1], requests=requests[::-1], workers=4)
    assert {row.conversation_id: row for row in one} == {r.conversation_id: r for r in many}


def test_styles_and_places_are_drawn_evenly(
    run: Synthesize, a_request: Callable[..., Request]
) -> None:
    requests = [a_request(POST, f"t{n}#1") for n in range(400)]
    assigned = [replace(VIOLATED, sample_id=request.sample_id) for request in requests]
    rows = [row for row in run(assigned, requests=requests) if row.constraint]
    styles = Counter(row.variant for row in rows)
    assert set(styles) == set(HOLDING)
    assert min(styles.values()) > 0.1 * len(rows)
    places = Counter(_place(row) for row in rows)
    assert set(places) == {"start", "middle", "aside", "end", "own"}
    assert min(places.values()) > 0.1 * len(rows)


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


def test_nobody_beside_somebody_alone(run: Synthesize, a_request: Callable[..., Request]) -> None:
    requests = [a_request("Watching alone tonight, what next?", f"t{n}#1") for n in range(40)]
    assigned = [replace(VIOLATED, sample_id=request.sample_id) for request in requests]
    variants = {row.variant for row in run(assigned, requests=requests)}
    assert variants == {"without", *HOLDING} - {"household"}


def test_more_variants_than_styles_are_one_of_each(run: Synthesize) -> None:
    rows = run([VIOLATED], rule=ruled(styles=STYLES, per_sample=12))
    assert sorted(row.variant for row in rows) == sorted(["without", *STYLES])


class _Parrot:
    """Says the same of everybody, and something of its own when asked a third time."""

    def ask(self, request: ChatRequest[R]) -> Reply[R] | Failure:
        text = "Nothing with dogs that get hurt, please."
        if request.row_id.endswith("#2"):
            text = f"Keep {request.row_id} clear of hurt dogs."
        value = request.reply.model_validate({"earlier": "", "text": text}, context=request.inputs)
        return Reply(value, "parrot")


@pytest.mark.parametrize("attempts", [2, 3])
def test_a_copy_is_asked_for_anew_and_then_left_out(
    run: Synthesize,
    a_request: Callable[..., Request],
    rejected: list[tuple[str, str, str]],
    attempts: int,
) -> None:
    requests = [a_request(POST, sample_id=f"t{n}#1") for n in (1, 2)]
    assigned = [replace(VIOLATED, sample_id=request.sample_id) for request in requests]
    rows = run(
        assigned,
        requests=requests,
        client=_Parrot(),
        rule=ruled(styles=["stated"], per_sample=1),
        copies=CopyRule(gram_words=3, min_jaccard=0.6, attempts=attempts),
    )
    told = {row.conversation_id: row.constraint.text for row in rows if row.constraint}
    first, second = "t1#1:violations:stated", "t2#1:violations:stated"
    assert told[first] == "Nothing with dogs that get hurt, please."
    if attempts == 3:
        assert told[second] == f"Keep {second}#2 clear of hurt dogs."
        assert rejected == []
    else:
        assert second not in told
        assert rejected == [(second, COPIED, f"of {first}, overlap 1.00")]
