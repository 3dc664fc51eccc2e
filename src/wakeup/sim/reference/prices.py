"""What goods are sold for while a scenario changes the prices (docs/semantics, rule 83)."""

from wakeup.decide.money import at_prices
from wakeup.plan.model import Scenario


def priced(scenario: Scenario | None, t: int, basket: int) -> int:
    """Return a basket of minor units at the prices of `t`."""
    if scenario is None or scenario.prices == "1" or not scenario.start <= t < scenario.end:
        return basket
    return at_prices(basket, float(scenario.prices))
