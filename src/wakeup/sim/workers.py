"""Jobs in this process, in worker processes, or on an executor; what comes out is the same to the bit."""

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
from typing import Any, Final

from attrs import define, field

from wakeup.behaviour.protocol import Behaviour
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.sim.executors import Play, flow, on, remember
from wakeup.sim.jobs import Done, Job, Work

DEATHS: Final = 3
"""How often in a row, without one job done in between, workers may die before the run is given up."""

_TOKEN: Final = "own"
"""Workers of our own have one setting for life."""


@contextmanager
def hired(setting: Work, workers: int, executor: Executor | None) -> Iterator[Play]:
    """Give what plays jobs: on the executor if there is one, else in so many processes, 1 being this one."""
    if executor is not None:
        with on(executor, setting) as play:
            yield play
    elif workers == 1:
        yield partial(_here, setting)
    else:
        _portable(setting.behaviour)
        pool = _Pool(setting, workers)
        try:
            yield pool.play
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
    """Processes of our own; those that die are replaced, and what they had not done is played again."""

    setting: Work
    workers: int
    _others: set[object] = field(factory=lambda: set(multiprocessing.active_children()))
    _pool: ProcessPoolExecutor | None = None

    def play(self, jobs: Iterable[Job]) -> Generator[tuple[Job, Done], None, None]:
        """Play jobs, see `Play`.

        Raises:
            WakeupError: workers died again and again (WK5108).
        """
        left, deaths = list(jobs), 0
        while left:
            try:
                for job, done in flow(self._hire(), _TOKEN, self.setting, tuple(left), cancels=False):
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
            self._pool = _Processes(self.workers, mp_context=context, initializer=_enter, initargs=(self.setting,))
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


def _enter(setting: Work) -> None:
    remember(_TOKEN, setting)
    # The parent ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
