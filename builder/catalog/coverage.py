"""How much each source says about each trait, and which texts it brings, counted in items."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from builder.records import Evidence, Item, TextKind
from builder.taxonomy import Taxonomy, Trait


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one source says about one trait, counted in items.

    Attributes:
        source: Its name; "" for all sources together.
        trait: Its name.
        items: Items with any evidence about the trait.
        answered: Items with a yes or no to one of its warnings.
        yes: Items with a yes.
        severities: Items with a severity of a category that has a weight in the trait.
        ceilings: Items with an upper bound of such a severity.
        share: `items` as a share of the catalogue, in [0, 1].
    """

    source: str
    trait: str
    items: int
    answered: int
    yes: int
    severities: int
    ceilings: int
    share: float


@dataclass(frozen=True, slots=True)
class TextCoverage:
    """The texts of one kind that one source brings.

    Attributes:
        source: Its name; "" for all sources together.
        kind: Of text.
        items: Items with such a text that is not empty.
        share: `items` as a share of the catalogue, in [0, 1].
        characters: Of all these texts.
    """

    source: str
    kind: TextKind
    items: int
    share: float
    characters: int


@dataclass(slots=True)
class _Covered:
    items: set[str]
    answered: set[str]
    yes: set[str]
    severities: set[str]
    ceilings: set[str]


def measure_coverage(
    items: Iterable[Item], evidence: Iterable[Evidence], taxonomy: Taxonomy
) -> list[Coverage]:
    """Return one row per source and trait, then one per trait for all sources together ("").

    Sources are those that gave any field, text or evidence, in alphabetical order; traits are in
    the taxonomy's order.
    """
    n_items, sources = _count(items)
    traits_by_subject = _traits_by_subject(taxonomy.traits.values())
    covered: dict[tuple[str, str], _Covered] = defaultdict(
        lambda: _Covered(set(), set(), set(), set(), set())
    )
    for evidence_row in evidence:
        sources.add(evidence_row.source)
        for trait in traits_by_subject.get(evidence_row.subject, ()):
            for source in (evidence_row.source, ""):
                _note(covered[source, trait], evidence_row)
    return [
        _row(source, trait, covered[source, trait], n_items)
        for source in [*sorted(sources), ""]
        for trait in taxonomy.traits
    ]


def measure_texts(items: Iterable[Item]) -> list[TextCoverage]:
    """Return one row per source and kind of text, then one per kind for all sources together ("").

    Sources are in alphabetical order, kinds in the order of `TextKind`.
    """
    n_items = 0
    item_ids: dict[tuple[str, TextKind], set[str]] = defaultdict(set)
    n_characters: Counter[tuple[str, TextKind]] = Counter()
    for item in items:
        n_items += 1
        for text in item.texts:
            for source in (text.source, ""):
                item_ids[source, text.kind].add(item.item_id)
                n_characters[source, text.kind] += len(text.text)
    sources = [*sorted({source for source, _ in item_ids} - {""}), ""]
    return [
        TextCoverage(
            source, kind, len(ids), round(len(ids) / n_items, 4), n_characters[source, kind]
        )
        for source in sources
        for kind in get_args(TextKind)
        if (ids := item_ids.get((source, kind)))
    ]


def _count(items: Iterable[Item]) -> tuple[int, set[str]]:
    n_items, sources = 0, set()
    for item in items:
        n_items += 1
        sources |= {field.source for field in item.provenance}
        sources |= {text.source for text in item.texts}
    return n_items, sources


def _traits_by_subject(traits: Iterable[Trait]) -> dict[str, list[str]]:
    traits_by_subject: dict[str, list[str]] = defaultdict(list)
    for trait in traits:
        for subject in _subjects(trait):
            traits_by_subject[subject].append(trait.name)
    return traits_by_subject


def _subjects(trait: Trait) -> Iterator[str]:
    yield from trait.warnings
    yield from (c for c, weight in trait.parents_guide.weights.items() if weight > 0)


def _note(covered: _Covered, evidence_row: Evidence) -> None:
    covered.items.add(evidence_row.item_id)
    if evidence_row.kind == "statement":
        covered.answered.add(evidence_row.item_id)
        if evidence_row.value >= 0.5:
            covered.yes.add(evidence_row.item_id)
    elif evidence_row.kind == "severity":
        covered.severities.add(evidence_row.item_id)
    elif evidence_row.kind == "ceiling":
        covered.ceilings.add(evidence_row.item_id)


def _row(source: str, trait: str, covered: _Covered, n_items: int) -> Coverage:
    return Coverage(
        source=source,
        trait=trait,
        items=len(covered.items),
        answered=len(covered.answered),
        yes=len(covered.yes),
        severities=len(covered.severities),
        ceilings=len(covered.ceilings),
        share=round(len(covered.items) / n_items, 4) if n_items else 0.0,
    )
