from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.export.description.facts import (
    SourceLine,
    VerdictLine,
    WriterLine,
    count_rows,
    dialog_sources,
    evidence_sources,
    item_sources,
    row_writers,
    used_rows,
    verdict_lines,
    writers,
)
from builder.records import Conversation, Evidence, ExportRow, FieldSource, Review, Verdict
from builder.tables import write_table
from tests.factories import GORE, make_evidence, make_export_row, make_oracle, make_risk
from tests.support.release_rows import ITEMS, make_sft_row


@pytest.fixture
def used() -> list[tuple[ExportRow, Conversation]]:
    plain = make_sft_row(3, trait=None, mode="cues", dialog_id="t2", made_by="openai:m")
    return [
        (make_export_row("c001"), make_sft_row(1)),
        (make_export_row("c002", split="test"), make_sft_row(2)),
        (make_export_row("c003", config="grpo", dialog_id="t2"), plain),
    ]


def test_rows_are_counted_by_place_trait_status_and_verdict(
    used: list[tuple[ExportRow, Conversation]],
) -> None:
    facts = count_rows(used, [Review("c002", "accepted", ("p1",), "")])
    assert facts.n_by_place == {("sft", "train"): 1, ("sft", "test"): 1, ("grpo", "train"): 1}
    assert facts.n_by_trait == {GORE: 2}
    assert facts.n_by_status == {"unreviewed": 2, "accepted": 1}
    assert facts.n_titles_by_verdict == {"safe": 4, "unsafe": 2, "unknown": 2}
    assert facts.n_rows == 3
    assert facts.unreviewed_share == pytest.approx(2 / 3)
    assert facts.unknown_share == pytest.approx(0.25)


def test_no_rows_give_no_shares() -> None:
    facts = count_rows([], [])
    assert (facts.n_rows, facts.unreviewed_share, facts.unknown_share) == (0, 0.0, 0.0)


def test_a_row_without_its_conversation_ends_the_run() -> None:
    index = [make_export_row("c009", row=4)]
    with pytest.raises(InputError, match="row 4 of train has no conversation c009"):
        used_rows(index, [make_sft_row(1)])


def test_writers_are_named_the_busiest_first_and_stand_ins_marked(
    used: list[tuple[ExportRow, Conversation]],
) -> None:
    assert row_writers(used) == [
        WriterLine("sft", "offline-writer/1", 2, is_stand_in=True),
        WriterLine("grpo", "openai:m", 1, is_stand_in=False),
    ]
    assert writers("penguin", ["b", "a", "b"]) == [
        WriterLine("penguin", "b", 2, is_stand_in=False),
        WriterLine("penguin", "a", 1, is_stand_in=False),
    ]


def test_sources_are_counted_in_threads_items_and_statements(
    used: list[tuple[ExportRow, Conversation]], tmp_path: Path
) -> None:
    assert dialog_sources(used) == [SourceLine("reddit", "CC0-1.0", "threads", 2)]
    provenance = (
        FieldSource("title", "movielens", "research only", "2026-11-21"),
        FieldSource("rating", "mpaa", "unknown", "2026-11-21"),
    )
    unused = replace(ITEMS[0], item_id="imdb:tt1")
    assert item_sources(used, [replace(ITEMS[0], provenance=provenance), *ITEMS[1:], unused]) == [
        SourceLine("maintainers", "CC0-1.0", "titles and years", 4),
        SourceLine("movielens", "research only", "titles and years", 1),
    ]
    statement = make_evidence("statement", "w", 1.0, item_id="x", source="mpaa", licence="unknown")
    for name, rows in (("one", [statement, statement]), ("two", [replace(statement, source="a")])):
        write_table(tmp_path / name, Evidence, rows)
    assert evidence_sources(tmp_path / "one", tmp_path / "two") == [
        SourceLine("a", "unknown", "evidence: statements on warnings", 1),
        SourceLine("mpaa", "unknown", "evidence: statements on warnings", 2),
    ]


def test_verdicts_are_divided_by_trait_and_without_an_answer_all_is_unknown() -> None:
    verdicts: list[Verdict] = ["unsafe", "unknown", "unknown", "safe"]
    risks = [make_risk(str(n), GORE, verdict) for n, verdict in enumerate(verdicts)]
    assert verdict_lines(make_oracle(risks), [GORE, "Other"]) == [
        VerdictLine(GORE, unsafe=0.25, safe=0.25, unknown=0.5),
        VerdictLine("Other", unsafe=0.0, safe=0.0, unknown=1.0),
    ]
