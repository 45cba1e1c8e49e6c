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
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

import jinja2

from builder.errors import InputError
from builder.records import Message

_FIRST_LINE = re.compile(r"version: (\d+)")
_SECTION = re.compile(r"^\[(system|user)\]\n", re.MULTILINE)
_TEMPLATES = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
_compiled = cache(_TEMPLATES.from_string)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. `version` is "assign/1"; `sections` are (role, template) in the file's order."""

    version: str
    path: Path
    sections: tuple[tuple[Literal["system", "user"], str], ...]

    @classmethod
    def read(cls, path: Path) -> Prompt:
        """Return the prompt of a file, named like the file.

        Raises:
            InputError: If the file is missing, or lacks its version line or a [user] section.
        """
        try:
            head, _, body = path.read_text(encoding="utf-8").partition("\n")
        except FileNotFoundError as exc:
            raise InputError(path, "no such file", "restore the prompt from git") from exc
        version = _FIRST_LINE.fullmatch(head)
        if version is None:
            raise InputError(f"{path}:1", f"is {head!r}", "start the file with `version: 1`")
        parts = _SECTION.split(body)
        roles, templates = parts[1::2], parts[2::2]
        if parts[0].strip() or "user" not in roles:
            raise InputError(path, "has no [user] section", "see the prompts beside it")
        pairs = zip(roles, (template.strip() for template in templates), strict=True)
        return cls(
            f"{path.stem}/{version[1]}",
            path,
            tuple((cast(Literal["system", "user"], role), text) for role, text in pairs),
        )

    def render(self, **variables: object) -> tuple[Message, ...]:
        """Return the messages with every variable in its place.

        Raises:
            InputError: If the prompt uses a variable that was not given, or is no template.
        """
        try:
            return tuple(
                Message(role, _compiled(text).render(variables)) for role, text in self.sections
            )
        except jinja2.TemplateError as exc:
            raise InputError(
                self.path, f"cannot be filled in ({exc})", "mend the prompt file"
            ) from exc


def fence(text: str, max_chars: int) -> str:
    """Return text from the wild between markers it cannot contain, cut to a length.

    The marker is a hash of the text, so no text can hold its own end; the prompt tells the model
    that what stands between equal markers is data.
    """
    cut = text if len(text) <= max_chars else text[:max_chars].rstrip() + " [cut]"
    mark = hashlib.blake2b(cut.encode(), digest_size=6).hexdigest()
    return f"<<<data {mark}\n{cut}\ndata {mark}>>>"
