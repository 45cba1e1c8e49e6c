"""An oracle on disk, and what is asked of it."""
