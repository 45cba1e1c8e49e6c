"""Where a turn names an item, and what the mention does there."""
