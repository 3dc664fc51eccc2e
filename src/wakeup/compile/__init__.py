"""Checked tree to plan: passes in one ordered tuple."""
