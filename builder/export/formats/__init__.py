"""The published formats: SafeRec and PENGUIN."""
