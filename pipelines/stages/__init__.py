"""One module for each DVC stage, named like it."""
