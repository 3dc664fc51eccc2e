"""Everything one replication works with: the plan by name and index, the clock, the shared things, the customers."""

from attrs import define, field

from wakeup.decide.predicates import Facts
from wakeup.plan.model import Message, Plan, Scenario
from wakeup.sim.reference.asking import One
from wakeup.sim.reference.clock import Clock
from wakeup.sim.reference.customer import Customer
from wakeup.sim.reference.desk import Desk
from wakeup.sim.reference.people import People
from wakeup.sim.reference.shared import Ledger, Rate, Shelf
from wakeup.sim.reference.trace import Entry


@define(eq=False)
class World:
    """One replication under way.

    paused: per channel the end of its pause. stopped: a guard ended the run. winners: (journey, split) -> arm.
    assigned: (journey, split) -> (t, who, arm) of everybody assigned by hash.
    """

    plan: Plan
    people: People
    model: One
    clock: Clock
    horizon: int
    scenario: Scenario | None
    ledger: Ledger
    desks: dict[str, Desk]
    rates: tuple[Rate, ...]
    shelf: Shelf = field(factory=Shelf)
    trace: list[Entry] = field(factory=list)
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
