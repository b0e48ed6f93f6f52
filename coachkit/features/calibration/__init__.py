"""Calibrations: coaches' ratings combined by rule, what they say, and what they stand on."""
