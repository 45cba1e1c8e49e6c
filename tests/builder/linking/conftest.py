"""A lexicon of a small catalogue, and what is linked in one turn."""

from __future__ import annotations

import pytest

from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.mentions.linker import link_dialog
from builder.records import Item, Mention, TurnRole
from tests.support.linking import FILMS, GAMES, RULES, Say, dialog_of, listed


@pytest.fixture(scope="session")
def items() -> list[Item]:
    films = [listed(title, year, "film") for title, year in FILMS]
    return [*films, *(listed(title, year, "game") for title, year in GAMES)]


@pytest.fixture(scope="session")
def lexicon(items: list[Item]) -> Lexicon:
    return Lexicon(items)


@pytest.fixture
def say(lexicon: Lexicon) -> Say:
    """Link one turn, a recommender's unless told otherwise."""

    def run(
        text: str, *, role: TurnRole = "recommender", community: str = "moviesuggestions"
    ) -> list[Mention]:
        return link_dialog(dialog_of([(role, text)], community), lexicon, RULES)

    return run
