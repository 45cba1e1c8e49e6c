"""Leak-safe splits, and the search for leaks."""
