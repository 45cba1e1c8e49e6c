"""What describes a release: card, Croissant, checksums."""
