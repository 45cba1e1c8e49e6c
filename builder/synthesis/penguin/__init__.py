"""PENGUIN rows (arXiv 2505.18882), written anew and extracted from posts."""
