"""Checks that need people or a simulation: power, stock, cost."""
