"""The chat engine: one request in, one validated reply out, never paid twice."""
