import pytest
from tests.decide.tables import table
from tests.sim.plans import nudge

from wakeup.decide.predicates import Facts
from wakeup.decide.wording import worded
from wakeup.plan.model import Variant
from wakeup.plan.predicates import Compare, HasTag, InTier

MESSAGE = nudge(
    text="own",
    cost_micros=50_000,
    fields=("name",),
    variants=(
        Variant(InTier("value", "high"), "for the best", 100_000, parts=2, fields=("name", "manager")),
        Variant(HasTag("new_mother"), "for mothers", 50_000),
        Variant(Compare("orders", ">=", 5, "count"), "for many", 50_000),
    ),
)


@pytest.mark.parametrize("case", table("wording.md", "The wording of a message"), ids=str)
def test_the_first_that_matches(case: dict[str, str]) -> None:
    orders = {} if case["orders"] == "missing" else {"orders": int(case["orders"])}
    facts = Facts(orders, 0, "UTC", tags=set(case["tags"].split(", ")), bands={"value": case["band"]})
    variant, message = worded(MESSAGE, facts)
    assert (str(variant), message.text) == (case["variant"], case["text"])


def test_a_variant_has_its_own_cost_parts_and_fields() -> None:
    _, own = worded(MESSAGE, Facts({}, 0, "UTC"))
    assert (own.cost_micros, own.parts, own.fields) == (50_000, 1, ("name",))
    _, best = worded(MESSAGE, Facts({}, 0, "UTC", bands={"value": "high"}))
    assert (best.cost_micros, best.parts, best.fields) == (100_000, 2, ("name", "manager"))
    assert (best.name, best.channel) == (MESSAGE.name, MESSAGE.channel)
