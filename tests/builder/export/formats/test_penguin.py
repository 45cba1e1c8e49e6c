from __future__ import annotations

from builder.export.formats.penguin import chat_variants, penguin_row
from tests.support.release_rows import make_full_scenario


def test_a_row_has_penguins_keys_in_order_and_strings_only() -> None:
    assert list(penguin_row(make_full_scenario(health_status=" ")).items()) == [
        ("source", "synthetic"),
        ("query", "How do I tell my fiancé?"),
        ("scenario", "Sudden Layoff"),
        ("education_level", "Bachelor's"),
        ("age", "25-34 years"),
        ("gender", "not given"),
        ("marital_status", "Engaged"),
        ("profession", "Welder"),
        ("economic_status", "not specified"),
        ("health_status", "not given"),
        ("mental_health_status", "Anxious"),
        ("emotional_state", "The user dreads the talk."),
    ]


def test_the_rich_variant_tells_what_is_known_before_the_query() -> None:
    free, rich = chat_variants(make_full_scenario())
    query = "How do I tell my fiancé?"
    assert free == {
        "scenario_id": "p001",
        "variant": "context_free",
        "messages": [{"role": "user", "content": query}],
        "made_by": "offline-writer/1",
    }
    assert rich["variant"] == "context_rich"
    [message] = rich["messages"]
    assert message["content"].splitlines() == [
        "About the person asking:",
        "- Education: Bachelor's",
        "- Age: 25-34 years",
        "- Marital status: Engaged",
        "- Work: Welder",
        "- Health: Good",
        "- Mental health: Anxious",
        "- State of mind: The user dreads the talk.",
        "",
        f"They ask: {query}",
    ]


def test_without_any_attribute_the_rich_variant_is_the_query() -> None:
    named = ("education_level", "age", "gender", "marital_status", "profession", "health_status")
    bare = dict.fromkeys((*named, "mental_health_status", "emotional_state"), "Not given")
    free, rich = chat_variants(make_full_scenario(**bare))
    assert rich["messages"] == free["messages"]
