"""The JSON objects in a model's reply, behind its thoughts and between its remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator

_THOUGHT_ENDS = re.compile(
    r"</(?:think|thinking|thought|reasoning)>|\[/THINK\]|<\|channel\|>final<\|message\|>",
    re.IGNORECASE,
)
"""What ends the thoughts of DeepSeek R1, Qwen and others, of Magistral and of gpt-oss, where a
server leaves them in the reply. Chat templates often write the opening tag: a reply may lack it."""
_THOUGHT_BEGINS = re.compile(
    r"\s*(?:<(?:think|thinking|thought|reasoning)>|\[THINK\]|<\|channel\|>analysis)", re.IGNORECASE
)
_OBJECT_BEGINS = re.compile(r'\{\s*(?=["}])')
_TOKEN = re.compile(r'[{}]|"(?:[^"\\]|\\.)*"?', re.DOTALL)


def objects_in(reply: str) -> Iterator[str]:
    """Yield the outermost `{...}` of a reply in its order, those behind its thoughts first.

    An object that never ends was cut off: neither its parts nor what follows is yielded. Objects
    in the thoughts are yielded last, and only where no tag opens them, since such a tag may then
    be part of a string.
    """
    thoughts = list(_THOUGHT_ENDS.finditer(reply))
    if thoughts:
        yield from _objects(reply, thoughts[-1].end())
    if _THOUGHT_BEGINS.match(reply) is None:
        yield from _objects(reply, 0)


def _objects(text: str, start: int) -> Iterator[str]:
    while (begin := _OBJECT_BEGINS.search(text, start)) is not None:
        end = _end_of_object(text, begin.start())
        if end is None:
            return
        yield text[begin.start() : end]
        start = end


def _end_of_object(text: str, start: int) -> int | None:
    depth = 0
    for token in _TOKEN.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    return None
