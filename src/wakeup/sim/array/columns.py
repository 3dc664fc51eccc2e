"""The treated people in columns, and the events that a person may meet next.

`when` holds one column per kind of event, ordered by the phases of a second and the order of rows within a phase, so
that the first smallest entry of a person's row is what happens to them next.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import attrs
import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from wakeup.customers.population import NEVER, Population
from wakeup.plan.model import Activity
from wakeup.sim.array.book import Book
from wakeup.sim.array.codes import F64, FAR, I8, I16, I32, I64, Bools, Index, Phase, State
from wakeup.sim.array.people import Cast
from wakeup.terms.lists import Outcome


@frozen
class Event:
    """A column of `when`: its phase, what it is, the incentive (of a release: the desk) it is about (-1: none), the
    number of the campaign on its clock (`EVERYBODY_S`: of all)."""

    phase: Phase
    kind: str
    incentive: int = -1
    campaign: int = 0


EVERYBODY_S: Final = -1
"""The campaign of events that belong to the person: orders."""

_LIFE: Final = (Event(Phase.ANSWERS, "organic", -1, EVERYBODY_S), Event(Phase.ANSWERS, "induced", -1, EVERYBODY_S))


@frozen(eq=False)
class Layout:
    """The columns of `when`: of a campaign by itself, or those given (`every`), as of all campaigns on one clock, of
    which it is number `number`."""

    book: Book
    number: int = 0
    every: tuple[Event, ...] = ()

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Every column in order."""
        return self.every or events_of([self.book])

    @cached_property
    def own(self) -> tuple[tuple[int, Event], ...]:
        """The columns of the campaign, with their numbers; orders are among them."""
        return tuple((i, each) for i, each in enumerate(self.events) if each.campaign in (self.number, EVERYBODY_S))

    @cached_property
    def phases(self) -> I64:
        """Phase of each column."""
        return np.array([each.phase for each in self.events], np.int64)

    @cached_property
    def campaigns(self) -> I64:
        """Campaign of each column."""
        return np.array([each.campaign for each in self.events], np.int64)

    def of(self, kind: str, incentive: int = -1) -> list[int]:
        """Return the columns of a kind and incentive."""
        return [i for i, each in self.own if each.kind == kind and each.incentive == incentive]

    @cached_property
    def taking(self) -> dict[int, int]:
        """Column in which an incentive's pending claim or join is kept."""
        return {each.incentive: i for i, each in self.own if each.kind in ("claim", "join")}

    @cached_property
    def completing(self) -> dict[int, list[int]]:
        """Columns for an activity's pending completions."""
        return {i: self.of("complete", i) for i in self.taking if self.of("complete", i)}

    @cached_property
    def reward(self) -> dict[int, int]:
        """Place in `Columns.rewarded` of a column for a pending completion."""
        columns = [column for each in self.completing.values() for column in each]
        return {column: place for place, column in enumerate(columns)}

    @cached_property
    def freeing(self) -> dict[int, list[int]]:
        """Columns for the ends of a staffed service under way."""
        return {i: self.of("freed", i) for i in self.book.staffed}

    @cached_property
    def lapsing(self) -> dict[int, int]:
        """Column of the lapse of an incentive that others can feel."""
        return {each.incentive: i for i, each in self.own if each.kind == "lapse"}

    @cached_property
    def starting(self) -> dict[int, int]:
        """Column of the start of a staffed service."""
        return {i: self.of("start", i)[0] for i in self.book.staffed}

    @cached_property
    def releasing(self) -> dict[int, int]:
        """Column of the release of a send that waits at a desk."""
        return {desk: self.of("release", desk)[0] for desk in self.book.serving_desks}

    @cached_property
    def goal(self) -> int:
        """Column of an open or click that is the goal."""
        return self.of("goal")[0]

    @cached_property
    def organic(self) -> int:
        """Column of the organic order."""
        return self.of("organic")[0]

    @cached_property
    def induced(self) -> int:
        """Column of the earliest induced order."""
        return self.of("induced")[0]

    @cached_property
    def due(self) -> int:
        """Column of the journey."""
        return self.of("due")[0]


def events_of(books: Sequence[Book]) -> tuple[Event, ...]:
    """Return the columns of campaigns on one clock: in the order of phases and rows, then by campaign."""
    some = [_events(number, book) for number, book in enumerate(books)]
    return (
        *(event for each in some for event in each["freed"]),
        *(event for kind in ("goal", "claim", "join", "complete") for each in some for event in each[kind]),
        *_LIFE,
        *(event for kind in ("lapse", "start", "release", "due") for each in some for event in each[kind]),
    )


def layout_alone(book: Book) -> Layout:
    """Return the columns of people who live alone: others do not feel their lapses, so none comes as an event. Its row
    is written when they are granted anew, or at the end."""
    return Layout(book, every=tuple(each for each in events_of([book]) if each.kind != "lapse"))


def _events(number: int, book: Book) -> dict[str, list[Event]]:
    """Return the columns of a campaign by kind."""
    incentives = book.plan.incentives
    joined = [i for i in book.taken if isinstance(incentives[i], Activity)]
    claimed = [i for i in book.taken if i not in joined]
    phases = {
        "freed": Phase.FREED,
        "lapse": Phase.LAPSES,
        "start": Phase.DESKS,
        "release": Phase.DESKS,
        "due": Phase.DUE,
    }
    about = {
        "freed": [i for i in book.staffed for _ in range(book.grants_at_most(i))],
        "goal": [-1] if any(book.goals[each].any() for each in (Outcome.OPEN, Outcome.CLICK)) else [],
        "claim": claimed,
        "join": joined,
        "complete": [i for i in joined for _ in range(book.grants_at_most(i))],
        "lapse": book.counted,
        "start": book.staffed,
        "release": book.serving_desks,
        "due": [-1],
    }
    return {
        kind: [Event(phases.get(kind, Phase.ANSWERS), kind, i, number) for i in some] for kind, some in about.items()
    }


@define(eq=False)
class Columns:
    """What changes about m people. Instants int64 (FAR: not, or not yet); arrays (m,) unless said otherwise. One that
    nothing in the plan would change cannot be written to: it is one value for all, and takes no room.

    when: (m, columns of the layout). state, pc: State and index in the flat program. wait_for: bits of the
    outcomes awaited. first_due, held: of a held send: when it was first due, its message. entered. message_at,
    opened_at, clicked_at: of the last message of the journey. claimed_at, joined_at: last that counted. ordered_at:
    last order in the run. reached_at: when the goal was reached. last_send, pressure, pressed_at. recent: (m, rings of
    the book) last sends, latest first. silenced: (m, channels) first complaint, or opt-out that reaches the channel.
    place: (m, rated channels) second for which a place is held. end: (m, incentives) of the grant, NEVER where none is
    open; known: (m, incentives). claimed, face (micros reserved), uses, prompts, joins: (m, incentives that
    `Book.claims`, `faced`, `limited`, `prompting`, `joining` number). redeemed: (m, lasting coupons) whether the open
    grant was. origin: (m, claims, 2) step and message of the pending claim or join. rewarded: (m, completion columns,
    3) the same for pending completions, and which join it was. finished_at: (m, 2, or 0 without activities) last
    completion, last attendance. bonded: (m, 1, or 0 without bonds) until when. permits, brought: (m, channels that need
    permissions) permissions at the start less the sends since; (m, clicks) instants at which clicks bring one. lined,
    asked_at, kept: (m, 1, or 0 without desks for sends) desk in whose line a held send waits and since when; desk that
    keeps staff for it now (-1). sent: (m, `Book.counted_sends`). number: orders since as_of. orders, monetary, average,
    first_order, last_order, interaction: of all time. assigned_at, arm: (m, splits).
    """

    when: I64
    state: I8
    pc: I16
    wait_for: I8
    first_due: I64
    held: I16
    entered: I64
    message_at: I64
    opened_at: I64
    clicked_at: I64
    claimed_at: I64
    joined_at: I64
    ordered_at: I64
    reached_at: I64
    last_send: I64
    pressure: F64
    pressed_at: I64
    recent: I64
    silenced: I64
    place: I64
    known: Bools
    claimed: Bools
    end: I64
    face: I64
    uses: I16
    prompts: I16
    joins: I16
    redeemed: Bools
    origin: I16
    rewarded: I16
    finished_at: I64
    bonded: I64
    permits: I64
    brought: I64
    lined: I8
    asked_at: I64
    kept: I8
    sent: I16
    number: I32
    orders: I32
    monetary: I64
    average: I64
    first_order: I64
    last_order: I64
    interaction: I64
    assigned_at: I64
    arm: I8

    def take(self, who: Index, carried: "Columns | None" = None) -> "Columns":
        """Return the rows of `who`, copied; what all campaigns have in common is that of `carried`, if it is given."""
        return Columns(
            **{
                name: getattr(carried, name)
                if carried is not None and name in CARRIED
                else _taken(getattr(self, name), who)
                for name in _NAMES
            }
        )

    def put(self, who: Index, block: "Columns", *, carried: bool = True) -> None:
        """Write a block back to the rows of `who`; carried: also what all campaigns have in common."""
        for name in _NAMES if carried else _OWN:
            column = getattr(self, name)
            if column.size and column.flags.writeable:
                _put(column, who, getattr(block, name))


def _put(column: NDArray[Any], who: Index, values: NDArray[Any]) -> None:
    """Write values to the places of `who`, array by array: NumPy takes half as long again for all of them at once."""
    if column.ndim == 1:
        column[who] = values
        return
    for each, own in zip(column, values, strict=True):
        _put(each, who, own)


def _taken(column: NDArray[Any], who: Index) -> NDArray[Any]:
    if not column.size:  # of width 0: NumPy would look at every row
        return np.empty((*column.shape[:-1], len(who)), column.dtype)
    if not column.flags.writeable:
        return np.broadcast_to(column[:1], len(who))
    return column.take(who, axis=-1)


CARRIED: Final = frozenset(
    {"when", "ordered_at", "last_send", "pressure", "pressed_at", "silenced", "bonded", "permits",
     "brought", "number", "orders", "monetary", "average", "first_order", "last_order", "interaction"}
)  # fmt: skip
"""Columns that campaigns on one clock have in common: arrays of the one are those of the other (rule T3)."""

_NAMES = tuple(each.name for each in attrs.fields(Columns))
_OWN = tuple(name for name in _NAMES if name not in CARRIED)


OUTCOMES: Final = {str(outcome): 1 << code for code, outcome in enumerate(Outcome)}
"""Bits of `Columns.wait_for`."""


def starting_columns(layout: Layout, cast: Cast, permissions: I64, some: Index | I32) -> Columns:
    """Return people (m,) at the start of the run, waiting for their wave; whom the campaign does not treat are over.

    permissions: (channels that need them, m) sends that each has permitted.
    """
    book, who = layout.book, some.astype(np.intp)  # indices of other types are converted at each gathering
    journey, entry = cast.membership.journey.take(who), cast.membership.entry.take(who)
    mine = (journey >= 0) & ~cast.membership.held_out.take(who)
    plan, people, count = book.plan, cast.people, len(who)
    incentives = len(plan.incentives)

    def far(*shape: int) -> I64:
        return np.full((*shape, count), FAR, np.int64)

    def never(*shape: int) -> I64:
        return np.full((*shape, count), NEVER, np.int64)

    when = far(len(layout.events))
    when[layout.organic] = cast.arrival.organic.take(who)
    when[layout.due] = np.where(mine & (entry < plan.end), entry, FAR)
    recent, last_send = _past_touches(book, people, who)
    return Columns(
        when=when,
        state=np.where(mine, np.int8(State.COMING), np.int8(State.OVER)),
        pc=np.array(book.base, np.int16).take(journey),
        wait_for=np.zeros(count, np.int8) if book.awaits else np.broadcast_to(np.int8(0), count),
        first_due=far(),
        held=np.full(count, -1, np.int16),
        entered=_instants(FAR, count, used=book.sees_orders),
        message_at=_instants(NEVER, count, used=book.counts_from_message),
        opened_at=_instants(FAR, count, used=book.looks_at(Outcome.OPEN)),
        clicked_at=_instants(FAR, count, used=book.looks_at(Outcome.CLICK)),
        claimed_at=_instants(NEVER, count, used=book.counts_from_message),
        joined_at=_instants(NEVER, count, used=book.counts_from_message),
        ordered_at=_instants(NEVER, count, used=book.sees_orders),
        reached_at=_instants(FAR, count, used=bool(book.staffed)),
        last_send=last_send,
        pressure=np.zeros(count, np.float64),
        pressed_at=never(),
        recent=recent,
        silenced=far(book.carried.channels),
        place=far(len(book.rated)),
        known=np.zeros((incentives, count), np.bool_),
        claimed=np.zeros((len(book.claims), count), np.bool_),
        end=never(incentives),
        face=np.zeros((len(book.faced), count), np.int64),
        uses=np.zeros((len(book.limited), count), np.int16),
        prompts=np.zeros((len(book.prompting), count), np.int16),
        joins=np.zeros((len(book.joining), count), np.int16),
        redeemed=np.zeros((len(book.lasting), count), np.bool_),
        origin=np.full((len(book.claims), 2, count), -1, np.int16),
        rewarded=np.full((len(layout.reward), 3, count), -1, np.int16),
        finished_at=never(2 if book.activities else 0),
        bonded=never(1 if book.bonds else 0),
        permits=permissions,
        brought=far(book.clicks_at_most),
        lined=np.full((1 if book.serving_desks else 0, count), -1, np.int8),
        asked_at=far(1 if book.serving_desks else 0),
        kept=np.full((1 if book.serving_desks else 0, count), -1, np.int8),
        sent=np.zeros((len(book.counted_sends), count), np.int16),
        number=cast.arrival.number.take(who),
        orders=people.orders.take(who),
        monetary=people.monetary.take(who),
        average=people.average_order_value.take(who),
        first_order=people.first_order.take(who),
        last_order=people.last_order.take(who),
        interaction=people.last_interaction.take(who),
        assigned_at=far(len(book.splits)),
        arm=np.full((len(book.splits), count), -1, np.int8),
    )


def _instants(value: int, count: int, *, used: bool) -> I64:
    """Return a column of instants, in no memory where nothing is to be written to it."""
    return np.full(count, value, np.int64) if used else np.broadcast_to(np.int64(value), count)


def _past_touches(book: Book, people: Population, who: Index) -> tuple[I64, I64]:
    """Return the latest past touches per ring, latest first, and the last of all (rule 44)."""
    rings = book.rings(book.touched_before(most_touches(people)))
    recent = np.full((sum(columns for _, columns in rings.values()), len(who)), NEVER, np.int64)
    touches = people.touches
    last = _instants(NEVER, len(who), used=book.gaps)
    if touches is None or not len(touches.t):
        return recent, last
    first, after = touches.offset.take(who), touches.offset.take(who + 1)
    some = (first < after).nonzero()[0]
    if book.gaps:
        last[some] = touches.t.take(after.take(some) - 1)
    for name, (column, columns) in rings.items():
        labels = book.carried.labels[name] if name else frozenset(touches.channels)
        matches = np.array([label in labels for label in touches.channels], np.bool_)
        mine, at, found = some, after.take(some) - 1, np.zeros(len(some), np.int64)
        while len(mine):  # from everybody's latest touch back
            counts = matches.take(touches.channel.take(at)).nonzero()[0]
            recent[column + found.take(counts), mine.take(counts)] = touches.t.take(at.take(counts))
            found[counts] += 1
            at = at - 1
            left = ((at >= first.take(mine)) & (found < columns)).nonzero()[0]
            mine, at, found = mine.take(left), at.take(left), found.take(left)
    return recent, last


def most_touches(people: Population) -> int:
    """Return how many past touches anybody has had."""
    return 0 if people.touches is None else int(np.diff(people.touches.offset).max(initial=0))
