"""Risk as a posterior probability."""
