"""Mentions of a dialog's turns: linked to an item, or an abstention with its candidates."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType

from builder.linking.candidates import Candidate
from builder.linking.choice import Choice
from builder.linking.evidence import Signs, TitleEvidence, Verdict
from builder.linking.lexicon import Lexicon
from builder.linking.page import Page
from builder.linking.pieces import pieces
from builder.linking.plots import context_of
from builder.linking.repeated import repeated_titles
from builder.linking.review import REVIEWED_NONE, words_of
from builder.linking.roles import role_of
from builder.linking.score import features_of, score_of
from builder.linking.stretches import find_all
from builder.linking.title_cues import ASKING
from builder.records import Dialog, Domain, Mention, MentionRole, Turn

_SOFT: frozenset[Verdict] = frozenset({"meant", "common word", "lower case"})
"""Verdicts that a score may overrule; the others say what else is meant."""

_QUESTION_CHARS = 300

_GAMES = re.compile(
    r"gam(?:e|es|ing|er|ers)\b|gam(?:e|ing)|playstation|xbox|nintendo|steam", re.IGNORECASE
)
_FILMS = re.compile(r"movie|film|cinema|flick", re.IGNORECASE)


def domain_of(community: str) -> Domain | None:
    """Return what a community talks about, None where its name does not say."""
    if _GAMES.search(community):
        return "game"
    return "film" if _FILMS.search(community) else None


def year_of(dialog: Dialog) -> int | None:
    """Return the year of a dialog, None where it has no date."""
    date = datetime.fromtimestamp(dialog.created_utc, UTC)
    return date.year if dialog.created_utc else None


@dataclass(frozen=True, slots=True)
class LinkRules:
    """What of linking is configured: items that an abstention names, lowest score of a link."""

    max_candidates: int
    min_score: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with the item it may mean and the features its score is made of."""

    candidate: Candidate
    signs: Signs
    choice: Choice
    others: tuple[str, ...]
    features: Mapping[str, float]


def link_dialog(
    dialog: Dialog,
    lexicon: Lexicon,
    rules: LinkRules,
    decided: Mapping[str, str | None] = MappingProxyType({}),
) -> list[Mention]:
    """Return the mentions of all turns in order, those of a turn by their offsets.

    Args:
        dialog: The dialog.
        lexicon: The catalogue's titles.
        rules: What is configured.
        decided: What people said of words that would stay open, see `builder.linking.review`.
    """
    linked = _link_turns(dialog, lexicon, rules, decided, set())
    repeated = repeated_titles(linked, {turn.turn_id: turn.author for turn in dialog.turns})
    return _link_turns(dialog, lexicon, rules, decided, repeated) if repeated else linked


def _link_turns(
    dialog: Dialog,
    lexicon: Lexicon,
    rules: LinkRules,
    decided: Mapping[str, str | None],
    known: set[str],
) -> list[Mention]:
    linker = Linker(
        lexicon, rules, domain_of(dialog.community), year_of(dialog), decided=decided, known=known
    )
    return [mention for turn in dialog.turns for mention in linker.link(dialog.dialog_id, turn)]


class Linker:
    """Links the turns of one dialog in order, remembering the items that it has named.

    Args:
        lexicon: The catalogue's titles.
        rules: What is configured.
        domain: What the dialog's community talks about, None where that is unknown.
        talked: The year of the dialog, None where that is unknown.
        decided: What people said of words that would stay open.
        known: Keys of titles that the dialog is known to speak of.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        rules: LinkRules,
        domain: Domain | None,
        talked: int | None,
        *,
        decided: Mapping[str, str | None] = MappingProxyType({}),
        known: Collection[str] = (),
    ) -> None:
        self._lexicon, self._domain, self._rules = lexicon, domain, rules
        self._decided, self._talked = decided, talked
        self._keys: set[str] = set(known)
        self._items: set[str] = set()
        self._said: Turn | None = None

    def scored(self, turn: Turn) -> list[Scored]:
        """Return what the turn may mention, in order of the text, nothing decided.

        A turn longer than a piece, see `builder.linking.pieces`, is for `link`.
        """
        page = Page(turn.text, turn.spans)
        found = find_all(page, self._lexicon)
        evidence = TitleEvidence(page, found, self._keys, asked=self._is_answer(turn))
        judged = zip(found, evidence.signs(), strict=True)
        return [
            self._score(turn.text, candidate, signs)
            for candidate, signs in judged
            if signs.verdict != "no mention"
        ]

    def _is_answer(self, turn: Turn) -> bool:
        """Return whether the turn before, by another speaker, asks for titles."""
        said = self._said
        if said is None or said.author == turn.author:
            return False
        return ASKING.search(said.text[-_QUESTION_CHARS:]) is not None

    def _score(self, text: str, candidate: Candidate, signs: Signs) -> Scored:
        key, year = candidate.key, candidate.year
        others = self._lexicon.candidates(key, year) if key is not None else ()
        if candidate.series:
            others = self._lexicon.series(candidate.series)
        otherwise = self._lexicon.otherwise(key) if key is not None and year is None else ()
        if signs.new and (newest := self._newest(others)):
            others, otherwise, signs = newest, (), replace(signs, verdict="meant", named=True)
        choice = self._lexicon.chooser.choose(
            others,
            year,
            domain=self._domain,
            named=self._items,
            otherwise=otherwise,
            context=context_of(text, candidate.start, candidate.end),
            talked=self._talked,
        )
        features = features_of(
            signs,
            choice,
            n_words=len((key or "").split()),
            likeness=candidate.likeness,
        )
        others = tuple(dict.fromkeys([*others, *otherwise]))
        return Scored(candidate, signs, choice, others, features)

    def _newest(self, item_ids: Sequence[str]) -> tuple[str, ...]:
        """Return the items of about the year of the talk: "the new Halloween" in 2018."""
        return tuple(i for i in item_ids if self._lexicon.chooser.is_recent(i, self._talked))

    def link(self, dialog_id: str, turn: Turn) -> Iterator[Mention]:
        """Yield the mentions of the next turn."""
        for offset, piece in pieces(turn):
            for found in self._link(dialog_id, piece):
                yield replace(found, start=found.start + offset, end=found.end + offset)
        self._said = turn

    def _link(self, dialog_id: str, turn: Turn) -> Iterator[Mention]:
        kept = self.scored(turn)
        places = [(scored.candidate.start, scored.candidate.end) for scored in kept]
        for number, scored in enumerate(kept):
            candidate = scored.candidate
            score = score_of(scored.features)
            abstained = self._abstains(scored, score)
            item_id = None if abstained else scored.choice.item_id
            words = words_of(turn.text[candidate.start : candidate.end]) if abstained else ""
            if words in self._decided and self._is_of_year(self._decided[words], candidate.year):
                item_id, score = self._decided[words], 1.0
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
                candidates=() if item_id else scored.others[: self._rules.max_candidates],
                abstained=abstained,
            )

    def _is_of_year(self, item_id: str | None, year: int | None) -> bool:
        """Return whether a decision can hold beside the year that is written there, if any."""
        if item_id is None or year is None:
            return year is None
        return bool(self._lexicon.chooser.of_year((item_id,), year))

    def _abstains(self, scored: Scored, score: float) -> str:
        """Return why no item is linked, "" where one is."""
        if scored.candidate.series:
            return "series"
        if scored.candidate.key is None:
            return "not in the catalogue"
        if scored.signs.verdict not in _SOFT:
            return scored.signs.verdict
        if scored.choice.item_id is None:
            return "no such year"
        is_tie = scored.choice.lead == 0  # nothing speaks for one of the items
        if score >= self._rules.min_score and not is_tie:
            return ""
        if scored.signs.verdict != "meant":
            return scored.signs.verdict
        return "ambiguous year" if scored.choice.lead < 1 else "low score"

    def _role(
        self, turn: Turn, places: Sequence[tuple[int, int]], number: int, item_id: str | None
    ) -> MentionRole:
        start = places[number][0]
        if any(span.kind == "quote" and span.start <= start < span.end for span in turn.spans):
            return "mentioned"  # in another's words
        role = role_of(turn.role, turn.text, places, number)
        if role == "recommended" and item_id is not None and self._domain is not None:
            is_wanted = self._lexicon.domain_by_id[item_id] == self._domain
            return role if is_wanted else "mentioned"  # a film named where games are asked for
        return role
