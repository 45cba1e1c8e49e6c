"""Traits, warnings and weights; official wordings; households: read from YAML, checked by line."""

from builder.taxonomy.model import (
    CATEGORIES,
    MAX_SEVERITY,
    Applicability,
    Category,
    ContentWarning,
    ParentsGuide,
    Taxonomy,
    Trait,
)

__all__ = [
    "CATEGORIES",
    "MAX_SEVERITY",
    "Applicability",
    "Category",
    "ContentWarning",
    "ParentsGuide",
    "Taxonomy",
    "Trait",
]
