"""Scores of written rows by rubric, and how far they can be trusted."""
