"""How long a comparison takes beside two simulations: one campaign, and a copy of it with every coupon larger.

    python -m benchmarks.compare [CUSTOMERS] [REPLICATIONS]

At most 1.5 times is what is asked for. In one process, seconds of its processor, so that what else runs does not show.
The same people are used for all runs; making them and reading the campaign are not in the times.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from attrs import evolve

import wakeup
from wakeup.customers import synthetic
from wakeup.plan.model import AmountOff, Coupon, PercentOff, Plan

CAMPAIGN = Path(__file__).parents[1] / "campaigns" / "beauty_autumn.wake"
CUSTOMERS, REPLICATIONS = 100_000, 20
MOST = 1.5
TURNS = 3
"""How often each is measured."""
RAISE = 10
"""By so many major units every coupon is raised."""


def raised(plan: Plan) -> Plan:
    """Return the plan with larger coupons."""
    more = RAISE * 10**plan.minor_digits
    return evolve(
        plan,
        incentives=tuple(
            evolve(each, rungs=tuple(evolve(rung, discount=_more(rung.discount, more)) for rung in each.rungs))
            if isinstance(each, Coupon)
            else each
            for each in plan.incentives
        ),
    )


def _more(discount: AmountOff | PercentOff, more: int) -> AmountOff | PercentOff:
    return evolve(discount, amount=discount.amount + more) if isinstance(discount, AmountOff) else discount


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def both(customers: int, replications: int) -> tuple[float, float]:
    """Return the seconds of two simulations, and of one comparison of the same plans.

    They take turns, and the least of each counts: with other work on the machine one turn alone has told anything from
    0.96 to 1.17 times.
    """
    old = wakeup.load(CAMPAIGN)
    new, people = raised(old), synthetic(customers, seed=7)
    wakeup.simulate(old, people, replications=1)  # imports, caches
    works: tuple[Callable[[], object], ...] = (
        lambda: wakeup.simulate(old, people, replications=replications),
        lambda: wakeup.simulate(new, people, replications=replications),
        lambda: wakeup.compare(old, new, people, replications=replications),
    )
    turns = [[seconds(work) for work in works] for _ in range(TURNS)]
    first, second, paired = (min(each) for each in zip(*turns, strict=True))
    return first + second, paired


def main(customers: int = CUSTOMERS, replications: int = REPLICATIONS) -> int:
    """Print both times and their ratio; return 1 if it is more than `MOST`."""
    alone, paired = both(customers, replications)
    print(f"{CAMPAIGN.stem}, {customers:,} customers, {replications} replications")
    print(f"two simulations {alone:7.2f} s")
    print(f"one comparison  {paired:7.2f} s: {paired / alone:.2f} times, at most {MOST}")
    return int(paired > MOST * alone)


if __name__ == "__main__":
    sys.exit(main(*(int(each) for each in sys.argv[1:])))
