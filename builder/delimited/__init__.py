"""CSV and TSV of any size, streamed through DuckDB: the door for tables about items.

Tables of dialogs have a reader of their own, `builder.dialogs.readers.csv_rows`: there a quote that
is never closed, which prose is full of, costs one line and not the rest of the file.
"""
