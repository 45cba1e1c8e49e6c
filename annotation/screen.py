"""The labelling screen, and what can be answered on it.

screens/review.xml is the only place that defines question names and answers. A Choices whose name
ends in "_{{idx}}" is inside a Repeater and is asked about every item of its group ("kept_0",
"kept_1").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

REVIEW_SCREEN = Path(__file__).parent / "screens" / "review.xml"
GUIDELINES = Path(__file__).parent / "guidelines.md"

_INDEX = "_{{idx}}"
_NUMBERED = re.compile(r"(.+)_(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Screen:
    """The answers that a screen offers.

    Attributes:
        questions: Answers by question, for the questions asked once per task.
        required: Names of the questions that a complete annotation answers.
        items: Answers by group of items, for the questions asked once per item of the group.
        comments: Names of the free text fields.
    """

    questions: Mapping[str, frozenset[str]]
    required: tuple[str, ...]
    items: Mapping[str, frozenset[str]]
    comments: frozenset[str]

    @classmethod
    def load(cls, path: Path = REVIEW_SCREEN) -> Screen:
        """Return what can be answered on the screen that a file defines."""
        root = ElementTree.parse(path).getroot()
        choices = {tag.attrib["name"]: tag for tag in root.iter("Choices")}
        answers = {
            name: frozenset(c.get("alias", c.attrib["value"]) for c in tag.iter("Choice"))
            for name, tag in choices.items()
        }
        return cls(
            questions={n: a for n, a in answers.items() if not n.endswith(_INDEX)},
            required=tuple(n for n, tag in choices.items() if tag.get("required") == "true"),
            items={n.removesuffix(_INDEX): a for n, a in answers.items() if n.endswith(_INDEX)},
            comments=frozenset(tag.attrib["name"] for tag in root.iter("TextArea")),
        )

    def item_question(self, name: str) -> tuple[str, int] | None:
        """Return ("kept", 0) for "kept_0", None if the name is not a question about an item."""
        match = _NUMBERED.fullmatch(name)
        if match is None or match[1] not in self.items:
            return None
        return match[1], int(match[2])
