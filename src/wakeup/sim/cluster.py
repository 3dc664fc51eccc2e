"""A Dask cluster to run on (extra `[cluster]`)."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, Final

import numpy as np

from wakeup.diagnostics import Say, Text, WakeupError, diagnostic
from wakeup.version import VERSION

_PATIENCE: Final = "10s"
"""How long a scheduler may take to answer."""

_LARGE: Final = "distributed.admin.large-graph-warning-threshold"


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Give an executor on the cluster whose scheduler is at an address such as `tcp://scheduler:8786`.

    Raises:
        WakeupError: distributed is not installed (WK5119), nobody answers, there are no workers, or they have other
            versions (WK5120).
    """
    try:
        import dask
        import distributed
    except ImportError:
        raise WakeupError([diagnostic("WK5119", package="distributed")]) from None
    connect: Any = distributed.Client
    # The people go over once per worker; Dask would advise against it at each.
    with dask.config.set({_LARGE: "1 TiB"}):
        try:
            client = connect(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError):
            raise _refused(address, Say("nobody answers")) from None
        with client:
            _agree(address, client.run(versions))
            executor: Executor = client.get_executor()
            yield executor


def threads(executor: Executor) -> int:
    """Return how many jobs Dask's executor plays at once."""
    client: Any = getattr(executor, "_client", None)  # it has no public name
    return 0 if client is None else sum(client.ncores().values())


def versions() -> tuple[str, str]:
    """Return what decides the bits of a result: the versions of wakeup and NumPy here."""
    return VERSION, np.__version__


def _agree(address: str, found: dict[str, tuple[str, str]]) -> None:
    if not found:
        raise _refused(address, Say("it has no workers"))
    for theirs in found.values():
        if theirs != versions():
            told = Say(
                "a worker has wakeup {wakeup} and NumPy {numpy}, here are {own} and {own_numpy}",
                wakeup=theirs[0],
                numpy=theirs[1],
                own=VERSION,
                own_numpy=np.__version__,
            )
            raise _refused(address, told)


def _refused(address: str, problem: Text) -> WakeupError:
    return WakeupError([diagnostic("WK5120", address=address, problem=problem)])
