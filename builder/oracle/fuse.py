"""Evidence becomes the risk of every item for every trait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from builder.oracle.answers import collect_answers
from builder.oracle.because import Explainer
from builder.oracle.verdict import TraitVerdicts, VerdictRules, judge
from builder.records import Evidence, Risk, Verdict
from builder.taxonomy import Taxonomy, Trait


def fuse(
    oracle: str,
    item_ids: Sequence[str],
    evidence: Iterable[Evidence],
    taxonomy: Taxonomy,
    rules: VerdictRules,
    text_trigger: Mapping[str, float],
) -> Iterator[Risk]:
    """Yield a row for every item and trait, traits in the taxonomy's order, items as given.

    `risk` is the reference's `final` on what is known, `low`; it is None where the verdict is
    unknown. `pg_risk` is None where no category with a weight was stated.

    Args:
        oracle: Its name, written into every row.
        item_ids: All items.
        evidence: What feeds this oracle.
        taxonomy: Traits and warnings.
        rules: What decides.
        text_trigger: Lowest cosine that is a yes, by kind of text.
    """
    warning_ids = list(taxonomy.warnings)
    answers = collect_answers(item_ids, warning_ids, evidence, text_trigger)
    for trait in taxonomy.traits.values():
        verdicts = judge(answers, warning_ids, trait, rules)
        explainer = Explainer(trait, taxonomy.warnings, answers.spoken)
        for row, item_id in enumerate(item_ids):
            because = explainer.because(row, verdicts)
            yield _risk(oracle, item_id, trait, verdicts, row, rules, because)


def _risk(
    oracle: str,
    item_id: str,
    trait: Trait,
    verdicts: TraitVerdicts,
    row: int,
    rules: VerdictRules,
    because: tuple[str, ...],
) -> Risk:
    verdict = _verdict(verdicts, row)
    low, pg = float(verdicts.low[row]), float(verdicts.pg_low[row])
    trigger = bool(verdicts.trigger[row])
    return Risk(
        item_id=item_id,
        trait=trait.name,
        oracle=oracle,
        verdict=verdict,
        risk=None if verdict == "unknown" else low,
        low=low,
        high=float(verdicts.high[row]),
        ddd_trigger=int(trigger),
        pg_risk=pg if verdicts.pg_known[row] else None,
        source=risk_source(trigger, pg, rules.unsafe_at),
        because=because,
    )


def _verdict(verdicts: TraitVerdicts, row: int) -> Verdict:
    if verdicts.unsafe[row]:
        return "unsafe"
    return "safe" if verdicts.safe[row] else "unknown"


def risk_source(trigger: bool, pg: float, unsafe_at: float) -> str:
    """Return what fired, in the SafeRec release's words: "Both", "DDD", "ParentGuide" or ""."""
    if trigger:
        return "Both" if pg > 0 else "DDD"
    return "ParentGuide" if pg >= unsafe_at else ""
