"""Several campaigns over the same people as one: what is added up for all of them together.

People, orders and their twins count once, whoever sent what; sends, grants and costs of all campaigns are added
(docs/semantics/together.md).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from wakeup.figures.events import Closing, EventBatch, Membership, Orders, Part, named
from wakeup.figures.tally import Tally
from wakeup.figures.totals import Totals
from wakeup.plan.model import Expectation, Journey, Plan, Scenario, Wave
from wakeup.terms.lists import Row

MONTH: Final = 30 * 86_400
"""The window in which the most messages to one person are looked for."""

_NEVER: Final = np.iinfo(np.int64).max


@frozen
class Met:
    """People whom campaigns have in common in one replication.

    targeted, touched: by two campaigns or more. most_sent: greatest number of messages that one person got from all of
    them within 30 days.
    """

    targeted: int
    touched: int
    most_sent: int


class Gathering:
    """Takes one campaign's replication (a `wakeup.figures.events.Sink`), adds it up and keeps it for `together`."""

    def __init__(self, plan: Plan, scenario: Scenario | None = None) -> None:
        self._tally = Tally(plan, scenario)
        self.parts: list[Part] = []

    def begin(self) -> None:
        """Make ready for a replication; what was taken before is void."""
        self._tally.begin()
        self.parts = []

    def add(self, part: Part) -> None:
        """Take a part."""
        self._tally.add(part)
        self.parts.append(part)

    def close(self, closing: Closing) -> None:
        """Take what the rows do not say; nothing follows."""
        self._tally.close(closing)

    def totals(self) -> Totals:
        """Return the sums of the campaign."""
        return self._tally.totals()


def one_plan(plans: Sequence[Plan], group: Sequence[int]) -> Plan:
    """Return the plan by which some campaigns of all are added up as one.

    It runs from the first start to the last end of all campaigns, so that any group of them is looked at over the same
    time; its costs are those of the group. What an order earns is told by the first campaign's margin.
    """
    first = plans[0]
    end = max(plan.end for plan in plans)
    return evolve(
        first,
        start=min(plan.start for plan in plans),
        end=end,
        follow_up=max(plan.end + plan.follow_up for plan in plans) - end,
        holdout="0",
        awake=tuple(dict.fromkeys(outcome for plan in plans for outcome in plan.awake)),
        budget=None,
        journeys=(Journey("", first.journeys[0].match, Wave(first.start), ()),),
        tiers=(),
        channels=tuple(evolve(each, name=_own(n, each.name)) for n, plan in enumerate(plans) for each in plan.channels),
        messages=tuple(
            evolve(each, name=_own(n, each.name), channel=_own(n, each.channel))
            for n, plan in enumerate(plans)
            for each in plan.messages
        ),
        incentives=tuple(
            evolve(each, name=_own(n, each.name)) for n, plan in enumerate(plans) for each in plan.incentives
        ),
        costs=tuple(cost for number in group for cost in plans[number].costs),
        promotions=(),
        guards=(),
        goals=(),
        expectations=(Expectation("touches_per_person", "<", "0", "count", "", always=True, per=MONTH),),
    )


def together(
    plans: Sequence[Plan], group: Sequence[int], gathered: Sequence[Gathering], scenario: Scenario | None = None
) -> tuple[Totals, Met]:
    """Return what a group of campaigns, each of which has been taken, came to as one."""
    plan = one_plan(plans, group)
    people = _People.of([each.parts for each in gathered])
    rows = _Numbering(plans)
    batches = [
        rows.placed(batch, number, people.places(part))
        for number, each in zip(group, gathered, strict=True)
        for part in each.parts
        for batch in part.batches
        if batch.row not in (Row.ASSIGNED, Row.ORDERED)
    ]
    sink = Tally(plan, scenario)
    earliest = sorted(range(len(group)), key=lambda at: plans[group[at]].start)
    membership = people.membership([gathered[at].parts for at in earliest])
    orders = _once([(people.places(part), *_orders(batch)) for each in gathered for part, batch in _ordered(each)])
    twins = _once([(people.places(part), *part.twins) for each in gathered for part in each.parts])
    sink.add(
        Part(
            people=people.who,
            key=people.key,
            named=named(people.ids),
            membership=membership,
            written=[*batches, _as_rows(orders)],
            twins=twins,
        )
    )
    sink.close(Closing((), (), ()))
    totals = sink.totals()
    return totals, Met(*people.met(gathered), totals.most_touches[MONTH])


def _own(number: int, name: str) -> str:
    """Return a name that no other campaign has."""
    return f"{number}/{name}"


@frozen(eq=False)
class _People:
    """Everybody whom any of the campaigns takes on, ascending: int32 (n,), their keys and ids."""

    who: NDArray[np.int32]
    key: NDArray[np.uint64]
    ids: NDArray[np.object_]

    @classmethod
    def of(cls, campaigns: Sequence[Sequence[Part]]) -> "_People":
        parts = [part for each in campaigns for part in each]
        who, first = np.unique(np.concatenate([part.people for part in parts]), return_index=True)
        key, ids = (np.concatenate([getattr(part, name) for part in parts])[first] for name in ("key", "ids"))
        return cls(who.astype(np.int32), key, ids)

    def places(self, part: Part) -> NDArray[np.int32]:
        """Return the places here of the people of a part: int32 (m,)."""
        return np.searchsorted(self.who, part.people).astype(np.int32)

    def membership(self, campaigns: Sequence[Sequence[Part]]) -> Membership:
        """Return the membership in all campaigns, from each one's in the order of their starts: treated is whom any of
        them treats, and who people are is what they were at the start of their first one."""
        n = len(self.who)
        held_out, new = np.ones(n, np.bool_), np.ones(n, np.bool_)
        entry, orders, monetary = np.full(n, _NEVER), np.zeros(n, np.int32), np.zeros(n, np.int64)
        for parts in campaigns:
            for part in parts:
                at, members = self.places(part), part.membership
                held_out[at] &= members.held_out
                entry[at] = np.minimum(entry[at], members.entry)
                fresh = new[at]
                orders[at[fresh]] = members.orders[fresh]
                monetary[at[fresh]] = members.monetary[fresh]
                new[at] = False
        none = np.zeros(n, np.int16)
        return Membership(none, held_out, np.zeros(n, np.int32), entry, (), n, 0, orders, monetary)

    def met(self, gathered: Sequence[Gathering]) -> tuple[int, int]:
        """Return how many people two campaigns or more target, and how many they send anything."""
        targeted, touched = np.zeros(len(self.who), np.int32), np.zeros(len(self.who), np.int32)
        for each in gathered:
            for part in each.parts:
                at = self.places(part)
                targeted[at] += ~part.membership.held_out
                sent = np.zeros(len(at), np.bool_)
                for batch in part.batches:
                    if batch.row == Row.SENT:
                        sent[batch.who] = True
                touched[at] += sent
        return int(np.count_nonzero(targeted > 1)), int(np.count_nonzero(touched > 1))


@frozen(eq=False)
class _Numbering:
    """The numbers of messages and incentives among those of all campaigns."""

    plans: Sequence[Plan]
    messages: list[int] = field(init=False)
    incentives: list[int] = field(init=False)

    @messages.default
    def _messages(self) -> list[int]:
        return [sum(len(plan.messages) for plan in self.plans[:n]) for n in range(len(self.plans))]

    @incentives.default
    def _incentives(self) -> list[int]:
        return [sum(len(plan.incentives) for plan in self.plans[:n]) for n in range(len(self.plans))]

    def placed(self, batch: EventBatch, number: int, places: NDArray[np.int32]) -> EventBatch:
        """Return rows of a campaign as those of all; steps and occurrences are left out."""
        m = len(batch.who)
        return EventBatch(
            row=batch.row,
            who=places[batch.who],
            t=batch.t,
            step=np.full(m, -1, np.int16),
            message=_moved(batch.message, self.messages[number]),
            incentive=_moved(batch.incentive, self.incentives[number]),
            occurrence=np.zeros(m, np.int16),
            reason=batch.reason,
            arm=batch.arm,
            amount=batch.amount,
            subsidised=batch.subsidised,
        )


def _moved(index: NDArray[np.int16], by: int) -> NDArray[np.int16]:
    return np.where(index < 0, index, index + by).astype(np.int16)


def _ordered(gathered: Gathering) -> list[tuple[Part, EventBatch]]:
    return [(part, batch) for part in gathered.parts for batch in part.batches if batch.row == Row.ORDERED]


def _orders(batch: EventBatch) -> Orders:
    return batch.who, batch.t, batch.amount


def _once(found: Sequence[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]]) -> Orders:
    """Return orders, each once: nobody orders twice in a second. Given are places of people, and orders by them."""
    who = np.concatenate([places[who] for places, who, _, _ in found] or [np.empty(0, np.int32)])
    t = np.concatenate([t for _, _, t, _ in found] or [np.empty(0, np.int64)])
    amount = np.concatenate([amount for _, _, _, amount in found] or [np.empty(0, np.int64)])
    order = np.lexsort((t, who))
    who, t, amount = who[order], t[order], amount[order]
    first = np.ones(len(who), np.bool_)
    first[1:] = (who[1:] != who[:-1]) | (t[1:] != t[:-1])
    return who[first], t[first], amount[first]


def _as_rows(orders: Orders) -> EventBatch:
    who, t, amount = orders
    nothing = np.full(len(who), -1, np.int16)
    return EventBatch(
        row=int(Row.ORDERED),
        who=who,
        t=t,
        step=nothing,
        message=nothing,
        incentive=nothing,
        occurrence=np.zeros(len(who), np.int16),
        reason=np.zeros(len(who), np.uint8),
        arm=nothing,
        amount=amount,
        subsidised=np.zeros(len(who), np.bool_),
    )
