"""Budget lines, stock and codes: when a cost or a grant is refused (SEMANTICS 24). Money in micros."""

from decimal import ROUND_FLOOR, Decimal

from attrs import frozen

from wakeup.plan.model import Budget, Scenario


@frozen
class Account:
    """A budget line or the total: its limit, what is spent, what is reserved for open grants."""

    limit: int
    spent: int
    reserved: int = 0


def refuses_cost(cost: int, line: Account | None, total: Account | None) -> bool:
    """Return whether a send that costs `cost` would overdraw its line or the total (None: there is none)."""
    if cost <= 0:
        return False
    over_line = line is not None and line.spent + line.reserved + cost > line.limit
    return over_line or (total is not None and total.spent + cost > total.limit)


def refuses_grant(face: int, line: Account | None, total: Account | None) -> bool:
    """Return whether a new grant is refused: its line or the total is spent.

    Args:
        face: what the grant reserves (0: it reserves nothing).
        line: the incentive's line, None without one.
        total: the total, None without a budget.
    """
    if total is not None and total.spent >= total.limit:
        return True
    if line is None:
        return False
    committed = line.spent + line.reserved
    return committed + face > line.limit if face else committed >= line.limit


def held_back(budget: Budget | None, scenario: Scenario | None, unit: int) -> dict[str, int]:
    """Return what a scenario takes away from each line and from the total ("") while it lasts, in micros (rule 82).

    Args:
        budget: None without one.
        scenario: None where nothing happens.
        unit: micros in one minor unit.
    """
    if budget is None or scenario is None or not scenario.budget:
        return {}
    factors = {cut.line: Decimal(cut.factor) for cut in scenario.budget}
    limits = {"": budget.total, **{line.name: line.limit for line in budget.lines}}
    left = {name: factors.get(name, factors.get("", Decimal(1))) * limit * unit for name, limit in limits.items()}
    return {name: limits[name] * unit - int(each.to_integral_value(ROUND_FLOOR)) for name, each in left.items()}


def out_of_stock(stock: int | None, open_grants: int, uses: int) -> bool:
    """Return whether nothing is left to grant: open grants hold stock as uses do."""
    return stock is not None and open_grants + uses >= stock


def out_of_codes(codes: int | None, granted: int) -> bool:
    """Return whether every code is used up: each grant ever made took one for good (rule 62)."""
    return codes is not None and granted >= codes
