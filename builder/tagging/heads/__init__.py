"""One classifier for each trait, trained on labelled items' texts."""
