"""What a safe answer lists, leaves out and explains."""
