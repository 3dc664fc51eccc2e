"""Measurements of the live side."""
