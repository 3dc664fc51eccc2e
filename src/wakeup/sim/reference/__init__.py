"""The reference simulator: SimPy, one process per customer, written to be read beside docs/semantics."""

from wakeup.sim.reference.engine import run, together

__all__ = ["run", "together"]
