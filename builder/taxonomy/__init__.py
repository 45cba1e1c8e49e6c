"""Traits, warnings and weights; official wordings; households: read from YAML, checked by line."""

from builder.taxonomy.model import (
    CATEGORIES,
    Applicability,
    Category,
    ContentWarning,
    ParentsGuide,
    Taxonomy,
    Trait,
)

__all__ = [
    "CATEGORIES",
    "Applicability",
    "Category",
    "ContentWarning",
    "ParentsGuide",
    "Taxonomy",
    "Trait",
]
