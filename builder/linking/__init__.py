"""Titles in running text become mentions, and replies become requests."""
