"""Open mentions decided by people, and how accurate linking is."""
