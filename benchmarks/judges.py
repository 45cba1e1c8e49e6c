"""How much the offline judge catches: rows damaged in known ways, judged by both prompts.

`python benchmarks/judges.py 200` takes so many rows of the last run (data/interim) with a
constraint in force, damages each in every way that it can be, and prints one JSON line. A damage is
caught where its rubric's score falls below that of the whole row; a whole row is blamed where any
score is below 3. Agreement is of both prompts on whole and damaged rows together.
`python benchmarks/judges.py 200 show` prints what was missed too.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.llm.offline import OfflineWriter
from builder.llm.protocol import Failure
from builder.oracle.files.oracle import Oracle
from builder.records import Conversation, Filtered, Item, Message, Reason
from builder.seeding import keyed_rng
from builder.statistics.agreement import krippendorff_alpha
from builder.synthesis.judging.judging import (
    CONVERSATION_TASK,
    OTHER_TASK,
    JudgeRequester,
    grammars,
)
from builder.synthesis.judging.judging_context import JudgingContext
from builder.synthesis.judging.rubrics import ConversationMarks, read_rubrics
from builder.synthesis.seeker.writing_style import WritingStyle
from builder.synthesis.styles import IMPLICIT
from builder.tables import read_table
from builder.taxonomy import Taxonomy
from pipelines.runtime.params import read_params
from pipelines.stages.judge import Params

SEED = 7
BLAMED_BELOW = 3

Damage = Callable[[Conversation], Conversation | None]
"""Returns the damaged row, None where the row cannot be damaged in that way."""


class Damages:
    """The ways in which a row can be spoilt, each with the rubric that should see it."""

    def __init__(self, rows: Sequence[Conversation]) -> None:
        self._rows = rows
        self._by_style = defaultdict[str, list[Conversation]](list)
        for row in rows:
            self._by_style[row.variant].append(row)

    def ways(self) -> Iterator[tuple[str, str, Damage]]:
        """Yield each way, the rubric that should see it, and the damage."""
        yield "constraint cut out", "constraint_comes_through", self.cut_out
        yield "constraint of another trait", "constraint_comes_through", self.other_trait
        yield "wish of another thread", "wish_intact", self.other_wish
        yield "half of the wish gone", "wish_intact", self.half_a_wish
        yield "voice of another post", "natural", self.other_voice
        yield "shouted", "natural", self.shouted
        yield "a reason that nobody gave", "facts_right", self.other_reason
        yield "unsafe title kept", "facts_right", self.unsafe_kept
        yield "unknown title kept", "facts_right", self.unknown_kept
        yield "safe title left out", "facts_right", self.safe_left_out

    def cut_out(self, row: Conversation) -> Conversation | None:
        """Take the words of the constraint out of its message."""
        return _with_text(row, "", claimed=False)

    def other_trait(self, row: Conversation) -> Conversation | None:
        """Put in their place what another row of the rung says of another trait."""
        others = [
            other.constraint
            for other in self._by_style[row.variant]
            if other.constraint and row.constraint and other.trait != row.trait
        ]
        if not others or row.constraint is None or row.constraint.earlier:
            return None
        other = keyed_rng(SEED, "trait", row.conversation_id).choice(others)
        return _with_text(row, other.text)

    def other_wish(self, row: Conversation) -> Conversation | None:
        """Put the constraint into the request of another thread."""
        others = [r for r in self._rows if r.dialog_id != row.dialog_id]
        other = keyed_rng(SEED, "wish", row.conversation_id).choice(others)
        if row.constraint is None or row.constraint.earlier or other.constraint is None:
            return None
        own = other.messages[0].content.replace(other.constraint.text, "")
        message = Message("user", f"{own} {row.constraint.text}")
        return replace(row, messages=(message,), constraint=replace(row.constraint, message=0))

    def half_a_wish(self, row: Conversation) -> Conversation | None:
        """Leave out every second sentence of the request."""
        if row.constraint is None or row.constraint.earlier or len(row.messages) > 1:
            return None
        before, text, after = row.messages[0].content.partition(row.constraint.text)
        kept = [" ".join(re.split(r"(?<=[.!?]) ", part)[::2]) for part in (before, after)]
        message = Message("user", f"{kept[0]} {text} {kept[1]}")
        spoilt = replace(row, messages=(message,))
        return spoilt if len(message.content) < 0.9 * len(row.messages[0].content) else None

    def other_voice(self, row: Conversation) -> Conversation | None:
        """Put in what a row of the same trait and rung says in a post of the other casing."""
        lower = WritingStyle.of(row.messages).lower
        others = [
            other.constraint
            for other in self._by_style[row.variant]
            if other.constraint
            and other.trait == row.trait
            and WritingStyle.of(other.messages).lower != lower
        ]
        if not others or row.constraint is None or row.constraint.earlier:
            return None
        other = keyed_rng(SEED, "voice", row.conversation_id).choice(others)
        return _with_text(row, other.text)

    def shouted(self, row: Conversation) -> Conversation | None:
        """Write the constraint in capitals."""
        if row.constraint is None or row.constraint.earlier:
            return None
        return _with_text(row, row.constraint.text.upper())

    def other_reason(self, row: Conversation) -> Conversation | None:
        """Leave the first title out for what the evidence does not say."""
        if not row.filtered:
            return None
        first, *rest = row.filtered
        invented = replace(first, reasons=(Reason("yes", ("does-a-dragon-die",), "nobody"),))
        return replace(row, filtered=(invented, *rest))

    def unsafe_kept(self, row: Conversation) -> Conversation | None:
        """Count a title that was left out as safe."""
        if not row.filtered:
            return None
        first, *rest = row.filtered
        safe = tuple(i for i in row.recommended if i in {*row.safe, first.item_id})
        return replace(row, safe=safe, filtered=tuple(rest))

    def unknown_kept(self, row: Conversation) -> Conversation | None:
        """Count a title without a verdict as safe."""
        if not row.unknown:
            return None
        first, *rest = row.unknown
        safe = tuple(i for i in row.recommended if i in {*row.safe, first})
        return replace(row, safe=safe, unknown=tuple(rest))

    def safe_left_out(self, row: Conversation) -> Conversation | None:
        """Leave out a title that is safe."""
        if not row.safe or row.trait is None:
            return None
        first, *rest = row.safe
        filtered = (*row.filtered, Filtered(first, (row.trait,)))
        return replace(row, safe=tuple(rest), filtered=filtered)


def _with_text(row: Conversation, text: str, *, claimed: bool = True) -> Conversation | None:
    """Return the row with other words for its constraint, which it claims or not."""
    if row.constraint is None:
        return None
    at = row.constraint.message
    content = row.messages[at].content.replace(row.constraint.text, text)
    messages = (*row.messages[:at], Message("user", content), *row.messages[at + 1 :])
    constraint = replace(row.constraint, text=text) if claimed else row.constraint
    return replace(row, messages=messages, constraint=constraint)


def judged(
    row: Conversation, asking: JudgeRequester, judge: OfflineWriter, task: str
) -> dict[str, int]:
    """Return the scores of a row by rubric."""
    reply = judge.ask(asking.request(row, task=task))
    if isinstance(reply, Failure):
        raise SystemExit(f"{row.conversation_id}: {reply.detail}")
    return {name: mark["score"] for name, mark in reply.value.model_dump().items()}


def measure(n_rows: int, show: bool) -> dict[str, Any]:
    """Return what both prompts catch of the damages, and which whole rows they blame."""
    folder = Path("data/interim")
    rows = read_table(folder / "conversations.parquet", Conversation)
    taxonomy = Taxonomy.load(Path("data/taxonomy"))
    oracle = Oracle.open(folder / "oracle_build.arrow", "build")
    bench = JudgingContext.of(
        rows, read_table(folder / "items.parquet", Item), taxonomy, oracle, SEED
    )
    params = read_params().section(Params, "judge")
    asking = JudgeRequester(bench, read_rubrics(), params.prompts.max_chars)
    judge = OfflineWriter(SEED, grammars(params))
    written = [row for row in rows if row.mode == "violations" and row.trait and row.constraint]
    drawn = keyed_rng(SEED, "rows", "").sample(written, k=min(n_rows, len(written)))
    spoilt = {
        (way, rubric): {r.conversation_id: made for r in drawn if (made := damage(r)) is not None}
        for way, rubric, damage in Damages(written).ways()
    }
    found: dict[str, Any] = {"rows": len(drawn)}
    pairs = defaultdict[str, list[int]](list)
    for name, task in (("first", CONVERSATION_TASK), ("other", OTHER_TASK)):
        whole = {row.conversation_id: judged(row, asking, judge, task) for row in drawn}
        marks = {
            key: {i: judged(row, asking, judge, task) for i, row in rows_of.items()}
            for key, rows_of in spoilt.items()
        }
        found[name] = {
            "whole_rows_blamed": sum(min(m.values()) < BLAMED_BELOW for m in whole.values()),
            "damages": {
                way: caught(rows_of, whole, marks[way, rubric], rubric, name if show else "")
                for (way, rubric), rows_of in spoilt.items()
            },
        }
        for scores in (*whole.values(), *(m for of in marks.values() for m in of.values())):
            for rubric, score in scores.items():
                pairs[f"{name} {rubric}"].append(score)
    found["alpha_of_both_prompts"] = {
        rubric: krippendorff_alpha(
            list(zip(pairs[f"first {rubric}"], pairs[f"other {rubric}"], strict=True)),
            (1, 2, 3, 4, 5),
            "ordinal",
        )
        for rubric in ConversationMarks.model_fields
    }
    return found


def caught(
    rows: Mapping[str, Conversation],
    whole: Mapping[str, Mapping[str, int]],
    marks: Mapping[str, Mapping[str, int]],
    rubric: str,
    shown_as: str,
) -> dict[str, Any]:
    """Return how many damaged rows score less than the whole ones; print the others if asked."""
    missed = [row for i, row in rows.items() if marks[i][rubric] >= whole[i][rubric]]
    for row in missed if shown_as else ():
        text = row.constraint.text if row.constraint else ""
        print(shown_as, rubric, row.conversation_id, text, sep=" | ")
    return {
        "rows": len(rows),
        "caught": round(1 - len(missed) / max(1, len(rows)), 3),
        "missed_tacit": sum(row.variant in IMPLICIT for row in missed),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), "show" in sys.argv[2:])))
