"""Risk by SafeRec's formula (arXiv 2603.03536)."""
