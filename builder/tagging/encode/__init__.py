"""Texts as sentences, sentences as vectors."""
