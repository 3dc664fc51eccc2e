"""The plan as numbers: every name an index, every program one flat list, every rule ready to be asked of arrays."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from attrs import frozen

from wakeup.plan.model import (
    Activity,
    Branch,
    Channel,
    Coupon,
    Gift,
    Grant,
    Instruction,
    Jump,
    Plan,
    Scenario,
    Send,
    Service,
    Split,
    Wait,
)
from wakeup.plan.predicates import Happened
from wakeup.plan.reading import leaves
from wakeup.sim.array.codes import FAR, I64, Bools
from wakeup.sim.array.common import Common, in_common
from wakeup.sim.array.coupons import Rungs, rungs_of
from wakeup.terms.lists import ChannelKind, Outcome


@frozen
class Line:
    """One instruction of the flat program: its journey, its index there, the first index of its journey."""

    journey: int
    step: int
    base: int
    instruction: Instruction | None  # None: the end of the program

    @property
    def number(self) -> int:
        """Its index in the flat program."""
        return self.base + self.step


@frozen(eq=False)
class Book:
    """Lookups in one plan and scenario; indices are those of the plan's tuples.

    common: what the campaign has in common with others on one clock, None if it runs alone.
    """

    plan: Plan
    scenario: Scenario | None
    common: Common | None = None

    @cached_property
    def channel(self) -> dict[str, int]:
        """Index of a channel by name."""
        return {each.name: index for index, each in enumerate(self.plan.channels)}

    @cached_property
    def message(self) -> dict[str, int]:
        """Index of a message by name."""
        return {each.name: index for index, each in enumerate(self.plan.messages)}

    @cached_property
    def incentive(self) -> dict[str, int]:
        """Index of an incentive by name."""
        return {each.name: index for index, each in enumerate(self.plan.incentives)}

    @cached_property
    def staff(self) -> dict[str, int]:
        """Index of a desk by name."""
        return {each.name: index for index, each in enumerate(self.plan.staff)}

    @cached_property
    def channel_of(self) -> tuple[int, ...]:
        """Index of the channel of each message."""
        return tuple(self.channel[each.channel] for each in self.plan.messages)

    @cached_property
    def program(self) -> tuple[Line, ...]:
        """All programs one after the other, each closed by an end."""
        lines: list[Line] = []
        for index, journey in enumerate(self.plan.journeys):
            base = len(lines)
            steps = (*journey.program, None)
            lines += (Line(index, step, base, instruction) for step, instruction in enumerate(steps))
        return tuple(lines)

    @cached_property
    def base(self) -> tuple[int, ...]:
        """First index of each journey in the flat program."""
        found = {line.journey: line.base for line in self.program}
        return tuple(found[index] for index in range(len(self.plan.journeys)))

    @cached_property
    def goals(self) -> dict[str, Bools]:
        """Which journeys an outcome ends, per outcome."""
        return {each: np.array([journey.goal == each for journey in self.plan.journeys]) for each in Outcome}

    def looks_at(self, outcome: Outcome) -> bool:
        """Say whether anything in the plan depends on when an open or click of the last message happens."""
        return outcome in self._looked_at or (outcome == Outcome.CLICK and self.carried.permits > 0)

    @cached_property
    def counts_from_message(self) -> bool:
        """Whether anything depends on what has happened since the last message (rules 9, 67)."""
        return not self._looked_at.isdisjoint((Outcome.CLAIM, Outcome.JOIN, Outcome.COMPLETE, Outcome.ATTEND))

    @cached_property
    def awaits(self) -> bool:
        """Whether anybody waits for an outcome."""
        return any(isinstance(line.instruction, Wait) and line.instruction.outcomes for line in self.program)

    @cached_property
    def sees_orders(self) -> bool:
        """Whether anything depends on whether somebody has ordered since they entered."""
        return self.common is not None or Outcome.ORDER in self._asked_for

    @cached_property
    def _looked_at(self) -> frozenset[str]:
        """Outcomes that are waited for, asked for by a condition, or the goal of a journey."""
        return self._asked_for | {each.goal for each in self.plan.journeys}

    @cached_property
    def _asked_for(self) -> frozenset[str]:
        """Outcomes that are waited for, or asked for by a condition."""
        waits = (line.instruction.outcomes for line in self.program if isinstance(line.instruction, Wait))
        asked = (each.outcome for each in leaves(self.plan) if isinstance(each, Happened))
        return frozenset({*asked, *(each for some in waits for each in some)})

    @cached_property
    def splits(self) -> tuple[tuple[int, Split], ...]:
        """Every split with its journey, in order of the program."""
        return tuple((line.journey, line.instruction) for line in self.program if isinstance(line.instruction, Split))

    @cached_property
    def minor(self) -> int:
        """Micros in one minor unit."""
        return int(10 ** (6 - self.plan.minor_digits))

    @cached_property
    def taken(self) -> tuple[int, ...]:
        """Incentives that are claimed or joined: everything but coupons."""
        return tuple(i for i, each in enumerate(self.plan.incentives) if not isinstance(each, Coupon))

    @cached_property
    def claims(self) -> dict[int, int]:
        """Place in the list of incentives that are claimed or joined."""
        return {incentive: place for place, incentive in enumerate(self.taken)}

    @cached_property
    def limited(self) -> dict[int, int]:
        """Place in the list of incentives with a limit of uses."""
        return self._placed(each.limit is not None for each in self.plan.incentives)

    @cached_property
    def faced(self) -> dict[int, int]:
        """Place in the list of coupons whose face is reserved."""
        return self._placed(isinstance(each, Coupon) and each.reserve_face for each in self.plan.incentives)

    @cached_property
    def prompting(self) -> dict[int, int]:
        """Place in the list of incentives after which people are asked whether they order: done, or received."""
        rewards = {each.reward for each in self.activities.values()}
        return self._placed(
            isinstance(each, Service | Activity) or each.name in rewards for each in self.plan.incentives
        )

    @cached_property
    def joining(self) -> dict[int, int]:
        """Place in the list of activities."""
        return {incentive: place for place, incentive in enumerate(self.activities)}

    @staticmethod
    def _placed(some: Iterable[bool]) -> dict[int, int]:
        """Number those of the incentives that are meant."""
        meant = [incentive for incentive, is_meant in enumerate(some) if is_meant]
        return {incentive: place for place, incentive in enumerate(meant)}

    @cached_property
    def coupons(self) -> tuple[int, ...]:
        """Incentives that an order redeems."""
        return tuple(i for i, each in enumerate(self.plan.incentives) if isinstance(each, Coupon))

    @cached_property
    def rungs(self) -> dict[int, Rungs]:
        """The rungs of each coupon."""
        coupons = ((i, each) for i, each in enumerate(self.plan.incentives) if isinstance(each, Coupon))
        return {i: rungs_of(each) for i, each in coupons}

    @cached_property
    def discounts(self) -> tuple[int, ...]:
        """Coupons that lower the price of an order."""
        return tuple(i for i in self.coupons if not getattr(self.plan.incentives[i], "rebate", False))

    @cached_property
    def rebates(self) -> tuple[int, ...]:
        """Coupons that an order earns beside its price."""
        return tuple(i for i in self.coupons if i not in self.discounts)

    @cached_property
    def lasting(self) -> dict[int, int]:
        """Place in the list of coupons that stay open after a redemption, by incentive (rules 60, 61)."""
        found = [
            i
            for i, each in enumerate(self.plan.incentives)
            if isinstance(each, Coupon) and (each.reusable or each.rebate)
        ]
        return {incentive: place for place, incentive in enumerate(found)}

    @cached_property
    def activities(self) -> dict[int, Activity]:
        """Incentives that are joined."""
        return {i: each for i, each in enumerate(self.plan.incentives) if isinstance(each, Activity)}

    @cached_property
    def events(self) -> tuple[int, ...]:
        """Activities that people attend."""
        return tuple(i for i, each in self.activities.items() if each.kind == "event")

    @cached_property
    def carried(self) -> Common:
        """What people carry from one campaign to another, or would."""
        return self.common or in_common([self.plan], self.own_clicks, bonds=self.own_bonds)[0]

    @property
    def counts_costs(self) -> bool:
        """Whether a limit or a guard may look at what is spent while people live."""
        return self.plan.budget is not None or bool(self.plan.guards)

    @property
    def gaps(self) -> bool:
        """Whether any campaign on the clock may ask for a gap between sends."""
        return self.common is not None or self.plan.cadence.gap > 0

    @cached_property
    def own_bonds(self) -> bool:
        """Whether any incentive makes people members."""
        return any(isinstance(each, Gift | Activity) and each.bond is not None for each in self.plan.incentives)

    @cached_property
    def bonds(self) -> bool:
        """Whether any incentive, of any campaign on the clock, makes people members."""
        return self.carried.bonds

    @cached_property
    def first_wording(self) -> tuple[int, ...]:
        """Number of the first variant of each message; message m itself is wording m, variants come after all."""
        counts = [0, *(len(each.variants) for each in self.plan.messages)]
        return tuple(len(self.plan.messages) + int(before) for before in np.cumsum(counts)[:-1])

    @cached_property
    def counted_sends(self) -> dict[int, int]:
        """Place in the list of messages of which a person may be sent more than one, or that a desk serves."""
        sends = [
            [self.chain(self.message[each.message]) for each in journey.program if isinstance(each, Send)]
            for journey in self.plan.journeys
        ]
        messages = range(len(self.plan.messages))
        several = {i for chains in sends for i in messages if sum(i in chain for chain in chains) > 1}
        counted = [i for i in messages if i in several or self.serving[i] >= 0]
        return {message: place for place, message in enumerate(counted)}

    @cached_property
    def needed_fields(self) -> tuple[tuple[str, ...], ...]:
        """Fields that each wording reads."""
        messages = self.plan.messages
        return (*(each.fields for each in messages), *(each.fields for one in messages for each in one.variants))

    @cached_property
    def prices(self) -> I64:
        """Cost in micros of each wording, int64 (wordings,)."""
        messages = self.plan.messages
        own = [each.cost_micros for each in messages]
        return np.array([*own, *(each.cost_micros for one in messages for each in one.variants)], np.int64)

    @cached_property
    def serving(self) -> tuple[int, ...]:
        """Desk that serves the sends of each message, -1 for none (rule 72)."""
        names = [each.staff or self.channel_at(i).staff for i, each in enumerate(self.plan.messages)]
        return tuple(self.staff[name] if name else -1 for name in names)

    @cached_property
    def serving_desks(self) -> tuple[int, ...]:
        """Desks that serve sends."""
        return tuple(sorted({desk for desk in self.serving if desk >= 0}))

    @cached_property
    def permitted(self) -> Mapping[int, int]:
        """Place in the list of channels that need a permission for each send, by channel (rule 71)."""
        return self.carried.permitted

    @cached_property
    def permitting(self) -> frozenset[int]:
        """Messages on which a click may bring a permission that is of use."""
        kinds = (ChannelKind.MINI_PROGRAM, ChannelKind.MINI_SUBSCRIBE)
        messages = range(len(self.plan.messages)) if self.carried.permits else ()
        return frozenset(i for i in messages if self.channel_at(i).channel_kind in kinds)

    @cached_property
    def clicks_at_most(self) -> int:
        """How many clicks, in any campaign on the clock, may bring one person permissions."""
        return self.carried.clicks if self.carried.permits else 0

    @cached_property
    def own_clicks(self) -> int:
        """How many clicks of the campaign may bring one person permissions, if any channel needs them."""
        kinds = (ChannelKind.MINI_PROGRAM, ChannelKind.MINI_SUBSCRIBE)
        asking = {i for i in range(len(self.plan.messages)) if self.channel_at(i).channel_kind in kinds}
        return max(
            sum(
                isinstance(each, Send) and not asking.isdisjoint(self.chain(self.message[each.message]))
                for each in journey.program
            )
            for journey in self.plan.journeys
        )

    @cached_property
    def counted(self) -> tuple[int, ...]:
        """Incentives whose lapse others can feel: it gives stock or money back."""
        return tuple(
            i
            for i, each in enumerate(self.plan.incentives)
            if each.stock is not None or (isinstance(each, Coupon) and each.reserve_face)
        )

    @cached_property
    def staffed(self) -> dict[int, int]:
        """Desk of each service with staff, by incentive."""
        return {
            i: self.staff[each.staff]
            for i, each in enumerate(self.plan.incentives)
            if isinstance(each, Service) and each.staff
        }

    @cached_property
    def rated(self) -> dict[int, int]:
        """Place in the list of rated channels, by channel."""
        rated = [i for i, each in enumerate(self.plan.channels) if each.rate > 0]
        return {channel: place for place, channel in enumerate(rated)}

    @cached_property
    def asks_rate(self) -> tuple[int, ...]:
        """The rate that each line of the program asks with its first message: place in `rated`, -1 if it asks none."""
        sends = (line.instruction if isinstance(line.instruction, Send) else None for line in self.program)
        return tuple(
            -1 if each is None else self.rated.get(self.channel_of[self.message[each.message]], -1) for each in sends
        )

    @cached_property
    def leads_to_rate(self) -> tuple[bool, ...]:
        """Whether people who come to a line, which sends nothing, may come to one that asks a rate in the same second.

        Waits that are over at once are left out.
        """
        leads = [rated >= 0 for rated in self.asks_rate]
        for line in reversed(self.program):  # jumps lead forward only
            match line.instruction:
                case Branch(_, otherwise):
                    leads[line.number] = leads[line.number + 1] or leads[line.base + otherwise]
                case Jump(target):
                    leads[line.number] = leads[line.base + target]
                case Split(arms=arms):
                    leads[line.number] = any(leads[line.base + arm.target] for arm in arms)
                case Grant():
                    leads[line.number] = leads[line.number + 1]
        return tuple(
            leading and not isinstance(line.instruction, Send)
            for line, leading in zip(self.program, leads, strict=True)
        )

    def sends_after(self, line: Line) -> bool:
        """Say whether anybody may be sent something after an instruction, by any campaign on the clock."""
        rest = self.plan.journeys[line.journey].program[line.step + 1 :]
        return self.common is not None or any(isinstance(each, Send) for each in rest)

    def touched_before(self, past: int) -> int:
        """Return how many touches a send can find at most; past: how many anybody has had before the run."""
        if self.common is not None:
            return FAR  # the others' count too
        sends = (sum(isinstance(each, Send) for each in journey.program) for journey in self.plan.journeys)
        return past + max(*sends, 1) - 1

    def rings(self, touched_before: int) -> dict[str, tuple[int, int]]:
        """Return where the last sends that a cap looks at are kept, by its channel ("" all): first column, columns.

        A cap that no send can find reached needs none.
        """
        most: dict[str, int] = {}
        for cap in self.plan.cadence.caps:
            if cap.count <= touched_before:
                most[cap.channel] = max(most.get(cap.channel, 1), cap.count)
        found, first = {}, 0
        for channel, count in most.items():
            found[channel] = (first, count)
            first += count
        return found

    def chain(self, message: int) -> tuple[int, ...]:
        """Return the message and its fallbacks, one after the other."""
        found = [message]
        while (spare := self.plan.messages[found[-1]].fallback) and self.message[spare] not in found:
            found.append(self.message[spare])
        return tuple(found)

    def asks_order(self, messages: Iterable[int]) -> int:
        """Return how much that has an order some messages ask: their channels' rates, and desks."""
        return sum((self.channel_of[each] in self.rated) + (self.serving[each] >= 0) for each in messages)

    @cached_property
    def asked_before(self) -> list[set[int]]:
        """Which other rates a step may ask before each, by their numbers: those of messages that fall back on its."""
        found: list[set[int]] = [set() for _ in self.rated]
        for message in range(len(self.plan.messages)):
            asked = [
                self.rated[channel] for each in self.chain(message) if (channel := self.channel_of[each]) in self.rated
            ]
            for place, number in enumerate(asked):
                found[number].update({*asked[:place]} - {number})
        return found

    def line_of_message(self, message: int) -> str:
        """Return the budget line that the message's cost belongs to, "" for none."""
        channel = self.channel_at(message)
        budget = self.plan.budget
        return channel.line or (budget.send_line if budget is not None else "")

    def channel_at(self, message: int) -> Channel:
        """Return the channel of a message."""
        return self.plan.channels[self.channel_of[message]]

    def grants_at_most(self, incentive: int) -> int:
        """Return how many grants of an incentive one person can be given by the steps of a journey."""
        name = self.plan.incentives[incentive].name
        sends = [
            sum(isinstance(each, Send | Grant) and name in each.incentives for each in journey.program)
            for journey in self.plan.journeys
        ]
        limit = self.plan.incentives[incentive].limit
        return max(1, min(max(sends, default=1), FAR if limit is None else limit))
