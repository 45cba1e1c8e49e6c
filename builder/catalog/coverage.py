"""How much each source tells about each trait, and which texts it brings, counted in items."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from builder.records import Evidence, Item, TextKind
from builder.taxonomy import Taxonomy, Trait


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one source tells about one trait, in items; `any_source` where `source` is "".

    `items` have any evidence that bears on the trait: `answered` a yes or no to one of its
    warnings, `yes` a yes, `severities` a severity of a category with weight in it, `ceilings` an
    upper bound of one. `share` is items over all items of the catalogue, in [0, 1].
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
    """The texts of one kind that one source brings; of all sources where `source` is "".

    `items` have one with any words in it, `share` is items over all items of the catalogue, in
    [0, 1], `characters` are those of all of them.
    """

    source: str
    kind: TextKind
    items: int
    share: float
    characters: int


@dataclass(slots=True)
class _Told:
    items: set[str]
    answered: set[str]
    yes: set[str]
    severities: set[str]
    ceilings: set[str]


def measure_coverage(
    items: Iterable[Item], evidence: Iterable[Evidence], taxonomy: Taxonomy
) -> list[Coverage]:
    """Return one row a source and trait, then one a trait for all sources together ("").

    Sources are those that gave any field, text or evidence, in the alphabet's order; traits stand
    in the taxonomy's.
    """
    n_items, sources = _count(items)
    traits_by_subject = _traits_by_subject(taxonomy.traits.values())
    told: dict[tuple[str, str], _Told] = defaultdict(
        lambda: _Told(set(), set(), set(), set(), set())
    )
    for found in evidence:
        sources.add(found.source)
        for trait in traits_by_subject.get(found.subject, ()):
            for source in (found.source, ""):
                _note(told[source, trait], found)
    return [
        _row(source, trait, told[source, trait], n_items)
        for source in [*sorted(sources), ""]
        for trait in taxonomy.traits
    ]


def measure_texts(items: Iterable[Item]) -> list[TextCoverage]:
    """Return one row a source and kind of its texts, then one a kind for all sources together ("").

    Sources stand in the alphabet's order, kinds in the order of `TextKind`.
    """
    n_items = 0
    owners: dict[tuple[str, TextKind], set[str]] = defaultdict(set)
    n_characters: Counter[tuple[str, TextKind]] = Counter()
    for item in items:
        n_items += 1
        for text in item.texts:
            for source in (text.source, ""):
                owners[source, text.kind].add(item.item_id)
                n_characters[source, text.kind] += len(text.text)
    sources = [*sorted({source for source, _ in owners} - {""}), ""]
    return [
        TextCoverage(
            source, kind, len(ids), round(len(ids) / n_items, 4), n_characters[source, kind]
        )
        for source in sources
        for kind in get_args(TextKind)
        if (ids := owners.get((source, kind)))
    ]


def _count(items: Iterable[Item]) -> tuple[int, set[str]]:
    n_items, sources = 0, set()
    for item in items:
        n_items += 1
        sources |= {field.source for field in item.provenance}
        sources |= {text.source for text in item.texts}
    return n_items, sources


def _traits_by_subject(traits: Iterable[Trait]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for trait in traits:
        for subject in _subjects(trait):
            found[subject].append(trait.name)
    return found


def _subjects(trait: Trait) -> Iterator[str]:
    yield from trait.warnings
    yield from (c for c, weight in trait.parents_guide.weights.items() if weight > 0)


def _note(told: _Told, found: Evidence) -> None:
    told.items.add(found.item_id)
    if found.kind == "statement":
        told.answered.add(found.item_id)
        if found.value >= 0.5:
            told.yes.add(found.item_id)
    elif found.kind == "severity":
        told.severities.add(found.item_id)
    elif found.kind == "ceiling":
        told.ceilings.add(found.item_id)


def _row(source: str, trait: str, told: _Told, n_items: int) -> Coverage:
    return Coverage(
        source=source,
        trait=trait,
        items=len(told.items),
        answered=len(told.answered),
        yes=len(told.yes),
        severities=len(told.severities),
        ceilings=len(told.ceilings),
        share=round(len(told.items) / n_items, 4) if n_items else 0.0,
    )
