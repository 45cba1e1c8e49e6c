"""Texts that repeat each other: word shingles, their Jaccard overlap, and the search for pairs."""
