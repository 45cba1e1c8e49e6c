"""The two oracles of a run, from evidence that does not overlap, and what a report says of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.oracle.checks.calibration import coverage_risk, reliability
from builder.oracle.checks.knowledge import coverage, fed, kinds_of
from builder.oracle.checks.oracle_agreement import agreement
from builder.oracle.checks.text_quality import score_texts, text_quality
from builder.oracle.evidence.feeds import Feed
from builder.oracle.files.label import OracleLabel, Role
from builder.oracle.make import Evidences, Made, MakeRules, make_oracle
from builder.records import Evidence, Item, Risk
from builder.taxonomy import Taxonomy, Trait

ROLES: tuple[Role, ...] = ("build", "grade")
COVERAGE_COLUMNS = ("trait", "oracle", "verdict", "share")


@dataclass(frozen=True, slots=True)
class OraclePair:
    """Both oracles.

    Attributes:
        made: By role.
        risks: By role, the answers for every item and trait.
        fed_by: By role, how much evidence of which source and kind it takes.
        traits: Of the taxonomy.
    """

    made: Mapping[Role, Made]
    risks: Mapping[Role, Sequence[Risk]]
    fed_by: Mapping[str, Any]
    traits: Sequence[Trait]

    def label(self, role: Role) -> OracleLabel:
        """Return what the file of an oracle says of it."""
        return OracleLabel(role, self.fed_by[role], self.made[role].taught_by)

    def coverage(self) -> list[dict[str, Any]]:
        """Return the share of each verdict by trait and oracle, as rows of COVERAGE_COLUMNS."""
        return coverage([risk for role in ROLES for risk in self.risks[role]])

    def reliability(self) -> list[dict[str, Any]]:
        """Return how often stated risks come true, see `calibration.reliability`."""
        return [r for role in ROLES for r in reliability(self.made[role].labelled, self.traits)]

    def coverage_risk(self) -> list[dict[str, Any]]:
        """Return what deciding less would spare, see `calibration.coverage_risk`."""
        return [r for role in ROLES for r in coverage_risk(self.made[role].labelled, self.traits)]


def make_pair(
    evidences: Evidences,
    feeds: Mapping[str, Sequence[Feed]],
    labels: Mapping[str, Sequence[Feed]],
    taxonomy: Taxonomy,
    rules: MakeRules,
    seed: int,
) -> OraclePair:
    """Return both oracles.

    Args:
        evidences: All there is, whichever oracle it feeds.
        feeds: By role, the evidence that it takes.
        labels: By role, the evidence outside it that labels its items.
        taxonomy: Warnings and traits.
        rules: What decides.
        seed: Of the draws.

    Raises:
        InputError: If an oracle would be judged by its own evidence.
    """
    made = {
        role: make_oracle(role, evidences, feeds[role], labels[role], taxonomy, rules, seed)
        for role in ROLES
    }
    return OraclePair(
        made=made,
        risks={role: list(one.risks()) for role, one in made.items()},
        fed_by=fed(kinds_of(evidences.evidence, evidences.likelihoods), feeds),
        traits=list(taxonomy.traits.values()),
    )


def pair_report(
    pair: OraclePair,
    items: Sequence[Item],
    stated: Sequence[Evidence],
    texts: Sequence[Evidence],
    rules: MakeRules,
    *,
    target_precision: float,
    seed: int,
) -> dict[str, Any]:
    """Return how far both oracles can be believed and how far they agree, as plain data.

    Args:
        pair: The oracles.
        items: The catalogue.
        stated: The evidence of sources.
        texts: The evidence of the items' texts.
        rules: By which the oracles were made.
        target_precision: At which the lowest trigger of a kind of text is named.
        seed: Of the draws.
    """
    asked = {warning for trait in pair.traits for warning in trait.warnings}
    scored = score_texts(
        items,
        asked,
        (e for e in stated if e.kind == "statement"),
        (e for e in texts if e.kind in ("similarity", "aside")),
    )
    return {
        "fusion": rules.fusion,
        "fed_by": pair.fed_by,
        "taught_by": {role: one.taught_by for role, one in pair.made.items()},
        "verdicts": pair.coverage(),
        "calibration": {role: one.calibration for role, one in pair.made.items()},
        "agreement": agreement(
            pair.made["build"].fused.codes,
            pair.made["grade"].fused.codes,
            [trait.name for trait in pair.traits],
            n_resamples=rules.n_resamples,
            seed=seed,
        ),
        "text_against_statements": text_quality(
            scored,
            pair.traits,
            rules.text_trigger,
            target_precision=target_precision,
            n_resamples=rules.n_resamples,
            seed=seed,
        ),
    }
