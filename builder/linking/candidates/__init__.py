"""The words of a turn that may name an item."""
