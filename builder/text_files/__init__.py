"""Text files from anywhere: every door to text, JSON and JSON Lines reads them here, in one way."""
