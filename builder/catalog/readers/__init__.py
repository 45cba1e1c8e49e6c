"""One module for each kind of catalogue source."""
