"""Jobs, or shares of one, on any `concurrent.futures.Executor`: a few at a time, each told as soon as it is done.

What all jobs share is not sent with each. A worker that does not have it says so, is given it together with the job and
remembers it under a token: it goes over about once per worker, whatever kind of executor that is, and to new workers
when they appear. Threads of this process find it at once.
"""

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import contextmanager
from itertools import islice
from traceback import walk_tb
from typing import Any, Final, TypeVar

from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.sim.jobs import Done, Job, Work

_Asked = TypeVar("_Asked")
_Found = TypeVar("_Found")

Do = Callable[[Any, _Asked], _Found]
"""What a worker makes of what all jobs share and of one of them; a function of a module, so that it can be sent."""

Play = Callable[[Iterable[Job]], Generator[tuple[Job, Done], None, None]]
"""Plays jobs and yields each as soon as it is done, in any order; closing the iterator calls off what has not begun."""

AHEAD: Final = 2
"""Jobs under way per worker: one is played, one waits, so that nobody is idle."""

MOST_REMEMBERED: Final = 4
"""Settings that a worker remembers: two runs may share the workers, and each has one for jobs and one for shares."""

_DASK: Final = ("distributed", "dask")


@contextmanager
def on(
    executor: Executor, setting: Work, do: Do[_Asked, _Found]
) -> Iterator[Callable[[Iterable[_Asked]], Generator[tuple[_Asked, _Found], None, None]]]:
    """Give what plays jobs on an executor of somebody else's; it stays open.

    Raises (from the iterator):
        WakeupError: the executor gave up (WK5112), or what a job raises.
    """
    token = os.urandom(16).hex()
    _own[token] = setting

    def play(jobs: Iterable[_Asked]) -> Generator[tuple[_Asked, _Found], None, None]:
        try:
            yield from flow(executor, token, setting, jobs, do)
        except (BrokenExecutor, CancelledError) as error:
            raise _gave_up(error) from error
        except Exception as error:
            if type(error).__module__.partition(".")[0] in _DASK:
                raise _gave_up(error) from error
            raise

    try:
        yield play
    finally:
        del _own[token]


def tally(setting: Work, job: Job) -> Done:
    """Run a job in this process and add it up."""
    return setting.tally(job)


def flow(
    executor: Executor,
    token: str,
    setting: Work,
    jobs: Iterable[_Asked],
    do: Do[_Asked, _Found],
    *,
    cancels: bool = True,
    helps: bool = False,
) -> Generator[tuple[_Asked, _Found], None, None]:
    """Play jobs on an executor, as `Play` says; `token` names the setting.

    cancels: jobs that have not begun are taken back where nobody wants them any more. helps: this process plays jobs
    too, in the end such as nobody can have begun, so that it does not wait for workers that are only starting.

    Raises:
        BrokenExecutor: workers died and the executor does not replace them.
    """
    coming, workers, met = iter(jobs), width(executor), False
    under_way: dict[Future[_Found | None], _Asked] = {}
    try:
        while True:
            for job in islice(coming, AHEAD * workers - len(under_way)):
                under_way[executor.submit(_play, token, do, job)] = job
            if helps and not any(future.done() for future in under_way):
                mine = next(coming, None)
                if mine is None and (len(under_way) > workers or (under_way and not met)):
                    _, mine = under_way.popitem()
                if mine is not None:
                    yield mine, do(setting, mine)
                    continue
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                job, found, met = under_way.pop(future), _found(future), True
                if found is None:
                    under_way[executor.submit(_play_given, token, setting, do, job)] = job
                else:
                    yield job, found
    finally:
        for future in under_way if cancels else ():
            future.cancel()


def _found(future: Future[_Found | None]) -> _Found | None:
    """Return what a job came to; None: whoever has played it has to be given more, or died before telling it.

    Where a worker dies, Dask's executor may find a result that counts as lost by then, and stumbles over it.
    """
    try:
        return future.result()
    except TypeError as error:
        *_, (frame, _) = walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__") != "distributed.cfexecutor":
            raise
        return None


def width(executor: Executor) -> int:
    """Return how many jobs an executor seems to play at once."""
    if type(executor).__module__.partition(".")[0] in _DASK:
        from wakeup.sim.cluster import threads

        return max(1, threads(executor))
    # Executors do not say; those of the standard library have it in this attribute.
    return max(1, getattr(executor, "_max_workers", 0) or os.cpu_count() or 1)


def _gave_up(error: BaseException) -> WakeupError:
    return WakeupError([diagnostic("WK5112", error=type(error).__name__)])


# --- inside a worker -------------------------------------------------------------------------------------------------

_own: Final[dict[str, Work]] = {}
"""Settings of the runs that this process leads."""

_given: Final[dict[str, Work]] = {}
"""Settings that came from elsewhere."""


def remember(token: str, setting: Work) -> None:
    """Keep a setting for the jobs that follow, and forget the oldest if there are too many."""
    _given[token] = setting
    for old in list(_given)[:-MOST_REMEMBERED]:
        _given.pop(old, None)


def _play(token: str, do: Do[_Asked, _Found], job: _Asked) -> _Found | None:
    """Play a job; None: this worker does not have the setting."""
    setting = _own.get(token) or _given.get(token)
    return None if setting is None else do(setting, job)


def _play_given(token: str, setting: Work, do: Do[_Asked, _Found], job: _Asked) -> _Found:
    remember(token, setting)
    return do(setting, job)
