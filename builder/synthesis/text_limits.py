"""How long texts may be, where several tasks must agree on it; calibration.yaml has the numbers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from builder.settings import Strict


class PromptLimits(Strict):
    """What is put before a model.

    Attributes:
        max_chars: Characters of a conversation, or of a person's posts.
    """

    max_chars: Annotated[int, Field(gt=0)]


class QueryLength(Strict):
    """A query of an advice scenario.

    Attributes:
        min_words: Fewest words.
        max_words: Most words.
    """

    min_words: Annotated[int, Field(ge=1)]
    max_words: Annotated[int, Field(ge=1)]
