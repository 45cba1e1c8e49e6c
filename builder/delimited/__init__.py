"""CSV and TSV of any size: the one door to such files, streamed through DuckDB."""
