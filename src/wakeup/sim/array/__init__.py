"""The array simulator: SimPy keeps the calendar, NumPy columns hold the people (docs/semantics/array.md)."""

from wakeup.sim.array.calendar import run

__all__ = ["run"]
