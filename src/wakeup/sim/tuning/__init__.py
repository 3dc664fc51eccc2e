"""Search among variants of a plan: which choice of its open numbers is best, and how far the search flatters it."""

from wakeup.sim.tuning.search import Best, Found, Trial, search
from wakeup.sim.tuning.space import Open, Space, told

__all__ = ["Best", "Found", "Open", "Space", "Trial", "search", "told"]
