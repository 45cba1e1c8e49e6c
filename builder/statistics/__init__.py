"""Intervals, rank statistics and agreement, shared by whoever grades."""
