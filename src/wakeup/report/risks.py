"""What can go wrong: money at risk and goals missed as planned and under scenarios, and what counter-measures buy."""

from wakeup.figures.result import Countermeasure, Figure, Result, Risk
from wakeup.plan.model import Plan
from wakeup.report import charts
from wakeup.report.markup import Safe, element, join
from wakeup.report.numbers import NOTHING, bare
from wakeup.report.parts import Block, Section
from wakeup.report.speech import Speech
from wakeup.report.tables import table

_FIGURES = ("woken", "orders", "incremental_orders", "incremental_profit", "spent")


def risk_head(result: Result, s: Speech) -> tuple[str, ...]:
    """Return the head of the table of risks: what is at stake, and each goal."""
    return (
        s.say("Scenario"),
        s.say("+ profit"),
        s.say("One run in ten earns less than"),
        s.say("Loses money"),
        *(s.say("Misses {goal}", goal=goal) for goal in result.risks[0].missed),
    )


def risk_rows(result: Result, s: Speech) -> list[tuple[str, ...]]:
    """Return the risks as planned, then under each scenario."""
    return [(*_stakes(each, result, s), *map(s.chance, each.missed.values())) for each in result.risks]


def _stakes(risk: Risk, result: Result, s: Speech) -> tuple[str, ...]:
    return (
        risk.scenario or s.say("base"),
        bare(risk.profit, result.currency, change=True),
        bare(risk.tenth, result.currency, change=True),
        s.chance(risk.loss),
    )


def missed(risk: Risk, s: Speech) -> list[str]:
    """Return each goal with its chance of being missed."""
    return [
        s.say("{claim}: {probability}", claim=goal, probability=s.chance(chance))
        for goal, chance in risk.missed.items()
    ]


def bought_head(result: Result, s: Speech) -> tuple[str, ...]:
    """Return the head of the table of counter-measures."""
    return (
        s.say("Scenario"),
        s.say("Counter-measure"),
        s.say("Buys, {currency}", currency=s.unit(result.currency)),
        s.say("90 % interval"),
        s.say("+ orders"),
        s.say("Opted out"),
        s.say("Complained"),
    )


def bought_rows(result: Result, s: Speech) -> list[tuple[str, ...]]:
    """Return what each counter-measure buys: the plan with it less the plan without it."""
    return [(each.scenario, measure(each, result, s), *_bought(each, result, s)) for each in result.countermeasures]


def measure(each: Countermeasure, result: Result, s: Speech) -> str:
    """Return what a counter-measure is, and of guards how often it made a difference."""
    names = ", ".join(each.names)
    if each.kind == "fallbacks":
        return s.say("`else` of {names}", names=names)
    played = result.stopped.scenarios.get(each.scenario, result.replications)
    return s.say("guard {names}, acts in {acted} of {all}", names=names, acted=each.replications, all=played)


def _bought(each: Countermeasure, result: Result, s: Speech) -> tuple[str, ...]:
    profit = each.figures["incremental_profit"]
    others = ("incremental_orders", "opted_out", "complained")
    return (
        bare(profit.value, result.currency, change=True),
        s.interval(profit.low, profit.high, "count", change=True),
        *(s.quantity(each.figures[name].value, "count", change=True) for name in others),
    )


def on_first_screen(result: Result, s: Speech) -> Safe:
    """Return the table of risks where scenarios were simulated; nothing else."""
    if not result.scenarios:
        return Safe()
    return join(element("h2", s.say("What can go wrong")), table(risk_head(result, s), risk_rows(result, s)))


def scenarios(result: Result, plan: Plan, s: Speech) -> Section | None:
    """Return what can go wrong as planned; with scenarios their figures, and what the plan's counter-measures buy."""
    if not result.scenarios:
        return Section(s.say("What can go wrong"), "", (Block(table(risk_head(result, s), risk_rows(result, s))),))
    groups = [(s.say("base"), result.figures), *result.scenarios.items()]
    names = [name for name in _FIGURES if any(name in figures for _, figures in groups)]
    rows = [(group, *(_value(s, figures.get(name), name) for name in names)) for group, figures in groups]
    profit = [(group, figures["incremental_profit"]) for group, figures in groups if "incremental_profit" in figures]
    spans = [charts.Span(group, each.value, each.low, each.high) for group, each in profit if each.value is not None]
    picture = charts.forest(spans, s.say("+ profit, {currency}", currency=s.unit(plan.currency)))
    blocks = [Block(table((s.say("Scenario"), *map(s.label, names)), rows), (picture,) if spans else ())]
    note = s.say("Each scenario on the same people with the same luck; the money at risk stands on the first screen.")
    if result.countermeasures:
        caption = s.say(
            "What counter-measures buy: the same scenario with the same luck, with them less without them. Where the "
            "interval holds zero it may be nothing."
        )
        blocks.append(Block(table(bought_head(result, s), bought_rows(result, s), words=2, caption=caption)))
    return Section(s.say("Scenarios"), note, tuple(blocks))


def _value(s: Speech, figure: Figure | None, name: str) -> str:
    return NOTHING if figure is None else s.quantity(figure.value, figure.unit, change=name.startswith("incremental_"))
