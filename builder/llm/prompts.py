"""Prompts as files with a version, and text from the wild made safe to put into them.

A prompt file (`assign.md`):

    version: 1
    [system]
    You choose ...
    [user]
    The conversation: {{ conversation }}
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

import jinja2
import jinja2.meta

from builder.errors import InputError
from builder.records import Message

_FIRST_LINE = re.compile(r"version: (\d+)")
_SECTION = re.compile(r"^\[(system|user)\]\n", re.MULTILINE)


class Fenced(str):
    """Text from the wild that `fence` has made safe."""

    __slots__ = ()


def _as_data(value: object) -> object:
    """Return what a template writes for a variable: titles and names come from the wild too."""
    return value if isinstance(value, Fenced) else _defuse(str(value))


_TEMPLATES = jinja2.Environment(
    undefined=jinja2.StrictUndefined, autoescape=False, finalize=_as_data
)
_compiled = cache(_TEMPLATES.from_string)

_MARKS = re.compile(
    r"<<<|>>>"  # of a fence
    r"|<\s*/?\s*[|\uff5c]|[|\uff5c]\s*>"  # <|im_end|> and the like, also with full-width bars
    r"|\[\s*/?\s*(?:INST|SYS|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|SYSTEM_PROMPT)\s*\]"
    r"|<</?\s*SYS\s*>>"
    r"|<\s*/?\s*(?:s|bos|eos|pad|unk|start_of_turn|end_of_turn|start_header_id|end_header_id)\s*>",
    re.IGNORECASE,
)
"""What ends a fence, and the tokens by which chat templates tell who speaks: a server that reads
templates would take them for its own."""
_LOOK_ALIKES = str.maketrans("<>|\uff5c[]", "\u2039\u203a\u00a6\u00a6()")
_END = re.compile(r"\bdata(?=\s+[0-9a-f]{12}\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. `version` is "assign/1@9c31aa02": file, version, the start of its words' hash.

    `sections` are (role, template) in the file's order; `given` names what it may use.
    """

    version: str
    path: Path
    sections: tuple[tuple[Literal["system", "user"], str], ...]
    given: frozenset[str]

    @classmethod
    def read(cls, path: Path, given: frozenset[str]) -> Prompt:
        """Return the prompt of a file, named like the file.

        Args:
            path: Of the file.
            given: The variables that every request brings; a mistyped one is found here, before
                the first row that would need it.

        Raises:
            InputError: If the file is missing, lacks its version line or a [user] section, is no
                template, or uses a variable that is not given.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError as exc:
            raise InputError(path, "no such file", "restore the prompt from git") from exc
        head, _, body = text.partition("\n")
        version = _FIRST_LINE.fullmatch(head)
        if version is None:
            raise InputError(f"{path}:1", f"is {head!r}", "start the file with `version: 1`")
        parts = _SECTION.split(body)
        roles, templates = parts[1::2], parts[2::2]
        if parts[0].strip() or "user" not in roles:
            raise InputError(path, "has no [user] section", "see the prompts beside it")
        _require_variables(path, templates, given)
        pairs = zip(roles, (template.strip() for template in templates), strict=True)
        return cls(
            f"{path.stem}/{version[1]}@{_digest(text, size=4)}",
            path,
            tuple((cast(Literal["system", "user"], role), text) for role, text in pairs),
            given,
        )

    def render(self, **variables: object) -> tuple[Message, ...]:
        """Return the messages with every variable in its place.

        Raises:
            InputError: If the template cannot be filled with these values.
            TypeError: If other variables come than `given` names.
        """
        if variables.keys() != self.given:
            differing = sorted(variables.keys() ^ self.given)
            raise TypeError(f"{self.path}: given and named variables differ: {differing}")
        try:
            return tuple(
                Message(role, _compiled(text).render(variables)) for role, text in self.sections
            )
        except jinja2.TemplateError as exc:
            raise InputError(
                self.path, f"cannot be filled in ({exc})", "fix the prompt file"
            ) from exc


def _require_variables(path: Path, templates: Sequence[str], given: frozenset[str]) -> None:
    try:
        trees = [_TEMPLATES.parse(template) for template in templates]
    except jinja2.TemplateSyntaxError as exc:
        raise InputError(path, f"is no template ({exc})", "fix the prompt file") from exc
    for tree in trees:
        if missing := jinja2.meta.find_undeclared_variables(tree) - given:
            raise InputError(
                path,
                f"uses {{{{ {min(missing)} }}}}, which no request brings",
                f"fix the prompt file; there are {', '.join(sorted(given))}",
            )


def fence(text: str, max_chars: int) -> Fenced:
    """Return text from the wild between markers it cannot contain, cut to a length.

    The marker is a hash of the text, so no text can hold its own end; the prompt tells the model
    that what stands between equal markers is data. A model may look less closely than that, so
    whatever looks like a marker or like a token of a chat template is taken apart as well.
    """
    cut = text if len(text) <= max_chars else text[:max_chars].rstrip() + " [cut]"
    safe = _defuse(cut)
    mark = _digest(safe, size=6)
    return Fenced(f"<<<data {mark}\n{safe}\ndata {mark}>>>")


def _digest(text: str, *, size: int) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=size).hexdigest()


def _defuse(text: str) -> str:
    """Return the text with look-alikes in the place of the signs that make up a mark."""
    text = _MARKS.sub(lambda found: found[0].translate(_LOOK_ALIKES), text)
    return _END.sub("d a t a", text)
