"""Workload W: its numbers, its people, the programs that people would write for it by hand, and its counts."""
