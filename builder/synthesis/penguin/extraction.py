"""What a post says about its writer, by the explicit patterns of extraction.yaml and nothing else.

"Nurse here, I'm 34" gives {"profession": ("nurse", "Nurse here"), "age": ("34", "I'm 34")}: each
value with the words that state it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.errors import InputError
from builder.settings import read_yaml
from builder.synthesis.penguin.profiles import ATTRIBUTES, Entry

PATTERNS = Path(__file__).with_name("extraction.yaml")

_WORD = re.compile(r"(?<!\?P)<(\w+)>")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?=[\s\"')]|$)|[.](?=\S)[^.!?\n]*)*[\"')]?")


class _Pattern(Entry):
    say: str
    value: str | None = None


class _PatternsFile(Entry):
    words: dict[str, str]
    attributes: dict[str, list[_Pattern]]
    domains: dict[str, str]
    request: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A value and the words of the post that state it."""

    value: str
    quote: str


@dataclass(frozen=True, slots=True)
class Extractor:
    """The compiled patterns.

    Attributes:
        patterns: By attribute, in order of preference, with a fixed value or None.
        domains: By domain.
        request: Of sentences that ask for advice.
    """

    patterns: Mapping[str, Sequence[tuple[re.Pattern[str], str | None]]]
    domains: Mapping[str, re.Pattern[str]]
    request: re.Pattern[str]

    @classmethod
    def load(cls, path: Path = PATTERNS) -> Extractor:
        """Return an extractor with the patterns in a file.

        Raises:
            InputError: For a malformed file, an unknown attribute or word, or a bad expression.
        """
        document = read_yaml(path, _PatternsFile)
        for name in document.attributes:
            if name not in ATTRIBUTES:
                raise InputError(path, f"unknown attribute {name!r}", "correct its name")
        return cls(
            {
                name: [(_compile(p.say, document.words, path), p.value) for p in patterns]
                for name, patterns in document.attributes.items()
            },
            {name: _compile(say, document.words, path) for name, say in document.domains.items()},
            _compile(document.request, document.words, path),
        )

    def profile(self, text: str) -> dict[str, Stated]:
        """Return what a post states about its writer, by attribute."""
        stated = {}
        for name, patterns in self.patterns.items():
            for pattern, fixed in patterns:
                match = pattern.search(text)
                if match:
                    named = match.groupdict().get("value", "")
                    value = named if fixed is None else fixed.replace("{}", named)
                    stated[name] = Stated(value.lower().strip(), match[0].strip())
                    break
        return stated

    def domain(self, text: str) -> str:
        """Return the domain that a post is about; "life" if no pattern matches."""
        return next(
            (name for name, pattern in self.domains.items() if pattern.search(text)), "life"
        )

    def question(self, text: str, min_words: int) -> str | None:
        """Return what a post asks: its first question, else its first request, else its title.

        Args:
            text: Of the opening post; a title is the first line, followed by an empty one.
            min_words: Shorter sentences ("What else does that?") are skipped.
        """
        title, empty_line, _ = text.partition("\n\n")
        sentences = [s.strip() for s in _SENTENCE.findall(text)]
        questions = [s for s in sentences if s.rstrip("\"')").endswith("?")]
        requests = [s for s in sentences if self.request.search(s)]
        candidates = [*questions, *requests, *([title.strip()] if empty_line else [])]
        return next((s for s in candidates if len(s.split()) >= min_words), None)


def _compile(say: str, words: Mapping[str, str], path: Path) -> re.Pattern[str]:
    def spelled_out(match: re.Match[str]) -> str:
        if match[1] not in words:
            raise InputError(path, f"unknown word <{match[1]}>", "add it to `words`")
        return words[match[1]]

    try:
        return re.compile(_WORD.sub(spelled_out, say), re.IGNORECASE)
    except re.error as exc:
        raise InputError(path, f"{say!r} is not a pattern ({exc})", "fix the pattern") from exc
