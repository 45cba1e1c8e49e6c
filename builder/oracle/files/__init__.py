"""An oracle on disk, and look-ups in it."""
