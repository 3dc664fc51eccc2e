"""Intervals, power, posteriors."""
