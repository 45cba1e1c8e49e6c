"""Reddit dumps of any size, read once within a stated memory."""
