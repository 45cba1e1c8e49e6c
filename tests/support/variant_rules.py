"""How many variants of a request are written, and in which styles."""

from __future__ import annotations

from typing import Any

from builder.synthesis.constraints.variants import VariantRule
from builder.synthesis.styles import STYLES, force_of
from builder.synthesis.text_limits import PromptLimits


def make_variant_rule(**changes: Any) -> VariantRule:
    """Make a rule that draws two of the styles whose wish holds, or another."""
    fields: dict[str, Any] = {
        "styles": [style for style in STYLES if force_of(style) == "holds"],
        "per_sample": 2,
        "set_styles": [],
        "set_share": 0.0,
        "max_chars": 400,
        "prompts": PromptLimits(max_chars=2000),
    }
    return VariantRule(**{**fields, **changes})
