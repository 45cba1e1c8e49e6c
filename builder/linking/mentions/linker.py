"""The mentions in a dialog's turns: each linked to an item, or an abstention with candidates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from builder.linking.candidates.mention_candidates import Candidate
from builder.linking.candidates.stretches import find_all
from builder.linking.candidates.turn_text import TurnText
from builder.linking.lexicon.choice import Choice
from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.lexicon.plots import context_of
from builder.linking.mentions.chunks import chunks
from builder.linking.mentions.dialog_context import domain_of, year_of
from builder.linking.mentions.repeated import repeated_titles
from builder.linking.mentions.roles import role_of
from builder.linking.review.decisions import REVIEWED_NONE, without_year, words_of
from builder.linking.signals.score import features_of, score_of
from builder.linking.signals.signals import Ruling, Signals, TurnSignals
from builder.linking.signals.title_cues import ASKING
from builder.records import Dialog, Domain, Mention, MentionRole, Turn
from builder.settings import Strict

_OVERRULABLE: frozenset[Ruling] = frozenset({"meant", "common word", "lower case"})
"""Rulings that the score may overrule; the others say what else is meant."""

_QUESTION_CHARS = 300


class LinkRules(Strict):
    """Settings of linking.

    Attributes:
        max_candidates: Items that an abstention lists at most.
        min_score: Lowest score of a link, in [0, 1].
    """

    max_candidates: Annotated[int, Field(ge=1)]
    min_score: Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate, the item it may mean, and the features of its score.

    Attributes:
        candidate: Where it is in the text.
        signals: What the turn says about it.
        choice: The most likely item.
        item_ids: All items that it may mean.
        features: Features by name, each in [0, 1].
    """

    candidate: Candidate
    signals: Signals
    choice: Choice
    item_ids: tuple[str, ...]
    features: Mapping[str, float]


def link_dialog(
    dialog: Dialog,
    lexicon: Lexicon,
    rules: LinkRules,
    decisions: Mapping[str, str | None] = MappingProxyType({}),
) -> list[Mention]:
    """Return the mentions of all turns in order, within a turn by offset.

    Args:
        dialog: The dialog.
        lexicon: The catalogue's titles.
        rules: The settings.
        decisions: What people decided about words that would stay open, see
            `builder.linking.review.decisions`.
    """
    linked = _link_turns(dialog, lexicon, rules, decisions, set())
    repeated = repeated_titles(linked, {turn.turn_id: turn.author for turn in dialog.turns})
    return _link_turns(dialog, lexicon, rules, decisions, repeated) if repeated else linked


def _link_turns(
    dialog: Dialog,
    lexicon: Lexicon,
    rules: LinkRules,
    decisions: Mapping[str, str | None],
    known_keys: set[str],
) -> list[Mention]:
    linker = Linker(
        lexicon,
        rules,
        domain_of(dialog.community),
        year_of(dialog),
        decisions=decisions,
        known_keys=known_keys,
    )
    return [mention for turn in dialog.turns for mention in linker.link(dialog.dialog_id, turn)]


class Linker:
    """Links the turns of one dialog in order, remembering the items named so far.

    Args:
        lexicon: The catalogue's titles.
        rules: The settings.
        domain: What the dialog's community talks about; None if unknown.
        dialog_year: The year of the dialog; None if unknown.
        decisions: What people decided about words that would stay open.
        known_keys: Keys of titles that the dialog is known to speak of.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        rules: LinkRules,
        domain: Domain | None,
        dialog_year: int | None,
        *,
        decisions: Mapping[str, str | None] = MappingProxyType({}),
        known_keys: Collection[str] = (),
    ) -> None:
        self._lexicon, self._domain, self._rules = lexicon, domain, rules
        self._decisions, self._dialog_year = decisions, dialog_year
        self._keys: set[str] = set(known_keys)
        self._items: set[str] = set()
        self._previous: Turn | None = None

    def scored(self, turn: Turn) -> list[ScoredCandidate]:
        """Return what the turn may mention, in the order of the text, before any decision.

        For turns of at most one chunk, see `builder.linking.mentions.chunks`.
        """
        turn_text = TurnText(turn.text, turn.spans)
        candidates = find_all(turn_text, self._lexicon)
        evidence = TurnSignals(turn_text, candidates, self._keys, asked=self._is_answer(turn))
        pairs = zip(candidates, evidence.signals(), strict=True)
        return [
            self._score(turn.text, candidate, signals)
            for candidate, signals in pairs
            if signals.ruling != "no mention"
        ]

    def _is_answer(self, turn: Turn) -> bool:
        """Return whether the previous turn, by another speaker, asks for titles."""
        previous = self._previous
        if previous is None or previous.author == turn.author:
            return False
        return ASKING.search(previous.text[-_QUESTION_CHARS:]) is not None

    def _score(self, text: str, candidate: Candidate, signals: Signals) -> ScoredCandidate:
        key, year = candidate.key, candidate.year
        item_ids = self._lexicon.candidates(key, year) if key is not None else ()
        if candidate.series:
            item_ids = self._lexicon.series(candidate.series)
        similar = self._lexicon.similar_titles(key) if key is not None and year is None else ()
        if signals.new and (newest := self._newest(item_ids)):
            item_ids, similar, signals = newest, (), replace(signals, ruling="meant", named=True)
        choice = self._lexicon.chooser.choose(
            item_ids,
            year,
            domain=self._domain,
            named=self._items,
            similar=similar,
            context=context_of(text, candidate.start, candidate.end),
            dialog_year=self._dialog_year,
        )
        features = features_of(
            signals,
            choice,
            n_words=len((key or "").split()),
            similarity=candidate.similarity,
        )
        item_ids = tuple(dict.fromkeys([*item_ids, *similar]))
        return ScoredCandidate(candidate, signals, choice, item_ids, features)

    def _newest(self, item_ids: Sequence[str]) -> tuple[str, ...]:
        """Return the items from about the year of the dialog: "the new Halloween" in 2018."""
        return tuple(i for i in item_ids if self._lexicon.chooser.is_recent(i, self._dialog_year))

    def link(self, dialog_id: str, turn: Turn) -> Iterator[Mention]:
        """Yield the mentions of the next turn."""
        for offset, chunk in chunks(turn):
            for mention in self._link(dialog_id, chunk):
                yield replace(mention, start=mention.start + offset, end=mention.end + offset)
        self._previous = turn

    def _link(self, dialog_id: str, turn: Turn) -> Iterator[Mention]:
        candidates = self.scored(turn)
        places = [(scored.candidate.start, scored.candidate.end) for scored in candidates]
        for number, scored in enumerate(candidates):
            candidate = scored.candidate
            score = score_of(scored.features)
            abstained = self._abstains(scored, score)
            item_id = None if abstained else scored.choice.item_id
            if abstained and (words := self._decided_words(turn.text, candidate)) is not None:
                item_id, score = self._decisions[words], 1.0
                abstained = "" if item_id is not None else REVIEWED_NONE
            if item_id is not None:
                self._keys.add(candidate.key or "")
                self._items.add(item_id)
            yield Mention(
                dialog_id=dialog_id,
                turn_id=turn.turn_id,
                start=candidate.start,
                end=candidate.end,
                surface=turn.text[candidate.start : candidate.end],
                role=self._role(turn, places, number, item_id),
                item_id=item_id,
                score=round(score, 4) if item_id is not None else 0.0,
                candidates=() if item_id else scored.item_ids[: self._rules.max_candidates],
                abstained=abstained,
            )

    def _decided_words(self, text: str, candidate: Candidate) -> str | None:
        """Return the words of the decision that applies here; None if there is none.

        A decision on the words alone applies next to a year only if its item is from about then.
        """
        surface = text[candidate.start : candidate.end]
        exact, bare = words_of(surface), without_year(surface)
        if exact in self._decisions:
            return exact
        item_id, year = self._decisions.get(bare), candidate.year
        is_of_year = item_id is not None and self._lexicon.chooser.of_year((item_id,), year)
        return bare if is_of_year else None

    def _abstains(self, scored: ScoredCandidate, score: float) -> str:
        """Return why no item is linked; "" if one is."""
        if scored.candidate.series:
            return "series"
        if scored.candidate.key is None:
            return "not in the catalogue"
        if scored.signals.ruling not in _OVERRULABLE:
            return scored.signals.ruling
        if scored.choice.item_id is None:
            return "no such year"
        is_tie = scored.choice.lead == 0  # nothing speaks for one of the items
        if score >= self._rules.min_score and not is_tie:
            return ""
        if scored.signals.ruling != "meant":
            return scored.signals.ruling
        return "ambiguous year" if scored.choice.lead < 1 else "low score"

    def _role(
        self, turn: Turn, places: Sequence[tuple[int, int]], number: int, item_id: str | None
    ) -> MentionRole:
        start = places[number][0]
        if any(span.kind == "quote" and span.start <= start < span.end for span in turn.spans):
            return "mentioned"  # in a quotation of somebody else
        role = role_of(turn.role, turn.text, places, number)
        if role == "recommended" and item_id is not None and self._domain is not None:
            is_wanted = self._lexicon.domain_by_id[item_id] == self._domain
            return role if is_wanted else "mentioned"  # a film named where games are asked for
        return role
