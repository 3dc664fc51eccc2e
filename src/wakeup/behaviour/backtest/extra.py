"""SciPy, which only calibration and backtests need: loaded when it is asked for."""

from importlib import import_module
from typing import Any

from wakeup.diagnostics import WakeupError, diagnostic


def scipy(part: str) -> Any:
    """Return `scipy.PART`.

    Raises:
        WakeupError: WK6146, the extra `wakeup[calibrate]` is not installed.
    """
    try:
        return import_module(f"scipy.{part}")
    except ImportError:
        raise WakeupError([diagnostic("WK6146", package="scipy")]) from None
