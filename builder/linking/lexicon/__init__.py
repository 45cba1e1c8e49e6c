"""The catalogue's titles, found in running text however they are spelled."""
