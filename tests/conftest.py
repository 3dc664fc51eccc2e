"""What all tests share: how far Hypothesis searches, and where real data lies."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# No deadline: a busy machine is no failure. The same examples each run: a red test stays red until it is mended.
settings.register_profile("test", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("proof", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` writes what came out into the golden files instead of comparing."""
    parser.addoption("--update-golden", action="store_true", help="write golden files instead of comparing with them")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written."""
    return bool(request.config.getoption("--update-golden"))


def pytest_unconfigure() -> None:
    """Undo what `_young` does: at its end the interpreter looks for what was left behind."""
    gc.unfreeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count every proof as slow, so that `-m "not slow"` leaves both out."""
    for item in items:
        if item.get_closest_marker("proof"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True, scope="module")
def _young() -> None:
    """The reference collects its garbage after each run: what was there before need not be looked at each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The top folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real order logs (environment variable WAKEUP_DATA); skips where there is none."""
    folder = Path(os.environ.get("WAKEUP_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"NO REAL DATA: set WAKEUP_DATA to its folder (looked in {folder})")
    return folder
