"""Titles that are ordinary words: a hand-written set, half of it traps, with the counts reached."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.dialogs.markup import read_markdown
from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.mentions.linker import link_dialog
from tests.factories import make_dialog, make_item, make_turn
from tests.support.linking import RULES

SET: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("common_words.yaml").read_text())
_MARKED = re.compile(r"\[([^\]]+)\]")


@pytest.fixture(scope="module")
def common() -> Lexicon:
    return Lexicon([make_item(t, t, year) for t, year in SET["catalogue"]])


def named(text: str, lexicon: Lexicon) -> list[str]:
    said = read_markdown(text)
    turn = make_turn(said.text, turn_id="t", author="a", created_utc=1, spans=said.spans)
    dialog = make_dialog(turn)
    return [m.item_id for m in link_dialog(dialog, lexicon, RULES) if m.item_id is not None]


def test_the_set_is_large_and_half_of_it_traps() -> None:
    assert len(SET["meant"]) + len(SET["traps"]) >= 150
    assert abs(len(SET["meant"]) - len(SET["traps"])) <= 2
    assert len({*SET["meant"], *SET["traps"]}) == len(SET["meant"]) + len(SET["traps"])


def test_precision_and_recall_are_those_of_docs_numbers(common: Lexicon) -> None:
    known = {title for title, _ in SET["catalogue"]}
    right = wrong = titles = 0
    for text in SET["meant"]:
        wanted = [title for title in _MARKED.findall(text) if title in known]
        found = named(_MARKED.sub(r"\1", text), common)
        titles += len(wanted)
        right += sum(title in wanted for title in found)
        wrong += sum(title not in wanted for title in found)
    trapped = [text for text in SET["traps"] if named(text, common)]
    assert (titles, right, wrong, trapped) == (97, 94, 0, [])
