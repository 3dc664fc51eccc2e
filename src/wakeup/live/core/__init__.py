"""What a plan means for people who are really there: the rules of docs/semantics over durable state, without any I/O.

The clock, the store, codes and providers are the executor's. Everything here takes a `World`, changes people and the
shared state in it, and leaves rows and sends there. The same rules, with virtual time, are in `wakeup.sim.reference`.
"""

from wakeup.live.core.instants import next_instant

__all__ = ["next_instant"]
