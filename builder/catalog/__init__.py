"""One module per item source, giving items and evidence; `merge` joins them."""
