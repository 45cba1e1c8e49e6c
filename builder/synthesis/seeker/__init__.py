"""The person who asks: what is known of them, and how they write."""
