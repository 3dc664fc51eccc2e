"""Scalar decisions, one module per rule: pure functions that the reference and a live executor share."""
