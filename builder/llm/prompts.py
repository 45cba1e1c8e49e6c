"""Prompts as versioned files, and untrusted text made safe to put into them.

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
from builder.text_files.open_files import read_text

_FIRST_LINE = re.compile(r"version: (\d+)")
_SECTION = re.compile(r"^\[(system|user)\]\n", re.MULTILINE)


class Fenced(str):
    """Untrusted text that `fence` has made safe."""

    __slots__ = ()


def _as_data(value: object) -> object:
    """Return what a template writes for a variable: titles and names are untrusted too."""
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
"""What ends a fence, and the tokens by which chat templates mark who is speaking: a server that
parses templates would take them for its own."""
_LOOK_ALIKES = str.maketrans("<>|\uff5c[]", "\u2039\u203a\u00a6\u00a6()")
_END = re.compile(r"\bdata(?=\s+[0-9a-f]{12}\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt.

    Attributes:
        version: File, version and the start of the text's hash: "assign/1@9c31aa02".
        path: Path of the file.
        sections: (role, template) in the file's order.
        variables: Names that the templates may use.
    """

    version: str
    path: Path
    sections: tuple[tuple[Literal["system", "user"], str], ...]
    variables: frozenset[str]

    @classmethod
    def read(cls, path: Path, variables: frozenset[str]) -> Prompt:
        """Return the prompt of a file.

        Args:
            path: Path of the file.
            variables: Those that every request brings; a mistyped one in the file is reported
                here, before the first row that would need it.

        Raises:
            InputError: If the file is missing, lacks its version line or a [user] section, is not
                a template, or uses another variable.
        """
        text = read_text(path, fix="restore the prompt from git")
        head, _, body = text.partition("\n")
        version = _FIRST_LINE.fullmatch(head)
        if version is None:
            raise InputError(f"{path}:1", f"is {head!r}", "start the file with `version: 1`")
        parts = _SECTION.split(body)
        roles, templates = parts[1::2], parts[2::2]
        if parts[0].strip() or "user" not in roles:
            raise InputError(path, "has no [user] section", "see the prompts beside it")
        _require_variables(path, templates, variables)
        pairs = zip(roles, (template.strip() for template in templates), strict=True)
        return cls(
            f"{path.stem}/{version[1]}@{_digest(text, size=4)}",
            path,
            tuple((cast(Literal["system", "user"], role), text) for role, text in pairs),
            variables,
        )

    def render(self, **values: object) -> tuple[Message, ...]:
        """Return the messages with every variable replaced by its value.

        Raises:
            InputError: If a template cannot be filled with these values.
            TypeError: If the values are for other variables than the prompt's.
        """
        if values.keys() != self.variables:
            differing = sorted(values.keys() ^ self.variables)
            raise TypeError(f"{self.path}: values and variables differ: {differing}")
        try:
            return tuple(
                Message(role, _compiled(text).render(values)) for role, text in self.sections
            )
        except jinja2.TemplateError as exc:
            raise InputError(
                self.path, f"cannot be filled in ({exc})", "fix the prompt file"
            ) from exc


def _require_variables(path: Path, templates: Sequence[str], variables: frozenset[str]) -> None:
    try:
        trees = [_TEMPLATES.parse(template) for template in templates]
    except jinja2.TemplateSyntaxError as exc:
        raise InputError(path, f"is not a valid template ({exc})", "fix the prompt file") from exc
    for tree in trees:
        if missing := jinja2.meta.find_undeclared_variables(tree) - variables:
            raise InputError(
                path,
                f"uses {{{{ {min(missing)} }}}}, which no request provides",
                f"fix the prompt file; it may use {', '.join(sorted(variables))}",
            )


def fence(text: str, max_chars: int) -> Fenced:
    """Return untrusted text between markers that it cannot contain, cut to a length.

    The marker is a hash of the text, so no text can contain its own end marker; the prompt tells
    the model that everything between equal markers is data. A model may not look that closely, so
    whatever resembles a marker or a token of a chat template is defused as well.
    """
    cut = text if len(text) <= max_chars else text[:max_chars].rstrip() + " [cut]"
    safe = _defuse(cut)
    mark = _digest(safe, size=6)
    return Fenced(f"<<<data {mark}\n{safe}\ndata {mark}>>>")


def _digest(text: str, *, size: int) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=size).hexdigest()


def _defuse(text: str) -> str:
    """Return the text with look-alikes in place of the characters that make up a marker."""
    text = _MARKS.sub(lambda match: match[0].translate(_LOOK_ALIKES), text)
    return _END.sub("d a t a", text)
