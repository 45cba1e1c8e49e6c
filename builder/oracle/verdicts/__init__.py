"""Risks become verdicts at stated error rates."""
