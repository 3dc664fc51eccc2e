"""Keyed uniforms: every random number is a pure function of its key."""
