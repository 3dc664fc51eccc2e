"""What the tests of rehearsals share."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def _young() -> Iterator[None]:
    """The reference collects its garbage after each run: what was there before need not be looked at each time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
