"""The array simulator: NumPy columns hold the people, SimPy keeps the calendar (docs/semantics/array.md)."""

from time import thread_time
from typing import Final

from wakeup.figures.events import Sink
from wakeup.sim.array import calendar, free, room
from wakeup.sim.array.codes import DAY
from wakeup.sim.array.several import together
from wakeup.sim.experience import Experience
from wakeup.sim.task import Played, Task

CHUNK: Final = 131_072
"""How many people live side by side: of fewer the calls of NumPy cost more, more need more memory (200 bytes for each
of a million customers is the limit) and no longer fit the cache."""


def run(task: Task, sink: Sink, *, chunk: int = CHUNK, bucket: int = DAY) -> Played:
    """Run one replication and hand over its parts and the closing.

    Everybody lives alone first; where something that people share would have acted, all is played again in order. Where
    other replications have shown that an order is to be expected, or costs less, it is not tried.

    Args:
        task: the plan, the people, the behaviour, seed and replication, the scenario.
        sink: takes what happened; it is asked only from this thread.
        chunk: how many people live side by side.
        bucket: seconds between two looks at the calendar, in order.
            No chunk and no bucket changes a row.

    Raises:
        WakeupError: people have to be played in one order, and so many do not fit in memory (WK5142).
    """
    experience = task.experience or Experience()
    played = task.known or experience.advice(task.plan.start, few=len(task.population) <= CHUNK)
    if played is None:
        begun = thread_time()
        played = free.run(task, sink, chunk=chunk)
        experience.tried(played, thread_time() - begun)
    if played.ordered_from is not None:
        room.require([task], played.because, calendar.held)
        begun = thread_time()
        calendar.run(task, sink, bucket=bucket)
        experience.ordered(thread_time() - begun)
    return played


__all__ = ["CHUNK", "run", "together"]
