"""Mentions of a dialog's turns: linked to an item, or an abstention with its candidates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from builder.linking.candidates.mention_candidates import Candidate
from builder.linking.candidates.stretches import find_all
from builder.linking.candidates.turn_text import Page
from builder.linking.mentions.chunks import pieces
from builder.linking.mentions.dialog_context import domain_of, year_of
from builder.linking.mentions.repeated import repeated_titles
from builder.linking.mentions.roles import role_of
from builder.linking.review.decisions import REVIEWED_NONE, without_year, words_of
from builder.linking.signals.score import features_of, score_of
from builder.linking.signals.signals import Signs, TitleEvidence, Verdict
from builder.linking.signals.title_cues import ASKING
from builder.linking.titles.choice import Choice
from builder.linking.titles.lexicon import Lexicon
from builder.linking.titles.plots import context_of
from builder.records import Dialog, Domain, Mention, MentionRole, Turn

_SOFT: frozenset[Verdict] = frozenset({"meant", "common word", "lower case"})
"""Verdicts that a score may overrule; the others say what else is meant."""

_QUESTION_CHARS = 300


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
        decided: What people said of words that would stay open, see
            `builder.linking.review.decisions`.
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

        A turn longer than a piece, see `builder.linking.mentions.chunks`, is for `link`.
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
            if abstained and (words := self._decided_words(turn.text, candidate)) is not None:
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

    def _decided_words(self, text: str, candidate: Candidate) -> str | None:
        """Return the words of a decision that holds here, None where there is none.

        One on the words alone holds beside a year only where its item is of about that year.
        """
        surface = text[candidate.start : candidate.end]
        exact, bare = words_of(surface), without_year(surface)
        if exact in self._decided:
            return exact
        item_id, year = self._decided.get(bare), candidate.year
        is_of_year = item_id is not None and self._lexicon.chooser.of_year((item_id,), year)
        return bare if is_of_year else None

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
