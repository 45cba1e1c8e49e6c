"""Paid replies and money: what was asked, held, spent and may be reused."""
