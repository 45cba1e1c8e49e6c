"""Evidence collected by item and question."""
