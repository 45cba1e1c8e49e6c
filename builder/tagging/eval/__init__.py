"""Text evidence measured beside simple baselines."""
