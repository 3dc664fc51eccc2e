"""Why a demand is not met, and by how much: the sentences beside a failed expectation."""

from typing import Final

from wakeup.diagnostics import Say
from wakeup.figures.definitions import COMPARED, plain_name, unit_of
from wakeup.figures.result import ExpectationResult, Reach, Result
from wakeup.report.money import waterfall
from wakeup.report.numbers import bare
from wakeup.report.speech import Speech

_FORMS: Final = {
    ("always", True): Say("In the worst run it is {surely}: {gap} too low."),
    ("always", False): Say("In the worst run it is {surely}: {gap} too high."),
    ("mean", True): Say("The forecast is {mean}, {gap} too low; as surely as asked it only reaches {surely}."),
    ("mean", False): Say("The forecast is {mean}, {gap} too high; as surely as asked it only keeps below {surely}."),
    ("surely", True): Say(
        "The forecast of {mean} would do, but as surely as asked it only reaches {surely}: {gap} too low."
    ),
    ("surely", False): Say(
        "The forecast of {mean} would do, but as surely as asked it only keeps below {surely}: {gap} too high."
    ),
}
"""By what misses, the worst run, the mean or only the certainty, and whether more is better."""


def shortfalls(result: Result, s: Speech) -> list[str]:
    """Return a line for each failed expectation: what was asked, how far the forecast is from it, and why."""
    told = ((each.text, shortfall(each, result, s)) for each in result.expectations)
    return [s.say("Not met: {claim}. {why}", claim=claim, why=why) for claim, why in told if why]


def shortfall(expected: ExpectationResult, result: Result, s: Speech) -> str:
    """Return by how much an expectation is missed and why; nothing where it is not failed, or has no figure."""
    reach = expected.reach
    if expected.status != "failed" or reach is None or reach.mean is None:
        return ""
    return s.run_on((_by_how_much(reach, expected.sure is None, result, s), _why(reach, result, s)))


def _by_how_much(reach: Reach, always: bool, result: Result, s: Speech) -> str:
    unit, up = unit_of(reach.figure, result.currency), reach.op in (">", ">=")
    mean = reach.mean or 0.0
    surely = mean if reach.surely is None else reach.surely
    mean_fails = mean < reach.asked if up else mean > reach.asked
    form = "always" if always else "mean" if mean_fails else "surely"
    return s.say(
        _FORMS[form, up].text,
        mean=s.quantity(mean, unit),
        surely=s.quantity(surely, unit),
        gap=_gap(mean if form == "mean" else surely, reach.asked, unit, s),
    )


def _why(reach: Reach, result: Result, s: Speech) -> str:
    """Return the first thing to look at: the largest cost of a profit, how many people are reached of what they do."""
    plain = plain_name(reach.figure)
    if reach.op not in (">", ">="):
        return ""
    if plain in ("profit", "roi"):
        largest = min(waterfall(result, s)[1:-1], key=lambda each: each.amount, default=None)
        if largest is None:
            return ""
        amount = s.quantity(-largest.amount, result.currency)
        return s.say("The largest cost: {what}, {amount}.", what=largest.label, amount=amount)
    added = result.figures.get(f"incremental_{plain}")
    if plain not in COMPARED or added is None:
        return ""
    return s.say(
        "Of {targeted} people targeted {touched} get a message at all; the campaign adds {added}.",
        targeted=s.quantity(result.figures["targeted"].value, "people"),
        touched=s.quantity(result.figures["touched"].value, "people"),
        added=s.quantity(added.value, added.unit, change=True),
    )


def _gap(value: float, asked: float, unit: str, s: Speech) -> str:
    behind = s.unit(unit, change=True)
    number = bare(abs(value - asked), unit)
    return f"{number}\N{NO-BREAK SPACE}{behind}" if behind else number
