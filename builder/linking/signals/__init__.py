"""Whether words that spell a title are meant as one: signals and their weights."""
