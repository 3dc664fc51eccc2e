"""One customer as the run sees them: plain state, changed by the modules around it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import simpy
from attrs import define, field

from wakeup.decide.caps import Contact
from wakeup.plan.model import AmountOff, Journey, PercentOff
from wakeup.sim.reference.desk import Request

if TYPE_CHECKING:  # a world holds its customers
    from wakeup.sim.reference.world import World


@define(eq=False)
class Grant:
    """An incentive given to a customer, valid before `end`; `face` is reserved on its line (micros).

    discount: what a coupon takes off, None for other incentives.
    known: a message that showed it was delivered. claimed: once is enough. open: neither used nor lapsed. redeemed: of
    a reusable coupon, at least once.
    """

    incentive: int
    end: int
    face: int
    discount: AmountOff | PercentOff | None
    known: bool = False
    claimed: bool = False
    redeemed: bool = False
    open: bool = True

    def live(self, t: int) -> bool:
        """Return whether it may be shown or used at `t`."""
        return self.open and t < self.end


@define(eq=False)
class Touch:
    """A message that was sent: the instruction, the message, for the how-manieth time, what it showed."""

    step: int
    message: int
    occurrence: int = 0
    grants: tuple[Grant, ...] = ()


@define(eq=False)
class Person:
    """What somebody is to all campaigns on one clock.

    who: row of the population, which is the order of keys. spell: orders since the data; pending times belong to it.
    following: instant of the next organic order, as long as no campaign treats the person. contacts: sends of all
    campaigns, past touches included. opted_out: names of channels. permissions: sends left per channel that needs a
    permission for each, by the first of its names (`World.alike`). bond: until when one holds. treated: the campaigns
    that treat the person, and as whom; held_out: those that keep the person as control. untouched: (t, value) of the
    twin's orders from the first campaign that takes the person on.
    """

    who: int
    key: int
    zone: str
    spell: int
    following: int
    contacts: list[Contact] = field(factory=list)
    pressure: float = 0.0
    pressed_at: int | None = None
    opted_out: set[str] = field(factory=set)
    complained: bool = False
    permissions: Counter[str] = field(factory=Counter)
    bond: int | None = None
    treated: list[tuple[World, Customer]] = field(factory=list)
    held_out: list[World] = field(factory=list)
    untouched: list[tuple[int, int]] | None = None

    def bonded(self, t: int) -> bool:
        """Return whether a membership or community holds at `t`."""
        return self.bond is not None and t < self.bond


@define(eq=False)
class Customer:
    """A person in the journey of a campaign, treated or held out.

    bands: per tier at run start. inside: in the journey now. reached: its goal was. last: the last message of the
    journey. happened: outcomes the journey may see. awaited, bell: the outcomes waited for and what wakes the process.
    held: (step, message) of a send that is held. places: second of a held place in a channel's rate.
    queued: the request that waits at a desk for a held send. kept: name of the staff of whom one is kept for the send
    decided now. outcomes: (t, outcome) of everything the customer did.
    """

    person: Person
    journey: Journey
    bands: dict[str, str]
    held_out: bool
    entry: int
    grants: dict[int, Grant] = field(factory=dict)
    counted: Counter[tuple[str, int]] = field(factory=Counter)
    uses: Counter[int] = field(factory=Counter)
    inside: bool = False
    reached: bool = False
    last: Touch | None = None
    happened: set[str] = field(factory=set)
    awaited: frozenset[str] = frozenset()
    bell: simpy.Event | None = None
    held: tuple[int, int] | None = None
    places: dict[int, int] = field(factory=dict)
    queued: Request | None = None
    kept: str = ""
    outcomes: list[tuple[int, str]] = field(factory=list)
    process: simpy.Process | None = None

    @property
    def who(self) -> int:
        """Row of the population."""
        return self.person.who

    def live(self, incentive: int, t: int) -> Grant | None:
        """Return the live grant of the incentive, if the customer has one."""
        grant = self.grants.get(incentive)
        return grant if grant is not None and grant.live(t) else None

    def nth(self, kind: str, index: int) -> int:
        """Return how often this was counted before, and count it."""
        self.counted[kind, index] += 1
        return self.counted[kind, index] - 1
