"""Replications that several workers share: where there are fewer replications to play than workers, or few are left.

Each is cut into pieces of its people (`wakeup.sim.array.spread`). One that does not stand by its sums, because people
touch each other in it, is played whole by one worker.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Final

from attrs import evolve

from wakeup.customers.shards import Shards
from wakeup.customers.slices import sliced
from wakeup.sim.executors import Play
from wakeup.sim.jobs import Done, Job, Setting, Share, task_of

if TYPE_CHECKING:  # loading the array simulator takes half a second, and the reference does not need it
    from wakeup.sim.array.spread import Lived

LEAST: Final = 4_000_000
"""Fewer customers live in one process in less time than others take to start and to be handed theirs."""

PlayShares = Callable[[Iterable[Share]], Generator[tuple[Share, "Lived"], None, None]]


def large(setting: object) -> bool:
    """Say whether what workers are given has replications that are worth sharing."""
    return isinstance(setting, Setting) and setting.engine == "array" and len(setting.population) >= LEAST


def without_people(setting: Setting) -> Setting:
    """Return what shares of a job need to know of it; of people on disk that is their place."""
    people = setting.population
    return setting if isinstance(people, Shards) else evolve(setting, population=sliced(people, 0, 0))


def sharing_the_last(setting: Setting, workers: int, whole: Play, shares: PlayShares) -> Play:
    """Return what plays jobs: as many as keep all workers busy one by one, the last that are fewer than these together.

    Args:
        setting: what all jobs share.
        workers: how many jobs are under way at once.
        whole: plays jobs one by one.
        shares: plays pieces of jobs.
    """

    def play(jobs: Iterable[Job]) -> Generator[tuple[Job, Done], None, None]:
        everything = list(jobs)
        count = len(everything) - len(everything) % workers
        if count:
            yield from whole(everything[:count])
        last = everything[count:]
        while last:
            found = _together(setting, last[0], shares)
            if isinstance(found, Job):  # so it is with the others, most likely
                yield from whole([found, *last[1:]])
                return
            yield last.pop(0), found

    return play


def _together(setting: Setting, job: Job, shares: PlayShares) -> Done | Job:
    """Play a job in pieces; return what it came to, or the job to be played whole, with what is known of it."""
    from wakeup.sim.array import spread

    task = task_of(setting, job)
    if not spread.can_spread(task):
        return job
    replication = spread.Spread(task, spread.PIECE)
    order: Iterator[Share] = (Share(job, replication.piece(number)) for number in range(len(replication.pieces)))
    with closing(shares(order)) as coming:
        for _, lived in coming:
            if not replication.take(lived):
                break
    played = replication.played()
    if played is None:
        return job
    if played.ordered_from is not None:
        return evolve(job, known=played)
    return Done(replication.totals(), played)
