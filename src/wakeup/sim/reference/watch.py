"""Guards and promotions, judged every quarter hour on what happened strictly before (docs/semantics, section 9)."""

from collections import Counter, defaultdict

from attrs import define, field

from wakeup.decide.calendar import quarter_hour
from wakeup.decide.guards import COUNTED, breached
from wakeup.decide.promotion import OUTCOMES, promoted, succeeded
from wakeup.plan.model import Activity, Guard, Promotion
from wakeup.sim.reference import outcomes
from wakeup.sim.reference.clock import Phase
from wakeup.sim.reference.world import World
from wakeup.terms.lists import Reason, Row

CAMPAIGN = -1
"""Scope of what all channels did together."""


@define(eq=False)
class Watch:
    """Judges, and remembers what it did. tallies: figures so far, of the campaign and of each channel."""

    world: World
    tallies: dict[int, Counter[str]] = field(factory=lambda: defaultdict(Counter))
    tripped: list[tuple[str, str, int]] = field(factory=list)
    promoted: dict[tuple[str, str], str] = field(factory=dict)
    _rows_read: int = 0
    _debits_read: int = 0
    _done: set[tuple[str, int]] = field(factory=set)

    def start(self) -> None:
        """Judge at every quarter hour after the start, before the end."""
        if self.world.plan.guards or self.world.plan.promotions:
            self._look_again()

    def _look_again(self) -> None:
        t = quarter_hour(self.world.now + 1, self.world.plan.start)
        if t < self.world.plan.end:
            self.world.clock.at(t, Phase.JUDGE, self._judge)

    def _judge(self) -> None:
        self._read()
        for guard in self.world.plan.guards:
            self._hold(guard)
        for promotion in self.world.plan.promotions:
            self._promote(promotion)
        self._look_again()

    def _read(self) -> None:
        """Count the rows and debits of the seconds before this one."""
        world = self.world
        while self._rows_read < len(world.trace) and world.trace[self._rows_read].t < world.now:
            entry = world.trace[self._rows_read]
            self._rows_read += 1
            channel = CAMPAIGN if entry.message < 0 else self._channel_of(entry.message)
            for scope in {CAMPAIGN, channel} if entry.row in COUNTED else ():
                self.tallies[scope][COUNTED[entry.row]] += 1
                self.tallies[scope]["attended"] += entry.row is Row.COMPLETED and self._is_event(entry.incentive)
        debits = world.ledger.debits
        while self._debits_read < len(debits) and debits[self._debits_read].t < world.now:
            debit = debits[self._debits_read]
            self._debits_read += 1
            for scope in {CAMPAIGN, debit.channel}:
                self.tallies[scope][debit.figure] += debit.micros
                self.tallies[scope]["spent"] += debit.micros

    def _channel_of(self, message: int) -> int:
        return self.world.channel_index[self.world.plan.messages[message].channel]

    def _is_event(self, incentive: int) -> bool:
        each = self.world.plan.incentives[incentive]
        return isinstance(each, Activity) and each.kind == "event"

    def _hold(self, guard: Guard) -> None:
        """Let a guard act where it is in breach: once per channel, or once for the campaign."""
        plan = self.world.plan
        scopes = range(len(plan.channels)) if guard.action == "pause_channel" else (CAMPAIGN,)
        budget = plan.budget
        whole = 0 if budget is None else budget.total * self.world.ledger.unit
        for scope in scopes:
            tally = self.tallies[scope]
            if (guard.name, scope) in self._done:
                continue
            if breached(guard, tally, whole, plan.minor_digits):
                self._done.add((guard.name, scope))
                self.tripped.append((guard.name, plan.channels[scope].name if scope >= 0 else "", self.world.now))
                self._act(guard, scope)

    def _act(self, guard: Guard, channel: int) -> None:
        world = self.world
        if guard.action == "pause_channel":
            until = world.now + guard.lasts if guard.lasts else world.plan.end
            world.paused[channel] = max(until, world.paused.get(channel, until))
        elif not world.stopped:
            world.stopped = True
            for _, customer in sorted(world.customers.items()):
                if customer.inside:
                    outcomes.leave(world, customer, Row.ENDED, Reason.ENDED)

    def _promote(self, promotion: Promotion) -> None:
        """Judge a promotion once, when its time has come."""
        world, name = self.world, (promotion.journey, promotion.split)
        assigned = world.assigned.get(name, [])
        if name in self.promoted or not assigned or world.now < assigned[0][0] + promotion.after:
            return
        wins, counts = Counter[int](), Counter[int]()
        names = OUTCOMES.get(promotion.figure, world.plan.awake)
        for t, who, arm in assigned:
            if t + promotion.within <= world.now:
                counts[arm] += 1
                wins[arm] += succeeded(t, promotion.within, names, world.customers[who].outcomes)
        arms = self._arms(promotion)
        winner = promoted(
            [wins[arm] for arm in range(len(arms))], [counts[arm] for arm in range(len(arms))], float(promotion.sure)
        )
        self.promoted[name] = "" if winner is None else arms[winner]
        if winner is not None:
            world.winners[name] = winner

    def _arms(self, promotion: Promotion) -> list[str]:
        """Return the names of the arms of the promotion's split."""
        return next(
            [arm.name for arm in instruction.arms]
            for journey in self.world.plan.journeys
            if journey.name == promotion.journey
            for instruction in journey.program
            if instruction.kind == "split" and instruction.name == promotion.split
        )
