"""Which posts and threads stay, and what of their text."""
