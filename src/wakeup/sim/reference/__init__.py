"""The reference simulator: SimPy, one process per customer, written to be read beside docs/semantics."""

from wakeup.sim.reference.engine import run

__all__ = ["run"]
