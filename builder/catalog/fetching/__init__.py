"""What publishers offer: a register of sources, downloads that resume, DoesTheDogDie's API."""
