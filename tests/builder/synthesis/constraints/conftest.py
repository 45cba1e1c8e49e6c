"""A writer of conversations over an oracle of three items, shared by the tests of this room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from builder.llm.offline import OfflineWriter
from builder.records import Assignment, Conversation, Reason, Request, Verdict
from builder.sources import Reject
from builder.synthesis.answers.alternatives import AlternativeRule, Alternatives
from builder.synthesis.answers.outcome import Answering
from builder.synthesis.constraints.copies import CopyIndex, CopyRule
from builder.synthesis.constraints.synthesizer import synthesize
from builder.synthesis.constraints.variants import ConversationWriter, VariantRule
from builder.synthesis.offline.constraint_grammar import write_constraint
from builder.taxonomy import Taxonomy
from tests.factories import DOGS, GORE, make_item, make_oracle, make_request, make_risk
from tests.support.variant_rules import make_variant_rule

POST = "Action please\n\nSeen Heat more often than I can say. Looking for pace and good chases."

# A text counts as a copy only where it is asked for: most tests write one thing many times.
ANY_COPY = CopyRule(gram_words=50, min_jaccard=1.0, attempts=3)


@pytest.fixture
def writer(taxonomy: Taxonomy) -> Callable[..., ConversationWriter]:
    """Make a writer whose oracle says these verdicts on DOGS of a, b, c, and these on GORE."""

    def make(said: Sequence[Verdict], gore: Sequence[Verdict], rule: VariantRule) -> Any:
        risks = [
            make_risk(item, trait, verdict, reasons=(why,))
            for trait, verdicts, why in (
                (DOGS, said, Reason("yes", ("does-the-dog-die",), "ours")),
                (GORE, gore, Reason("unanswered", ("are-any-teeth-damaged",))),
            )
            for item, verdict in zip("abcd", verdicts, strict=False)
        ]
        risks.append(make_risk("d", DOGS))
        near = AlternativeRule(most=5, min_likeness=0.5)
        films = [make_item(i, genres=("action",)) for i in "abcde"]
        known = make_oracle(risks)
        alternatives = Alternatives(films, [], known, near, seed=5)
        answering = Answering(known, alternatives, taxonomy)
        return ConversationWriter(taxonomy, answering, rule, seed=5)

    return make


@pytest.fixture
def run(
    reject: Reject,
    writer: Callable[..., ConversationWriter],
) -> Callable[..., list[Conversation]]:
    """Synthesize one request, or several."""

    def make(
        assignments: Sequence[Assignment],
        said: Sequence[Verdict] = ("unsafe", "safe", "unknown"),
        requests: Sequence[Request] = (),
        client: Any = None,
        workers: int = 1,
        rule: VariantRule | None = None,
        copies: CopyRule = ANY_COPY,
        gore: Sequence[Verdict] = (),
    ) -> list[Conversation]:
        found = requests or [make_request(POST)]
        asked = client or OfflineWriter(5, {"constraint": write_constraint})
        made = writer(said, gore, rule or make_variant_rule())
        return list(synthesize(found, assignments, made, asked, CopyIndex(copies), workers, reject))

    return make
