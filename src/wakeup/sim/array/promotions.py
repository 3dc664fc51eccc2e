"""Promotion of the winning arm of a split (rules 38, 55)."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from attrs import define, field

from wakeup.plan.model import Promotion
from wakeup.sim.array.block import Stage
from wakeup.sim.array.codes import FAR, QUARTER_HOUR, Bools, Phase, position, second_of
from wakeup.sim.array.columns import Columns
from wakeup.sim.array.rows import RowLog
from wakeup.sim.array.shared import Shared
from wakeup.stats import probability_best
from wakeup.terms.lists import ROW_OF, Outcome, Row

_OUTCOME_OF: Final[Mapping[str, Outcome]] = {
    "conversion": Outcome.ORDER, "converted": Outcome.ORDER, "orders": Outcome.ORDER, "opened": Outcome.OPEN,
    "clicked": Outcome.CLICK, "claimed": Outcome.CLAIM, "joined": Outcome.JOIN, "completed": Outcome.COMPLETE,
    "attended": Outcome.ATTEND,
}  # fmt: skip
"""The outcome that counts per figure; for every other (wake_rate, woken) those that the campaign calls awake."""


@define(eq=False)
class Promotions:
    """Judges each promotion of a plan once. `won`: names of the winning arms so far, "" where none was sure."""

    stage: Stage
    won: dict[int, str] = field(factory=dict)

    def first_due(self, columns: Columns, log: RowLog) -> int:
        """Return the position of the first promotion to be judged, were a block's assignments to stand; else FAR."""
        return min((self._due(number, columns, log) for number in self._open()), default=FAR)

    def judge(self, place: int, columns: Columns, shared: Shared, log: RowLog) -> None:
        """Judge the promotions that are due at a position."""
        for number in self._open():
            if self._due(number, columns, RowLog()) == place:
                winner = self._winner(number, second_of(place), columns, log)
                split = self._split(number)
                self.won[number] = "" if winner < 0 else self.stage.book.splits[split][1].arms[winner].name
                shared.winners[split] = winner

    def _open(self) -> list[int]:
        return [number for number in range(len(self.stage.plan.promotions)) if number not in self.won]

    def _split(self, number: int) -> int:
        """Return the place of a promotion's split in the book."""
        book, promotion = self.stage.book, self.stage.plan.promotions[number]
        named = [(book.plan.journeys[journey].name, split.name) for journey, split in book.splits]
        return named.index((promotion.journey, promotion.split))

    def _due(self, number: int, columns: Columns, log: RowLog) -> int:
        """Return the position at which a promotion is judged: the first quarter hour after it has been `after`."""
        plan, promotion = self.stage.plan, self.stage.plan.promotions[number]
        first = int(columns.assigned_at[self._split(number)].min(initial=FAR))
        first = min(first, self._first_in(log, promotion))
        if first == FAR:
            return FAR
        # Quarter hours are judged before people are assigned: the assignment must lie before.
        earliest = first + max(promotion.after, 1)
        t = plan.start - (plan.start - earliest) // QUARTER_HOUR * QUARTER_HOUR
        return position(t, Phase.GUARDS) if t < plan.end else FAR

    def _first_in(self, log: RowLog, promotion: Promotion) -> int:
        """Return the first assignment to a promotion's split among rows."""
        book = self.stage.book
        journey, split = book.splits[self._split(self.stage.plan.promotions.index(promotion))]
        step = self.stage.plan.journeys[journey].program.index(split)
        first = FAR
        for rows in log.of(Row.ASSIGNED):
            people = np.searchsorted(self.stage.who, rows.who)
            mine = (np.broadcast_to(rows.step, rows.who.shape) == step) & (self.stage.journey[people] == journey)
            first = min(first, int(rows.t[mine].min(initial=FAR)))
        return first

    def _winner(self, number: int, t: int, columns: Columns, log: RowLog) -> int:
        """Return the arm that is sure to be best, -1 if none is."""
        promotion, split = self.stage.plan.promotions[number], self._split(number)
        arms = len(self.stage.book.splits[split][1].arms)
        assigned, arm = columns.assigned_at[split], columns.arm[split]
        counted = assigned <= t - promotion.within
        counted &= assigned < FAR
        won = self._succeeded(promotion, columns, split, log)
        people = np.bincount(arm[counted], minlength=arms)
        successes = np.bincount(arm[counted & won], minlength=arms)
        chances = probability_best(successes, people)
        best = int(np.argmax(chances))
        return best if chances[best] >= float(promotion.sure) else -1

    def _succeeded(self, promotion: Promotion, columns: Columns, split: int, log: RowLog) -> Bools:
        outcome = _OUTCOME_OF.get(promotion.figure)
        awake = [Outcome(each) for each in self.stage.plan.awake] if outcome is None else [outcome]
        assigned = columns.assigned_at[split]
        won = np.zeros(len(assigned), np.bool_)
        place = np.full(len(self.stage.people), -1, np.int32)
        place[self.stage.who] = np.arange(len(self.stage.who))
        for each in awake:
            for rows in log.of(ROW_OF[each]):
                counts = place[rows.who] >= 0  # the log has the orders of held-out people too
                if each == Outcome.ATTEND:
                    counts &= np.isin(rows.incentive, self.stage.book.events)
                people = place[rows.who[counts]]
                since = rows.t[counts] - assigned[people]  # far below zero for who is not assigned
                won[people[(since > 0) & (since < promotion.within)]] = True
        return won
