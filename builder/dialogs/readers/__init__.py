"""One module for each kind of dialog source."""
