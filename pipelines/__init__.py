"""One module per DVC stage, named like it: read, call the library, write."""
