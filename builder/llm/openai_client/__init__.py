"""One OpenAI-compatible endpoint, asked many questions at once within its limits."""
