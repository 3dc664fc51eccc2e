"""What a backtest says, in sentences and rows that the terminal and the page share."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from attrs import frozen

from wakeup.behaviour.backtest.judging import LEVELS
from wakeup.behaviour.backtest.past import LEAST_PEOPLE
from wakeup.behaviour.backtest.rolling_origin import Backtest
from wakeup.behaviour.backtest.summary import BinRow, Summary
from wakeup.customers.zones import local_day
from wakeup.diagnostics import Count, Piece, Say
from wakeup.report.numbers import NOTHING, bare, quantity
from wakeup.report.speech import Speech

FORECASTERS: Final[dict[str, Piece]] = {
    "wakeup": Say("wakeup"),
    "last_period": Say("last period"),
    "segment_mean": Say("mean of periods"),
    "bg_nbd": Say("BG/NBD"),
}
"""Who forecasts, by the names in the JSON."""

_DAY: Final = 86_400
_NOTABLE: Final = 0.05
"""A bias of so many points is told in a sentence."""
_LEAST_LEANING: Final = 0.005
"""A mean bias of less is not worth a sentence."""
_WIDE: Final = 0.4
"""A range of the share of 50 % intervals that held, so wide that it tells next to nothing."""


@frozen
class Told:
    """A backtest in one language. name: of the log, as people call it."""

    test: Backtest
    summary: Summary
    name: str
    s: Speech

    def opening(self) -> str:
        """Say what was done: from where, and what was forecast."""
        instants = self.test.origins.instants
        days = Count(self.test.origins.horizon // _DAY, "day")
        if len(instants) == 1:
            return self.s.say(
                "From {first}, what came in the {days} after was forecast from what lay before, and compared.",
                first=self.date(instants[0]),
                days=days,
            )
        return self.s.say(
            "From each of {origins}, {first} to {last}, what came in the {days} after was forecast from what lay "
            "before, and compared.",
            origins=Count(len(instants), "origin"),
            first=self.date(instants[0]),
            last=self.date(instants[-1]),
            days=days,
        )

    def claims(self) -> Iterator[str]:
        """Say of each level how many intervals held."""
        for level, found in self.summary.coverage.items():
            yield self.s.say(
                "Of {intervals} intervals that claim {level}, {held} held ({value}, {low} to {high}).",
                intervals=f"{found.intervals:,}",
                level=percent(level),
                held=f"{found.held:,}",
                value=percent(found.value),
                low=whole(found.low),
                high=percent(found.high),
            )

    def verdict(self) -> str:
        """Say whether the intervals keep what they claim, as far as this log can tell, and whether forecasts lean."""
        return self.s.run_on((self._kept(), self._leaning()))

    def _leaning(self) -> str:
        """Say whether all groups are forecast too high, or all too low."""
        biases = [row.bias for row in self.summary.bins]
        mean = sum(biases) / len(biases) if biases else 0.0
        if len(biases) < 2 or min(biases) * max(biases) <= 0.0 or abs(mean) < _LEAST_LEANING:
            return ""
        return self.s.say(
            "All groups are forecast too high, by {points} on average."
            if mean > 0.0
            else "All groups are forecast too low, by {points} on average.",
            points=quantity(abs(mean), "share", change=True, lang=self.s.lang).lstrip("+"),
        )

    def _kept(self) -> str:
        found = self.summary.coverage.items()
        short = [level for level, each in found if each.high is not None and each.high < level]
        over = [level for level, each in found if each.low is not None and each.low > level]
        if short:
            return self.s.say(
                "The intervals that claim {levels} keep less: forecasts for this shop are too sure of themselves.",
                levels=" / ".join(map(percent, short)),
            )
        if over:
            return self.s.say(
                "The intervals that claim {levels} keep more: forecasts for this shop could be narrower.",
                levels=" / ".join(map(percent, over)),
            )
        middle = self.summary.coverage[LEVELS[0]]
        if middle.low is not None and middle.high is not None and middle.high - middle.low > _WIDE:
            return self.s.say(
                "Too few origins for a verdict: the shares of intervals that held might be quite other ones."
            )
        return self.s.say("As far as this log can tell, the intervals keep what they claim.")

    def cautions(self) -> Iterator[str]:
        """Say what to know before believing it: overlap, bias, what was left out, where nothing was learnt."""
        origins, s = self.test.origins, self.s
        if origins.block > 1:
            yield s.say(
                "Origins {step} apart see common days and are no independent trials: the range behind a share is drawn "
                "from runs of {block} neighbouring origins, and there are about {trials} such runs.",
                step=Count(origins.step_days, "day"),
                block=origins.block,
                trials=max(len(origins.instants) // origins.block, 1),
            )
        worst = max(self.summary.bins, key=lambda row: abs(row.bias))
        if abs(worst.bias) >= _NOTABLE:
            yield s.say(
                "The largest bias: of customers asleep for {days} days fewer came than was forecast, {came} instead of "
                "{forecast}."
                if worst.bias > 0.0
                else "The largest bias: of customers asleep for {days} days more came than was forecast, {came} "
                "instead of {forecast}.",
                days=self.days(worst),
                came=quantity(worst.came, "share"),
                forecast=quantity(worst.forecast, "share"),
            )
        if self.test.left_out:
            yield s.say(
                "Left out: {groups} with fewer than {least} people.",
                groups=Count(self.test.left_out, "group"),
                least=LEAST_PEOPLE,
            )
        unlearnt = len(self.test.learnt) - sum(self.test.learnt)
        if unlearnt:
            yield s.say(
                "At {origins} there was too little to learn from: what wakeup assumes of any shop was forecast.",
                origins=Count(unlearnt, "origin"),
            )

    def bin_head(self) -> tuple[str, ...]:
        """Return the head of the table of bins."""
        s = self.s
        levels = map(percent, LEVELS)
        return (s.say("Days asleep"), s.say("People"), s.say("Came"), s.say("Forecast"), s.say("Bias"), *levels)

    def bin_note(self) -> str:
        """Say how to read the table of bins."""
        return self.s.say(
            "Means over the origins; bias: the forecast less what came, in percentage points; 50, 80, 90 %: of the "
            "intervals that claim so much, so many held."
        )

    def bin_rows(self) -> list[tuple[str, ...]]:
        """Return the rows of the table of bins: means over origins, and intervals that held."""
        return [
            (
                self.days(row),
                f"{row.people:,.0f}",
                quantity(row.came, "share"),
                quantity(row.forecast, "share"),
                bare(row.bias, "share", change=True),
                *(f"{held}/{row.origins}" for held in row.held.values()),
            )
            for row in self.summary.bins
        ]

    def score_head(self) -> tuple[str, ...]:
        """Return the head of the table of scores."""
        s = self.s
        return (
            s.say("Compared with"),
            s.say("Cases"),
            s.say("Interval score"),
            s.say("ours"),
            s.say("Ratio"),
            s.say("CRPS"),
            s.say("ours"),
            s.say("Ratio"),
        )

    def score_rows(self) -> list[tuple[str, ...]]:
        """Return the rows of the table of scores, in percentage points."""
        return [
            (
                self.forecaster(row.name),
                f"{row.cells:,}",
                bare(row.interval_score, "share"),
                bare(row.our_interval_score, "share"),
                bare(row.interval_skill, "ratio"),
                bare(row.crps, "share"),
                bare(row.our_crps, "share"),
                bare(row.crps_skill, "ratio"),
            )
            for row in self.summary.baselines
        ]

    def score_note(self) -> str:
        """Say how to read scores."""
        return self.s.say(
            "Scores in percentage points, the smaller the better; a ratio below 1: wakeup was the better on the same "
            "cases. The interval score of a 90 % interval is its width and twenty times what it missed by; CRPS judges "
            "the whole forecast."
        )

    def days(self, row: BinRow) -> str:
        """Return a bin of recency in words."""
        if row.last is None:
            return self.s.say("over {days}", days=row.first - 1)
        if row.first == 0:
            return self.s.say("up to {days}", days=row.last)
        return self.s.say("{start} to {end}", start=row.first, end=row.last)

    def forecaster(self, name: str) -> str:
        """Return what a forecaster is called."""
        return self.s.told(FORECASTERS.get(name, name))

    def date(self, instant: int) -> str:
        """Return the date of an instant in the log's zone."""
        return local_day(instant, self.test.zone).isoformat()

    def origins_of(self, row: BinRow) -> Sequence[int]:
        """Return the origins at which a bin had enough people."""
        return [int(each) for each in np.flatnonzero(self.test.used[:, row.at])]


def percent(share: float | None) -> str:
    """Return a share in whole percent, or "–"."""
    return NOTHING if share is None else f"{whole(share)}\N{NO-BREAK SPACE}%"


def whole(share: float | None) -> str:
    """Return a share in whole percent without the sign, or "–"."""
    return NOTHING if share is None else f"{share * 100:.0f}"
