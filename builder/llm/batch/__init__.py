"""The Batch API: half the price for up to a day of waiting."""
