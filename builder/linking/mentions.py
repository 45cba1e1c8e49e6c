"""Mentions of a dialog's turns: linked to an item, or an abstention with its candidates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.linking.candidates import Candidate, find_candidates
from builder.linking.evidence import TitleEvidence, Verdict
from builder.linking.lexicon import Lexicon
from builder.linking.page import Page
from builder.linking.roles import role_of
from builder.records import Dialog, Domain, Mention, MentionRole, Turn

SCORE_DATED = 1.0
SCORE_DATED_ABOUT = 0.9
SCORE_UNDATED = 0.8
"""How sure a link is: by title and year, by title and a year within tolerance, by title alone."""

_GAMES = re.compile(
    r"gam(?:e|es|ing|er|ers)\b|gam(?:e|ing)|playstation|xbox|nintendo|steam", re.IGNORECASE
)
_FILMS = re.compile(r"movie|film|cinema|flick", re.IGNORECASE)


def domain_of(community: str) -> Domain | None:
    """Return what a community talks about, None where its name does not say."""
    if _GAMES.search(community):
        return "game"
    return "film" if _FILMS.search(community) else None


def link_dialog(dialog: Dialog, lexicon: Lexicon, *, max_candidates: int) -> list[Mention]:
    """Return the mentions of all turns in order, those of a turn by their offsets.

    Args:
        dialog: The dialog.
        lexicon: The catalogue's titles.
        max_candidates: How many items an abstention names at most.
    """
    linker = _Linker(lexicon, domain_of(dialog.community), max_candidates)
    return [mention for turn in dialog.turns for mention in linker.link(dialog.dialog_id, turn)]


class _Linker:
    """Links the turns of one dialog, remembering the titles that it has named."""

    def __init__(self, lexicon: Lexicon, domain: Domain | None, max_candidates: int) -> None:
        self._lexicon, self._domain, self._max = lexicon, domain, max_candidates
        self._known: set[str] = set()

    def link(self, dialog_id: str, turn: Turn) -> Iterator[Mention]:
        page = Page(turn.text, turn.spans)
        found = find_candidates(page, self._lexicon)
        judged = zip(found, TitleEvidence(page, found, self._known).verdicts(), strict=True)
        kept = [(candidate, verdict) for candidate, verdict in judged if verdict != "no mention"]
        places = [(candidate.start, candidate.end) for candidate, _ in kept]
        for number, (candidate, verdict) in enumerate(kept):
            item_id, abstained, others = self._resolve(candidate, verdict)
            role = role_of(turn.role, turn.text, places, number)
            yield Mention(
                dialog_id=dialog_id,
                turn_id=turn.turn_id,
                start=candidate.start,
                end=candidate.end,
                surface=turn.text[candidate.start : candidate.end],
                role=self._role(role, item_id),
                item_id=item_id,
                score=self._score(candidate, item_id),
                candidates=others[: self._max],
                abstained=abstained,
            )

    def _resolve(
        self, candidate: Candidate, verdict: Verdict
    ) -> tuple[str | None, str, tuple[str, ...]]:
        """Return the item, or why there is none and which it might have been."""
        if candidate.key is None:
            return None, "not in the catalogue", ()
        found = self._lexicon.resolve(candidate.key, candidate.year, self._domain)
        if verdict != "meant":
            return None, verdict, found.candidates
        if found.item_id is None:
            is_near = candidate.year is None or self._lexicon.has_near(
                found.candidates, candidate.year
            )
            return None, "ambiguous year" if is_near else "no such year", found.candidates
        self._known.add(candidate.key)
        return found.item_id, "", ()

    def _role(self, role: MentionRole, item_id: str | None) -> MentionRole:
        if role == "recommended" and item_id is not None and self._domain is not None:
            is_wanted = self._lexicon.domain_by_id[item_id] == self._domain
            return role if is_wanted else "mentioned"  # a film named where games are asked for
        return role

    def _score(self, candidate: Candidate, item_id: str | None) -> float:
        if item_id is None:
            return 0.0
        if candidate.year is None:
            return SCORE_UNDATED
        is_exact = self._lexicon.year(item_id) == candidate.year
        return SCORE_DATED if is_exact else SCORE_DATED_ABOUT
