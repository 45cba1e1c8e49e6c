"""Items of several sources become one item."""
