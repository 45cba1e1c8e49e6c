"""Conversations with and without a constraint."""
