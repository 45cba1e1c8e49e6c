"""Evidence becomes risk and verdict; fast look-ups of both."""
