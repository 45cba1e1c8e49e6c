"""Which words of a turn name an item, and what the mention does there."""
