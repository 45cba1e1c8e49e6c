"""From verdicts to exported rows: nothing that is not oracle to be safe is ever offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.explanations.renderer import Renderer
from builder.export.choose import ChosenRow, ExportRule, RowChooser
from builder.export.formats.saferec import intermediate_of, row_of
from builder.export.naming import Names
from builder.llm.offline import OfflineWriter
from builder.records import Verdict
from builder.synthesis.answers.alternatives import AlternativeRule, Alternatives
from builder.synthesis.answers.outcome import Answering
from builder.synthesis.answers.reasoning import Reasoner
from builder.synthesis.constraints.copies import CopyIndex, CopyRule
from builder.synthesis.constraints.synthesizer import synthesize
from builder.synthesis.constraints.variants import ConversationWriter, VariantRule
from builder.synthesis.offline.constraint_grammar import write_constraint
from builder.synthesis.styles import STYLES, force_of
from builder.synthesis.text_limits import PromptLimits
from builder.taxonomy import Taxonomy
from tests.factories import (
    DOGS,
    GORE,
    make_assignment,
    make_item,
    make_oracle,
    make_request,
    make_risk,
)

TAXONOMY = Taxonomy.load(Path("data/taxonomy"))
REASONER = Reasoner(TAXONOMY, Renderer(TAXONOMY), 1)
POST = "Films for a long weekend, please. Nothing gory."
IDS = tuple("abcdef")
ITEMS = [make_item(i, f"Film {i}", genres=("Drama",)) for i in IDS]
NAMES = Names(ITEMS)
RULE = VariantRule(
    styles=list(STYLES),
    per_sample=9,
    set_styles=[],
    set_share=0.0,
    max_chars=400,
    prompts=PromptLimits(max_chars=2000),
)
Verdicts = Mapping[tuple[str, str], Verdict]


def exported(verdicts: Verdicts, is_cued: bool, export_rule: ExportRule) -> Iterator[ChosenRow]:
    """Yield the rows of one request that recommends a to d, out of six items."""
    risks = [make_risk(item_id, trait, verdict) for (item_id, trait), verdict in verdicts.items()]
    request = make_request(POST, "t#1", recommended=IDS[:4])
    cue = GORE if is_cued else None
    assigned = [
        make_assignment(DOGS, request_id="t#1", confidence=0.6),
        make_assignment(cue, "cues", request_id="t#1", cue="Nothing gory" if is_cued else ""),
    ]
    oracle = make_oracle(risks)
    near = Alternatives(ITEMS, [request], oracle, AlternativeRule(most=5, min_likeness=0.5), 1)
    answering = Answering(oracle, near, TAXONOMY)
    writer = ConversationWriter(TAXONOMY, answering, RULE, 1)
    client = OfflineWriter(1, {"constraint": write_constraint})
    copies = CopyIndex(CopyRule(gram_words=3, min_jaccard=1.0, attempts=1))
    chooser = RowChooser(export_rule, NAMES, {"t": "train"}, {}, (GORE, DOGS))
    for row in synthesize([request], assigned, writer, client, copies, 1, lambda *parts: None):
        outcome = chooser.choose(row)
        if isinstance(outcome, ChosenRow):
            yield outcome


@pytest.mark.parametrize("unknown", ["drop", "keep"])
@settings(max_examples=25)
@given(
    verdicts=st.fixed_dictionaries(
        {key: st.sampled_from(get_args(Verdict)) for key in product(IDS, (GORE, DOGS))}
    ),
    is_cued=st.booleans(),
)
def test_every_title_offered_is_safe_for_every_wish_in_force(
    unknown: str, verdicts: Verdicts, is_cued: bool
) -> None:
    rule = ExportRule(
        wanted=10,
        min_groundtruth_train=1,
        unknown_in_groundtruth=unknown,
        alternatives=3,
        empty_groundtruth="alternatives",
    )  # type: ignore[arg-type]
    for chosen in exported(verdicts, is_cued, rule):
        conversation = chosen.conversation
        assert set(conversation.in_force) == ({GORE} if is_cued else set()) | (
            {DOGS}
            if conversation.mode == "violations" and force_of(conversation.variant) != "void"
            else set()
        )
        for item_id in chosen.answer:
            assert all(verdicts[item_id, trait] == "safe" for trait in conversation.in_force)
        for item_id in chosen.groundtruth:
            assert all(verdicts[item_id, trait] != "unsafe" for trait in conversation.in_force)
        row = row_of(chosen, NAMES, (GORE, DOGS), REASONER, wanted=10, seed=1)
        offered = row["completion"][0]["content"] if chosen.config == "sft" else ""
        listed = offered.partition("<solution>")[2]
        plain = intermediate_of(chosen, NAMES, REASONER, 1)["plain_completion"]
        for item_id in set(IDS) - set(chosen.answer):
            assert f"Film {item_id}" not in listed
            assert f"Film {item_id}" not in plain


def test_the_rows_above_are_not_empty() -> None:
    verdicts: dict[tuple[str, str], Verdict] = dict.fromkeys(product(IDS, (GORE, DOGS)), "safe")
    verdicts["a", DOGS], verdicts["b", GORE] = "unsafe", "unsafe"
    rule = ExportRule(
        wanted=10,
        min_groundtruth_train=1,
        unknown_in_groundtruth="drop",
        alternatives=3,
        empty_groundtruth="alternatives",
    )
    rows = list(exported(verdicts, True, rule))
    assert {row.config for row in rows} == {"sft", "grpo"}
    assert {row.conversation.variant for row in rows} >= {"stated", "negated", "weakened", "cue"}
    assert all(row.answer for row in rows)
