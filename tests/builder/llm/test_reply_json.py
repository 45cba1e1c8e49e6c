"""Cases reply-json-then-text and its neighbours: the objects of a reply, whatever stands around."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.llm.reply_json import objects_in

A, B = '{"row": "a", "mark": 1}', '{"row": "b", "mark": 2}'


@pytest.mark.parametrize(
    ("reply", "objects"),
    [
        (A, [A]),
        (f"{A}\n\nLet me know if you need more.", [A]),
        (f"{A}\n{A}", [A, A]),
        (f"Sure:\n{A}\nI hope {{this}} helps.", [A]),
        (f"Use {{ and }} or {{this}}: {A}", [A]),
        (f"A { {'x'} } of sets, {A}", [A]),
        (f"```json\n{A}\n```\nThat is all, see `{{x}}`.", [A]),
        (f"[{A}, {B}]", [A, B]),
        ('{"row": "} \\" {", "mark": 1} {', ['{"row": "} \\" {", "mark": 1}']),
        ('{"row": {"row": {}}} {}', ['{"row": {"row": {}}}', "{}"]),
        (f'{{"rows": [{A}, ', []),
        ('{"row": "never closed', []),
        (f"{A} {{{A[1:-1]}", [A]),
        ("no object", []),
        ("", []),
        (f"<think>Perhaps {B}?</think>{A}", [A]),
        (f"Perhaps {B}?\n</think>\n{A}", [A, B, A]),
        (f"<Thinking>{B}</thinking> <think>{B}</think>{A}", [A]),
        (f"[THINK]{B}[/THINK]{A}", [A]),
        (f"<|channel|>analysis<|message|>{B}<|end|><|channel|>final<|message|>{A}", [A]),
        (f"<think>Perhaps {B}, or", []),
        ('{"row": "</think>", "mark": 1}', ['{"row": "</think>", "mark": 1}']),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_the_objects_of_a_reply(reply: str, objects: list[str]) -> None:
    assert list(objects_in(reply)) == objects


@given(st.text('{}"\\ ax</think>', max_size=80))
def test_every_object_is_a_part_that_begins_and_ends_with_a_brace(reply: str) -> None:
    for text in objects_in(reply):
        assert text in reply
        assert (text[0], text[-1]) == ("{", "}")


@pytest.mark.parametrize(
    "reply",
    ["{" * 10**6, '{"' * 10**6, '{"a":' * 10**6, "{ " * 10**6, '{"a" {a' * 10**5],
    ids=lambda reply: reply[:8],
)
def test_a_long_reply_without_an_end_is_read_once(reply: str) -> None:
    assert list(objects_in(reply)) == []
