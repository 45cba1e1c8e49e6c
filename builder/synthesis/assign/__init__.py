"""Which trait a request's constraint will speak of."""
