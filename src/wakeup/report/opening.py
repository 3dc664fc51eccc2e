"""The first screen: what the campaign is, whom it targets, what it would bring and how sure that is, in sentences."""

from datetime import datetime
from zoneinfo import ZoneInfo

from wakeup.figures.result import ExpectationResult, Figure, GoalResult, Result
from wakeup.plan.model import Plan
from wakeup.plan.wording import Wording
from wakeup.report.markup import Safe, element, join
from wakeup.report.numbers import chance, interval, quantity
from wakeup.report.words import STATUSES


def opening(result: Result, plan: Plan) -> Safe:
    """Return the first screen of the page."""
    return join(
        element("h1", plan.title or plan.name),
        *([element("p", plan.doc, class_="soft")] if plan.doc else []),
        _lead(result, plan),
        element("ul", *_findings(result, plan), class_="findings"),
        element("p", certainty(result), class_="note"),
        _judged(result),
    )


def certainty(result: Result) -> str:
    """Return in words what the intervals of a result mean, or why there are none."""
    if result.replications == 1:
        return "A single replication has no intervals: simulate more of them."
    return (
        f"A forecast from {result.replications} replications. Intervals: where 90 % of live runs would end, "
        "counting both chance and what nobody knows about these customers."
    )


def _lead(result: Result, plan: Plan) -> Safe:
    held = result.figures["held_out"].value or 0
    apart = [" Another ", _strong(result.figures["held_out"]), " are left alone for comparison."] if held else []
    return element(
        "p",
        f"The campaign runs from {_day(plan.start, plan)} to {_day(plan.end - 1, plan)} ({plan.zone}). It targets ",
        _strong(result.figures["targeted"]),
        f" of {result.customers:,} customers: {Wording(plan).condition(plan.audience)}.",
        *apart,
        class_="lead",
    )


def _findings(result: Result, plan: Plan) -> list[Safe]:
    figures = result.figures
    if not figures["targeted"].value:
        return [element("li", "Nobody is targeted: no customer is in the audience and in a journey.", class_="loss")]
    woken = element(
        "li",
        _strong(figures["woken"]),
        " people wake up",
        _within(figures["woken"]),
        f", {_plain(figures['wake_rate'])} of those targeted. Without the campaign it would be ",
        _without(figures["woken"], figures["incremental_woken"]),
        ".",
    )
    orders = element(
        "li",
        "They place ",
        _strong(figures["orders"]),
        " orders",
        _within(figures["orders"]),
        "; against leaving these people alone that is ",
        _strong(figures["incremental_orders"], change=True),
        _within(figures["incremental_orders"], change=True),
        ".",
    )
    return [woken, orders, _earned(figures["incremental_profit"]), _cost(figures["spent"], plan)]


def _earned(profit: Figure) -> Safe:
    """Return what the campaign earns beyond doing nothing; an interval across zero is said aloud."""
    value = profit.value or 0
    pieces = [
        "After all costs it ",
        "earns " if value >= 0 else "loses ",
        element("strong", quantity(abs(value), profit.unit)),
        " against leaving these people alone",
        _within(profit, change=True),
        ".",
    ]
    if profit.low is not None and profit.high is not None and profit.low < 0 < profit.high:
        pieces.append(" It may as well lose money as earn it: the interval holds zero.")
    return element("li", *pieces, class_="" if value >= 0 else "loss")


def _cost(spent: Figure, plan: Plan) -> Safe:
    total = plan.budget.total / 10**plan.minor_digits if plan.budget else 0
    share = ""
    if total and spent.value is not None:
        share = f", {quantity(spent.value / total, 'share')} of the budget of {quantity(total, plan.currency)}"
    return element("li", "It costs ", _strong(spent), _within(spent), share, ".")


def _judged(result: Result) -> Safe:
    """Return goals and expectations with their probabilities; nothing where the campaign states none."""
    said = [*map(_goal, result.goals), *map(_expectation, result.expectations)]
    if not said:
        return Safe()
    return join(element("h2", "Goals and expectations"), element("ul", *said, class_="judged"))


def _goal(goal: GoalResult) -> Safe:
    return element(
        "li", "Goal ", element("code", goal.text), ": reached with probability ", _bold(chance(goal.probability)), "."
    )


def _expectation(expected: ExpectationResult) -> Safe:
    mark = "mark" if expected.status == "ok" else "mark bad"
    return element(
        "li",
        "Expectation ",
        element("code", expected.text),
        ": ",
        element("span", STATUSES.get(expected.status, expected.status), class_=mark),
        f". It holds with probability {chance(expected.probability)}; ",
        "always is asked for." if expected.sure is None else f"{chance(expected.sure)} is asked for.",
    )


def _without(gross: Figure, incremental: Figure) -> Safe:
    if gross.value is None or incremental.value is None:
        return _bold(quantity(None, gross.unit))
    return _bold(quantity(gross.value - incremental.value, gross.unit))


def _strong(figure: Figure, *, change: bool = False) -> Safe:
    return _bold(quantity(figure.value, figure.unit, change=change))


def _bold(text: str) -> Safe:
    return element("strong", text)


def _plain(figure: Figure) -> str:
    return quantity(figure.value, figure.unit)


def _within(figure: Figure, *, change: bool = False) -> str:
    """Return the interval in brackets; nothing where there is none, since the note below says why."""
    if figure.low is None or figure.high is None:
        return ""
    return f" ({interval(figure.low, figure.high, figure.unit, change=change)})"


def _day(instant: int, plan: Plan) -> str:
    day = datetime.fromtimestamp(instant, ZoneInfo(plan.zone))
    return f"{day.day} {day:%B %Y}"
