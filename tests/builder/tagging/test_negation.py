from __future__ import annotations

from collections.abc import Callable

import pytest

from builder.tagging.negation import content_words, is_negated
from builder.taxonomy import ContentWarning

DOG = frozenset({"dog", "die"})
TORTURE = frozenset({"torture", "tortured"})


@pytest.mark.parametrize(
    ("sentence", "about", "negated"),
    [
        pytest.param("Nobody dies.", DOG, True, id="nobody"),
        pytest.param("No dogs die in it.", DOG, True, id="no-plural"),
        pytest.param("The dog doesn't die.", DOG, True, id="contraction"),
        pytest.param("The film never shows the torture.", TORTURE, True, id="never-shows"),
        pytest.param("The dog dies and nobody comes.", DOG, False, id="denial-of-another-thing"),
        pytest.param("He could not save the dog.", DOG, False, id="double-negation"),
        pytest.param("Not only the dog dies.", DOG, False, id="not-only"),
        pytest.param("There is no way home, and the dog dies.", DOG, False, id="out-of-reach"),
        pytest.param("The dog dies.", DOG, False, id="plain"),
    ],
)
def test_a_denial_counts_within_reach_of_what_it_denies(
    sentence: str, about: frozenset[str], negated: bool
) -> None:
    assert is_negated(sentence, about) is negated


def test_words_of_a_warning_are_those_of_its_question_and_keywords(
    a_warning: Callable[..., ContentWarning],
) -> None:
    assert content_words(a_warning()) == {"dog", "die", "dies", "dead"}
