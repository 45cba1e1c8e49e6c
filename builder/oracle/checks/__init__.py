"""How far an oracle can be believed: calibration, agreement, coverage."""
