r"""What a model answers, read and written in one place.

"<reasoning>\nSaw (2004) shows torture.\n</reasoning>\n<solution>\nHeat (1995)\n</solution>"
lists Heat (1995). Models that forget the tags are read line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builder.export.wording import completion_text
from builder.titles import TitleYear, parse_title, title_key

_REASONING = re.compile(r"<reasoning>.*?(?:</reasoning>|\Z)", re.DOTALL | re.IGNORECASE)
_SOLUTION = re.compile(r"<solution>(.*?)(?:</solution>|\Z)", re.DOTALL | re.IGNORECASE)
_LIST_MARK = re.compile(r"^(?:[-*•]|\d{1,3}[.)])\s+")
_QUOTED = re.compile(r'^(?:"([^"]+)"|\*+([^*]+)\*+)\s*(\(\d{4}\))?$')


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """The titles of an answer.

    Attributes:
        titles: Each once, in order.
        repeated: Titles that were listed again.
        parsed: False where the text holds no list, which is not the same as an empty list.
    """

    titles: tuple[TitleYear, ...]
    repeated: tuple[TitleYear, ...]
    parsed: bool


def render_answer(titles: Sequence[TitleYear], reasoning: str = "") -> str:
    """Return an answer that lists the titles, in the release's wording."""
    return completion_text(reasoning, [str(title) for title in titles])


def reasoning_of(text: str) -> str:
    """Return what an answer says between <reasoning> and </reasoning>, "" where nothing is."""
    match = _REASONING.search(text)
    return re.sub(r"</?reasoning>", "", match[0], flags=re.IGNORECASE).strip() if match else ""


def parse_answer(text: str) -> ParsedAnswer:
    """Return what an answer lists.

    Between <solution> and </solution>, or its missing end, every line is a title. Without tags
    only lines that end in a year are, for the rest may be prose.
    """
    spoken = _REASONING.sub("", text)
    solution = _SOLUTION.search(spoken)
    lines = (solution[1] if solution else spoken).splitlines()
    listed = [title for line in lines if (title := _read_line(line)) is not None]
    if not solution:
        listed = [title for title in listed if title.year is not None]
    titles, repeated = _once(listed)
    return ParsedAnswer(titles, repeated, bool(solution or listed))


def _read_line(line: str) -> TitleYear | None:
    bare = _LIST_MARK.sub("", line.strip())
    if quoted := _QUOTED.match(bare):
        bare = " ".join(part for part in quoted.groups() if part)
    return parse_title(bare) if title_key(bare) else None


def _once(listed: Iterable[TitleYear]) -> tuple[tuple[TitleYear, ...], tuple[TitleYear, ...]]:
    seen: set[tuple[str, int | None]] = set()
    titles: list[TitleYear] = []
    repeated: list[TitleYear] = []
    for title in listed:
        key = title_key(title.title), title.year
        (repeated if key in seen else titles).append(title)
        seen.add(key)
    return tuple(titles), tuple(repeated)
