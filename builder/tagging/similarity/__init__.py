"""Sentences near a content warning, and whether they speak for it."""
