"""People protected before anything is written: pseudonyms, masks, tombstones."""
