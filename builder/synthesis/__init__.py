"""What is asked of the chat engine, and what is made of its replies."""
