"""What a scenario does to prices and to the budget (docs/semantics, rules 82, 83)."""

from collections.abc import Iterator

import numpy as np

from wakeup.decide.ledger import held_back
from wakeup.plan.model import Scenario
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import I64, Phase, position
from wakeup.sim.array.shared import Shared


def priced(scenario: Scenario | None, t: I64, basket: I64) -> I64:
    """Return baskets (m,) of minor units, ordered at `t` (m,), at the prices of that second."""
    if scenario is None or scenario.prices == "1":
        return basket
    changed = basket * float(scenario.prices)
    changed += 0.5
    np.floor(changed, out=changed)
    now = np.maximum(changed, 1.0, out=changed).astype(np.int64)
    return np.where((t >= scenario.start) & (t < scenario.end), now, basket)


def cuts(book: Book, horizon: int) -> Iterator[tuple[int, dict[str, int]]]:
    """Give the instants before `horizon` at which a scenario takes money away from the limits of lines and of the total
    (""), and gives it back: by how many micros each falls, negative where it rises."""
    taken = held_back(book.plan.budget, book.scenario, book.minor)
    if book.scenario is None or not taken:
        return
    begin = max(book.scenario.start, book.plan.start)
    steps = ((begin, taken), (book.scenario.end, {name: -micros for name, micros in taken.items()}))
    yield from (step for step in steps if step[0] < horizon)


def cut(shared: Shared, t: int, micros: dict[str, int]) -> None:
    """Take micros away from limits, first thing in second `t`: as if they were spent, but they are no cost."""
    where = np.array([position(t, Phase.FREED)])
    for name, amount in micros.items():
        (shared.lines[name] if name else shared.total).change(where, amount)
