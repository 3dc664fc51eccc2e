"""What a live team would read off the tests of a campaign: the rows and sentences of page and terminal."""

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import frozen

from wakeup.diagnostics import Listed, Say
from wakeup.figures.result import ArmShare, Comparison, Experiment, Figure, Result
from wakeup.report.numbers import NOTHING, bare
from wakeup.report.speech import Speech
from wakeup.stats.balance import MISMATCH

_SIDES: Final = {"treated": Say("treated"), "held_out": Say("held out")}
"""The two sides of the control group's test, which no campaign named."""


@frozen
class Row:
    """An arm in words; `compared`: it beside the arm it is compared with, None for that one."""

    name: str
    people: str
    rate: str
    difference: str
    interval: str
    seen: str
    profit: str
    profit_interval: str
    compared: Comparison | None

    def shares(self) -> tuple[str, ...]:
        """Return what is told of the shares."""
        return self.name, self.people, self.rate, self.difference, self.interval, self.seen

    def money(self) -> tuple[str, ...]:
        """Return what is told of the profit per person."""
        return self.name, self.profit, self.profit_interval


def rows(result: Result, s: Speech) -> list[Row]:
    """Return the arms of all tests, each beside the first of its test."""
    return [
        _row(s, result.currency, test, arm, compared)
        for test in result.experiments
        for arm, compared in zip(test.arms, (None, *test.comparisons), strict=True)
    ]


def _row(s: Speech, currency: str, test: Experiment, arm: ArmShare, compared: Comparison | None) -> Row:
    who, rate = s.quantity(arm.people, "people"), s.quantity(arm.rate, "share")
    if compared is None:
        return Row(_named(s, test, arm.arm), who, rate, *(NOTHING,) * 5, None)
    return Row(
        _named(s, test, arm.arm),
        who,
        rate,
        _points(compared.difference),
        s.say("{least} to {most}", least=_points(compared.low), most=_points(compared.high)),
        s.chance(compared.seen),
        s.quantity(compared.profit, currency, change=True),
        s.interval(compared.profit_low, compared.profit_high, currency, change=True),
        compared,
    )


def _points(share: float) -> str:
    return bare(share, "share", change=True)


def _named(s: Speech, test: Experiment, arm: str) -> str:
    return s.arm(test.split, arm) if test.split else s.arm(s.say("control group"), s.told(_SIDES[arm]))


def share_heads(s: Speech) -> tuple[str, ...]:
    """Return the heads of the columns of `Row.shares`."""
    return s.say("Test"), s.say("People"), s.say("Share"), s.say("Points"), s.say("95 % interval"), s.say("Seen in")


def money_heads(s: Speech) -> tuple[str, ...]:
    """Return the heads of the columns of `Row.money`."""
    return s.say("Test"), s.say("Profit per person"), s.say("95 % interval")


def sentences(result: Result, s: Speech) -> list[str]:
    """Return how to read the rows, whether people came to the arms as planned, and what exploring costs."""
    if not result.experiments:
        return []
    told = s.say(
        "Points: by how much the share is higher than that of the first arm. Seen in: how many of 100 live runs call "
        "that real (5 % test, corrected for several arms)."
    )
    reading = s.run_on((_measured(result.experiments, s), told))
    return [reading, *_balance(result.experiments, s), *_exploring(result, s)]


def _measured(tests: Sequence[Experiment], s: Speech) -> str:
    ordered = [each.split for each in tests if each.figure == "converted"]
    if not ordered:
        return s.say("Share: of people who woke up.")
    return s.say("Share: of people who woke up; in {splits}: who ordered.", splits=Listed(ordered))


def _balance(tests: Sequence[Experiment], s: Speech) -> Iterator[str]:
    strange = [each for each in tests if each.sample_ratio_p is not None and each.sample_ratio_p < MISMATCH]
    for test in strange:
        yield s.say(
            "{name}: people did not come to its arms as planned (chance {chance}): find the cause before believing it.",
            name=test.split or s.say("control group"),
            chance=s.chance(test.sample_ratio_p),
        )
    if not strange:
        yield s.say("People came to the arms of every test as planned.")


def _exploring(result: Result, s: Speech) -> Iterator[str]:
    for test in result.experiments:
        orders, profit = test.winner_orders, test.winner_profit
        if test.winner is not None and orders is not None and profit is not None:
            yield s.say(
                "{split}: {arm}, the arm with the highest share, for everybody in the test would have brought {orders}"
                " orders and {profit} of profit. That is what testing costs.",
                split=test.split,
                arm=test.winner,
                orders=_with_interval(s, orders),
                profit=_with_interval(s, profit),
            )


def _with_interval(s: Speech, figure: Figure) -> str:
    value = s.quantity(figure.value, figure.unit, change=True)
    if figure.low is None:
        return value
    return value + s.say(" ({interval})", interval=s.interval(figure.low, figure.high, figure.unit, change=True))
