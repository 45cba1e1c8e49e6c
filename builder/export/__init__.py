"""SafeRec and PENGUIN formats, card, Croissant, checksums."""
