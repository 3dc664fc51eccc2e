"""Jobs in this process, in worker processes, or on an executor; what comes out is the same to the bit.

Workers take whole replications; where there are fewer of these than workers, several share one (`spreading.py`). This
process then is one of the workers: the others need as long to start as some hundred thousand customers to live.
"""

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeVar

from attrs import define, field

from wakeup.behaviour.protocol import Behaviour
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.sim.executors import Do, Play, flow, on, remember, tally, width
from wakeup.sim.jobs import Done, Job, Setting, Work, live
from wakeup.sim.spreading import large, sharing_the_last, without_people

DEATHS: Final = 3
"""How often in a row, without one job done in between, workers may die before the run is given up."""

_TOKEN: Final = "own"
"""Workers of our own have one setting for life."""
_SHARES: Final = "shares"
"""Another, without people, for shares of jobs."""

_Asked = TypeVar("_Asked")
_Found = TypeVar("_Found")


@contextmanager
def hired(setting: Work, workers: int, executor: Executor | None, jobs: int | None = None) -> Iterator[Play]:
    """Give what plays jobs: on the executor if there is one, else in so many processes, 1 being this one.

    jobs: how many there will be at most, where that is known.
    """
    some = setting if isinstance(setting, Setting) and large(setting) else None
    few = jobs is not None and jobs < workers
    if executor is not None:
        with on(executor, setting, tally) as whole:
            if some is None:
                yield whole
            else:
                with on(executor, without_people(some), live) as shares:
                    yield sharing_the_last(some, width(executor), whole, shares)
    elif workers == 1 or (jobs == 1 and some is None):
        yield partial(_here, setting)
    else:
        _portable(setting.behaviour)
        # With few jobs this process is one of the workers; these are sent the people piece by piece, as needed.
        frame = without_people(some) if few and some is not None else None
        pool = _Pool(setting, min(workers, jobs or workers) if frame is None else workers - 1, frame)
        try:
            yield pool.play if some is None else pool.sharing(some, workers)
        finally:
            pool.dismiss()


def _portable(behaviour: Behaviour) -> None:
    """See that a behaviour can be sent to processes.

    Raises:
        WakeupError: it cannot (WK5206).
    """
    try:
        pickle.dumps(behaviour)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        name = type(behaviour).__qualname__
        raise WakeupError([diagnostic("WK5206", behaviour=name, error=type(error).__name__)]) from error


def _here(setting: Work, jobs: Iterable[Job]) -> Generator[tuple[Job, Done], None, None]:
    return ((job, setting.tally(job)) for job in jobs)


@define(eq=False)
class _Pool:
    """Processes of our own; those that die are replaced, and what they had not done is played again.

    frame: what they need to know for shares of jobs (None: they are there for jobs first). With it they are one fewer
    than the workers that are asked for: this process is another.
    """

    setting: Work
    workers: int
    frame: Setting | None = None
    _others: set[object] = field(factory=lambda: set(multiprocessing.active_children()))
    _pool: ProcessPoolExecutor | None = None

    def sharing(self, setting: Setting, workers: int) -> Play:
        """Return what plays jobs by so many workers."""
        helped, frame = self.frame is not None, self.frame or without_people(setting)
        return sharing_the_last(
            setting, workers, self._whole, lambda shares: self._played(_SHARES, frame, shares, live, helped)
        )

    def play(self, jobs: Iterable[Job]) -> Generator[tuple[Job, Done], None, None]:
        """Play jobs, see `Play`.

        Raises:
            WakeupError: workers died again and again (WK5108).
        """
        return self._played(_TOKEN, self.setting, jobs, tally)

    def _whole(self, jobs: Iterable[Job]) -> Generator[tuple[Job, Done], None, None]:
        """Play jobs one by one; a single one here if the others would only look on."""
        some = tuple(jobs)
        return _here(self.setting, some) if self.frame is not None and len(some) == 1 else self.play(some)

    def _played(
        self, token: str, setting: Work, jobs: Iterable[_Asked], do: Do[_Asked, _Found], helps: bool = False
    ) -> Generator[tuple[_Asked, _Found], None, None]:
        left, deaths = list(jobs), 0
        while left:
            try:
                for job, done in flow(self._hire(), token, setting, tuple(left), do, cancels=False, helps=helps):
                    left.remove(job)
                    deaths = 0
                    yield job, done
            except BrokenProcessPool as error:
                self.dismiss()
                deaths += 1
                if deaths == DEATHS:
                    raise WakeupError([diagnostic("WK5108", workers=self.workers, times=deaths)]) from error

    def _hire(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Spawned, not forked: a fork copies the locks of threads that it does not copy.
            context = multiprocessing.get_context("spawn")
            first = (_TOKEN, self.setting) if self.frame is None else (_SHARES, self.frame)
            self._pool = _Processes(self.workers, mp_context=context, initializer=_enter, initargs=first)
        return self._pool

    def dismiss(self) -> None:
        """End the workers, whatever they are at."""
        pool, self._pool = self._pool, None
        if pool is not None:
            # Nothing is cancelled: the pool's thread would tell of it with a traceback when the workers are gone.
            pool.shutdown(wait=False)
            for child in set(multiprocessing.active_children()) - self._others:
                child.terminate()


class _Processes(ProcessPoolExecutor):
    """Processes that never get an interrupt (Ctrl-C), and are started whole.

    That of a terminal reaches the whole group of processes, and one that is about to start would tell it with a
    traceback; so would one whose parent is interrupted while it hands over what there is to do.
    """

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand over a job; this is where processes are started, and they inherit what is held back."""
        with _uninterrupted():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold interrupts back until the end, and keep them from processes that are started meanwhile.

    The mask is what processes inherit (where the system knows masks); another thread may still take the signal, whose
    handler then runs in the main thread, so that is held back as well.
    """
    masks, main = hasattr(signal, "pthread_sigmask"), threading.current_thread() is threading.main_thread()
    caught: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: caught.append(number)) if main else None
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masks else set()
    try:
        yield
    finally:
        if masks:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if main:
            signal.signal(signal.SIGINT, handler)
        if caught:
            signal.raise_signal(signal.SIGINT)


# --- inside a worker -------------------------------------------------------------------------------------------------


def _enter(token: str, setting: Work) -> None:
    remember(token, setting)
    # The parent ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
