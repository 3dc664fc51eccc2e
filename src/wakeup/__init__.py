"""Campaigns as code for waking dormant customers: write a campaign, check it, simulate it, read what it would bring.

    import wakeup

    plan = wakeup.load("campaigns/beauty_autumn.wake")
    people = wakeup.customers.synthetic(100_000, seed=7)
    result = wakeup.simulate(plan, people, seed=7, replications=20)
    result.figures["incremental_profit"]

Nothing heavy is loaded before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from wakeup.version import VERSION

if TYPE_CHECKING:
    from wakeup import customers as customers
    from wakeup.diagnostics import Diagnostic as Diagnostic
    from wakeup.diagnostics import WakeupError as WakeupError
    from wakeup.face import Comparison as Comparison
    from wakeup.face import Forecast as Forecast
    from wakeup.face import Together as Together
    from wakeup.face import check as check
    from wakeup.face import compare as compare
    from wakeup.face import load as load
    from wakeup.face import simulate as simulate
    from wakeup.face import together as together
    from wakeup.plan.model import Plan as Plan
    from wakeup.sim.replications import Interrupted as Interrupted

__version__ = VERSION
__all__ = [
    "Comparison",
    "Diagnostic",
    "Forecast",
    "Interrupted",
    "Plan",
    "Together",
    "WakeupError",
    "check",
    "compare",
    "customers",
    "load",
    "simulate",
    "together",
]

_HOMES = {
    "Comparison": "wakeup.face",
    "Diagnostic": "wakeup.diagnostics",
    "Forecast": "wakeup.face",
    "Interrupted": "wakeup.sim.replications",
    "Plan": "wakeup.plan.model",
    "Together": "wakeup.face",
    "WakeupError": "wakeup.diagnostics",
    "check": "wakeup.face",
    "compare": "wakeup.face",
    "load": "wakeup.face",
    "simulate": "wakeup.face",
    "together": "wakeup.face",
}


def __getattr__(name: str) -> Any:
    if name == "customers":
        return import_module("wakeup.customers")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'wakeup' has no attribute '{name}'")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
