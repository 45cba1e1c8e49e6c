"""Sentences and warnings as vectors; their similarity becomes text evidence."""
