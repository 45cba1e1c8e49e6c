"""Recommendation requests taken out of linked dialogs."""
