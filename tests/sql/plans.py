"""Plans that ask one thing."""

from wakeup.plan.model import Attribution, Journey, Plan, Wave
from wakeup.plan.predicates import EVERYONE, Predicate

START = 1_788_192_000  # 2026-09-01 00:00 in Shanghai


def asking(audience: Predicate) -> Plan:
    """A plan for an audience, with one journey for everybody."""
    return Plan(
        name="p", title="", doc="", currency="CNY", minor_digits=2, zone="Asia/Shanghai", start=START,
        end=START + 86_400, audience=audience, holdout="0", holdout_salt="", awake=("order",), margin="0",
        budget=None, attribution=Attribution("last_touch", 86_400),
        journeys=(Journey("everybody", EVERYONE, Wave(START), ()),),
    )  # fmt: skip
