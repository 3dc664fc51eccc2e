"""What the campaign is expected to cost, and the most that it can cost, against its budget."""

from collections.abc import Iterator
from typing import Any

from wakeup.diagnostics import Diagnostic, Listed, Piece, Say, amount, diagnostic
from wakeup.plan.model import Budget
from wakeup.preflight.conditions import money, typed
from wakeup.preflight.facts import Facts
from wakeup.preflight.rehearsal import Payment


def expected(facts: Facts) -> Iterator[Diagnostic]:
    """Lines, and a total, that will be asked for more than they hold."""
    budget = facts.plan.budget
    if budget is None:
        return
    paid = _payments(facts)
    told = False
    for line in budget.lines:
        mine = [each for each in paid if each.line == line.name]
        asked = sum(each.amount for each in mine)
        if asked > line.limit:
            told = True
            where = facts.places.at(f"budget/line:{line.name}", "budget")
            yield diagnostic("WK3930", where, name=line.name, **_told(facts, mine, asked, line.limit))
    asked = sum(each.amount for each in paid)
    # Where a line is short the total is too, as a rule: it is said once.
    if asked > budget.total and not told:
        yield diagnostic("WK3931", facts.places.at("budget"), **_told(facts, paid, asked, budget.total))


def _payments(facts: Facts) -> tuple[Payment, ...]:
    """What is expected to be paid; with nobody entering the fixed costs alone."""
    if facts.rehearsal is not None:
        return tuple(facts.rehearsal.payments())
    return tuple(Payment(each.name, each.line, float(each.amount)) for each in facts.plan.costs)


def _told(facts: Facts, paid: list[Payment] | tuple[Payment, ...], asked: float, limit: int) -> dict[str, Any]:
    plan = facts.plan
    most = max(paid, key=lambda each: each.amount)
    return {
        "asked": money(plan, asked),
        "enough": amount(typed(asked / 10**plan.minor_digits), plan.currency),
        "limit": money(plan, limit),
        "most": most.name,
        "amount": money(plan, most.amount),
    }


def worst(facts: Facts) -> Iterator[Diagnostic]:
    """Lines, and a total, that the worst case would ask for more than they hold: one note for all of them."""
    budget = facts.plan.budget
    if budget is None:
        return
    over = list(_over(facts, budget))
    if over or facts.worst.total > budget.total:
        yield diagnostic(
            "WK3932",
            facts.places.at("budget"),
            worst=money(facts.plan, facts.worst.total),
            total=money(facts.plan, budget.total),
            over=Listed(over) if over else "–",
        )


def _over(facts: Facts, budget: Budget) -> Iterator[Piece]:
    for line in budget.lines:
        most = facts.worst.lines[line.name]
        if most > line.limit:
            amounts = {"most": money(facts.plan, most), "limit": money(facts.plan, line.limit)}
            yield Say("{name} {most} > {limit}", name=line.name, **amounts)
