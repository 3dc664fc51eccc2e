"""Keyed uniforms: every random number is a pure function of its key.

A draw names the seed, the replication, the customer, the purpose and how often this customer has drawn for it before
(SEMANTICS 8). Nothing consumes a shared stream, so an added step, arm or customer moves no other draw.
"""

from wakeup.draws.keyed import of_nobody, share, uniform
from wakeup.draws.normal import normal

__all__ = ["normal", "of_nobody", "share", "uniform"]
