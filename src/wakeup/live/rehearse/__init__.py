"""Rehearsal: the live executor itself, on a fast clock, against simulated customers."""
