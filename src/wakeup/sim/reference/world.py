"""Everything one replication works with: the plan by name and index, the clock, the shared things, the customers.

A world is a campaign under way. Where several run over the same people, each has a world of its own; what they share is
in `Life`, in the clock, and in the desks and rates that stand in both.
"""

from attrs import define, field

from wakeup.behaviour.one import One
from wakeup.decide.predicates import Facts
from wakeup.figures.entries import Entry
from wakeup.plan.model import Message, Plan, Scenario
from wakeup.sim.reference.clock import Clock
from wakeup.sim.reference.customer import Customer
from wakeup.sim.reference.desk import Desk
from wakeup.sim.reference.people import People
from wakeup.sim.reference.prices import priced
from wakeup.sim.reference.shared import Ledger, Rate, Shelf


@define(eq=False)
class Life:
    """What people have whatever campaigns there are: orders, their baskets, what they look like now.

    model: tells organic life, baskets and how far a basket is topped up. clock: goes on to the last horizon.
    people: as the data of the first campaign have them; all campaigns see the same history. scenario: what happens.
    """

    model: One
    people: People
    clock: Clock
    scenario: Scenario | None
    _first: int = field(init=False)

    @_first.default
    def _start(self) -> int:
        return self.clock.now

    def basket(self, who: int, number: int, t: int) -> int:
        """Return the value of order `number` at the prices of `t`; before the first campaign they are the usual."""
        basket = self.model.basket(who, number)
        return basket if t < self._first else priced(self.scenario, t, basket)


@define(eq=False)
class World:
    """One campaign under way in one replication.

    alike: names of all channels that are one with a channel to the people, the first the same for all of them
    (`wakeup.sim.sharing`). number: the world's place among the campaigns on the clock. control: rows of held-out
    people, in no order. paused: per channel the end of its pause. stopped: a guard ended the run. winners: (journey,
    split) -> arm. assigned: (journey, split) -> (t, who, arm) of everybody assigned by hash.
    """

    plan: Plan
    people: People
    model: One
    clock: Clock
    life: Life
    scenario: Scenario | None
    ledger: Ledger
    desks: dict[str, Desk]
    rates: tuple[Rate, ...]
    alike: dict[str, tuple[str, ...]]
    number: int = 0
    shelf: Shelf = field(factory=Shelf)
    trace: list[Entry] = field(factory=list)
    control: list[Entry] = field(factory=list)
    customers: dict[int, Customer] = field(factory=dict)
    paused: dict[int, int] = field(factory=dict)
    stopped: bool = False
    winners: dict[tuple[str, str], int] = field(factory=dict)
    assigned: dict[tuple[str, str], list[tuple[int, int, int]]] = field(factory=dict)
    channel_index: dict[str, int] = field(init=False)
    message_index: dict[str, int] = field(init=False)
    incentive_index: dict[str, int] = field(init=False)
    staff_index: dict[str, int] = field(init=False)
    messages: dict[str, Message] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.channel_index = {each.name: index for index, each in enumerate(self.plan.channels)}
        self.message_index = {each.name: index for index, each in enumerate(self.plan.messages)}
        self.incentive_index = {each.name: index for index, each in enumerate(self.plan.incentives)}
        self.staff_index = {each.name: index for index, each in enumerate(self.plan.staff)}
        self.messages = {each.name: each for each in self.plan.messages}

    @property
    def now(self) -> int:
        """The current second."""
        return self.clock.now

    @property
    def over(self) -> bool:
        """Whether nothing that happens now counts for the campaign any more."""
        return self.now >= self.clock.horizon

    @property
    def running(self) -> bool:
        """Whether the run has not reached its end."""
        return self.now < self.plan.end

    def facts(self, customer: Customer) -> Facts:
        """Return what predicates may know of the customer now."""
        return facts(self.plan, self.people, customer.who, self.now, customer.bands, customer.happened)


def facts(
    plan: Plan, people: People, who: int, t: int, bands: dict[str, str] | None = None, happened: set[str] | None = None
) -> Facts:
    """Return what predicates may know of a customer at `t`."""
    return Facts(
        attributes=people.attributes(who, t),
        instant=t,
        zone=plan.zone,
        tags=people.tags(who),
        bands=bands or {},
        happened=happened or set(),
        bought=people.bought(who),
        minor_digits=plan.minor_digits,
    )
