"""A constraint that is asked for is held to its style, its length and the words it must not say."""

import pytest
from pydantic import ValidationError

from builder.llm.protocol import ChatRequest
from builder.synthesis.constraints.constraint_task import WrittenConstraint, constraint_request
from builder.synthesis.styles import TWO_PARTS, Style
from builder.taxonomy import Taxonomy
from tests.factories import DOGS, make_request

POST = "Action please\n\nSeen Heat more often than I can say. Looking for pace and good chases."


def asked_in(style: Style, taxonomy: Taxonomy) -> ChatRequest[WrittenConstraint]:
    return constraint_request(
        make_request(POST),
        taxonomy.traits[DOGS],
        style,
        "end",
        row_id="r",
        max_chars=100,
        max_prompt_chars=500,
        warning_texts=[],
        wording=0,
    )


@pytest.mark.parametrize(
    ("style", "earlier", "fits"),
    [
        ("stated", "", True),
        ("stated", "No dogs.", False),
        ("retracted", "No dogs.", True),
        ("retracted", "", False),
        ("across", "Our collie's basket stands in the hall.", True),
        ("across", "Our dog is dead.", False),
    ],
)
def test_two_parts_are_written_where_two_are_asked_for(
    taxonomy: Taxonomy, style: Style, earlier: str, fits: bool
) -> None:
    asked = asked_in(style, taxonomy)
    assert ("`earlier` and `text`" in asked.messages[1].content) == (style in TWO_PARTS)
    written = {"earlier": earlier, "text": "Please go easy on me."}
    if fits:
        assert asked.reply.model_validate(written, context=asked.inputs).earlier == earlier
    else:
        with pytest.raises(ValidationError):
            asked.reply.model_validate(written, context=asked.inputs)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("  Our collie's basket stands in the hall.  ", True),
        ("Please no dying dogs.", False),
        ("one\ntwo", False),
        (" ", False),
        ("x" * 101, False),
    ],
    ids=["fits", "names the thing", "two lines", "empty", "too long"],
)
def test_a_written_constraint_is_held_to_what_was_asked(
    taxonomy: Taxonomy, text: str, fits: bool
) -> None:
    asked = asked_in("life_story", taxonomy)
    assert "animal*" in asked.messages[1].content
    if fits:
        value = asked.reply.model_validate({"earlier": "", "text": text}, context=asked.inputs)
        assert value.text == text.strip()
    else:
        with pytest.raises(ValidationError):
            asked.reply.model_validate({"earlier": "", "text": text}, context=asked.inputs)
