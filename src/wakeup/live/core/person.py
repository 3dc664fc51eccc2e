"""One person's part in a campaign: what the rules look at and change, by name, and its durable form."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from attrs import define, field

from wakeup.decide.caps import Contact
from wakeup.decide.predicates import Value
from wakeup.live.rows import Enrolment
from wakeup.plan.model import AmountOff, PercentOff
from wakeup.terms.attributes import ATTRIBUTES

PLANNED: Final = "planned"
INSIDE: Final = "inside"
SENDING: Final = "sending"
DONE: Final = "done"

SCORES: Final = tuple(name for name in ATTRIBUTES if name.endswith("_score"))
"""Attributes that rank a customer among all: settled at the enrolment."""


@define
class About:
    """What the data say of a person, brought forward by every order (docs/semantics, rule 41).

    Instants are seconds UTC, None for never; money is minor units. gap: mean days between own orders, None below two.
    fields: own fields by name, None where blank: numbers float, dates int, texts str. categories: the last order of
    each, None where the data have no categories. consents: per channel name or kind "yes", "no" or "blank". scores:
    None without orders. started: orders and money spent at the enrolment.
    """

    first_order: int | None = None
    last_order: int | None = None
    last_interaction: int | None = None
    orders: int = 0
    monetary: int = 0
    average_order_value: int = 0
    gap: float | None = None
    fields: dict[str, float | int | str | None] = field(factory=dict)
    tags: list[str] = field(factory=list)
    categories: dict[str, int] | None = None
    consents: dict[str, str] = field(factory=dict)
    scores: dict[str, int | None] = field(factory=dict)
    started: tuple[int, int] = (0, 0)

    def ordered(self, t: int, paid: int) -> None:
        """Bring the history forward by an order at `t` for which `paid` minor units were paid."""
        if self.first_order is None:
            self.first_order = t
        self.last_order = t if self.last_order is None else max(t, self.last_order)
        self.last_interaction = t if self.last_interaction is None else max(t, self.last_interaction)
        self.orders += 1
        self.monetary += paid
        self.average_order_value = (2 * self.monetary + self.orders) // (2 * self.orders)

    def number(self, name: str) -> int | None:
        """Return the whole part of an own field of numbers, at least 0 and 0 where blank; None without such a field."""
        if name not in self.fields:
            return None
        value = self.fields[name]
        if value is None:
            return 0
        return max(0, int(value)) if isinstance(value, float) else None


_EVENTS: Final = {
    "days_since_order": "last_order",
    "days_since_interaction": "last_interaction",
    "days_since_first_order": "first_order",
}


class Attributes(Mapping[str, Value]):
    """A person's attributes at an instant, by name; a missing value or column is a missing key."""

    __slots__ = ("_about", "_t")

    def __init__(self, about: About, t: int) -> None:
        self._about = about
        self._t = t

    def __getitem__(self, name: str) -> Value:
        value = self._built_in(name) if name in ATTRIBUTES else self._about.fields.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def get(self, name: str, default: Any = None) -> Any:  # noqa: D102
        value = self._built_in(name) if name in ATTRIBUTES else self._about.fields.get(name)
        return default if value is None else value

    def _built_in(self, name: str) -> Value:
        about = self._about
        if name in _EVENTS:
            event: int | None = getattr(about, _EVENTS[name])
            return None if event is None else self._t - event
        match name:
            case "orders":
                return about.orders
            case "total_spent":
                return about.monetary
            case "average_order_value":  # nobody has an average of no orders
                return about.average_order_value if about.orders else None
            case _:
                return about.scores.get(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name in (*ATTRIBUTES, *self._about.fields) if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@define(eq=False)
class Grant:
    """An incentive given to a person, valid before `end`; `face` is reserved on its line (micros).

    code: unique, names this grant for good. discount: what a coupon takes off, None for other incentives. known: a
    message that showed it was delivered. claimed: once is enough. redeemed: of a reusable coupon, at least once. open:
    neither used nor lapsed. used: it served, wholly. step, message: of the send that brought it ("" for none).
    """

    incentive: str
    code: str
    end: int
    face: int = 0
    discount: AmountOff | PercentOff | None = None
    known: bool = False
    claimed: bool = False
    redeemed: bool = False
    open: bool = True
    used: bool = False
    step: str = ""
    message: str = ""

    def live(self, t: int) -> bool:
        """Return whether it may be shown or used at `t`."""
        return self.open and t < self.end


@define(eq=False)
class Touch:
    """A message decided for the person, from its claim on.

    t: instant of the claim. variant: index of the wording, "" for none. shown: code per incentive. given: incentives
    newly granted with it. cost: micros, on `line`. first_due: of its step. permission: one was taken. staff: who serve
    it. written: it counts as sent, its rows are written. back: what it took was given back. told: first letters of the
    answers that count once.
    """

    step: str
    message: str
    channel: str
    t: int
    first_due: int
    variant: str = ""
    shown: dict[str, str] = field(factory=dict)
    given: list[str] = field(factory=list)
    cost: int = 0
    line: str = ""
    permission: bool = False
    staff: str = ""
    written: bool = False
    back: bool = False
    told: str = ""


@define(eq=False)
class Hold:
    """A send that is held: the message, its first due time, the staff in whose line it stands ("" for none).

    until: when it is released, or leaves the line. asked: since when it stands in line.
    """

    message: str
    first_due: int
    until: int
    staff: str = ""
    asked: int = 0


@define(eq=False)
class Person:
    """A person with a journey, treated or held out; everything by name, instants seconds UTC.

    version: of the plan that they are under. zone: theirs, else the campaign's. bands: per tier at the enrolment.
    wave, entry: as planned. begun: the entry was decided, either way. at: number of the instruction in the program of
    the journey, of their version. due: when the journey goes on by itself. inside: in the journey now. reached: its
    goal was. happened: outcomes that the journey may see. awaited: outcomes waited for, None when nothing is. hold: a
    send that is held. sending: the send that is claimed and not settled. last: the last send of the journey that counts
    as sent. touches: sends by outbox key. decided: sends decided so far per step. contacts: sends and past touches.
    opted_out: channels. unreachable: channels whose address a provider has refused. places: second of a held place per
    channel's rate. kept: name of the staff of whom one is kept for the send decided now. permissions: sends left per
    channel that needs one for each. bond: until when one holds. joined: (step, message) of the last join per activity.
    assigned: (t, arm) per split, of those assigned by hash. outcomes: (t, outcome) of what the person did since the
    first assignment. refused_codes: codes that an order named and that were no good coupon of the person.
    """

    campaign: str
    customer: int
    occurrence: int
    version: str
    journey: str
    held_out: bool
    entry: int
    about: About
    zone: str
    wave: int = 0
    bands: dict[str, str] = field(factory=dict)
    begun: bool = False
    inside: bool = False
    reached: bool = False
    at: int = 0
    due: int | None = None
    happened: set[str] = field(factory=set)
    awaited: set[str] | None = None
    hold: Hold | None = None
    sending: str = ""
    last: str = ""
    touches: dict[str, Touch] = field(factory=dict)
    decided: dict[str, int] = field(factory=dict)
    contacts: list[Contact] = field(factory=list)
    opted_out: set[str] = field(factory=set)
    complained: bool = False
    unreachable: set[str] = field(factory=set)
    grants: dict[str, Grant] = field(factory=dict)
    uses: dict[str, int] = field(factory=dict)
    places: dict[str, int] = field(factory=dict)
    kept: str = ""
    permissions: dict[str, int] = field(factory=dict)
    bond: int | None = None
    joined: dict[str, tuple[str, str]] = field(factory=dict)
    assigned: dict[str, tuple[int, str]] = field(factory=dict)
    outcomes: list[tuple[int, str]] = field(factory=list)
    refused_codes: int = 0

    @property
    def status(self) -> str:
        """As in `Enrolment.status`."""
        if self.sending:
            return SENDING
        if self.inside:
            return INSIDE
        return DONE if self.begun or self.held_out else PLANNED

    @property
    def lapse(self) -> int | None:
        """The earliest end of an open grant."""
        return min((grant.end for grant in self.grants.values() if grant.open), default=None)

    def live(self, incentive: str, t: int) -> Grant | None:
        """Return the live grant of the incentive, if the person has one."""
        grant = self.grants.get(incentive)
        return grant if grant is not None and grant.live(t) else None

    def grant_of(self, code: str) -> Grant | None:
        """Return the grant with that code, if it is the newest of its incentive."""
        return next((grant for grant in self.grants.values() if grant.code == code), None) if code else None

    def used(self, incentive: str) -> int:
        """Return how often the person used the incentive."""
        return self.uses.get(incentive, 0)

    def count_use(self, incentive: str) -> None:
        """Count a use of the incentive."""
        self.uses[incentive] = self.used(incentive) + 1

    def bonded(self, t: int) -> bool:
        """Return whether a membership or community holds at `t`."""
        return self.bond is not None and t < self.bond


# --- the durable form ------------------------------------------------------------------------------------------------

_encode: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


def save(person: Person) -> Enrolment:
    """Return the row that keeps a person; what has its initial value is left out of the state."""
    return Enrolment(
        campaign=person.campaign,
        customer=person.customer,
        occurrence=person.occurrence,
        version=person.version,
        journey=person.journey,
        held_out=person.held_out,
        status=person.status,
        due=person.due,
        lapse=person.lapse,
        state=_encode(_state(person)),
    )


def load(enrolment: Enrolment) -> Person:
    """Read a person back; one whose state was erased has no attributes, no grants, and nothing to come."""
    state: dict[str, Any] = (
        json.loads(enrolment.state) if enrolment.state else {"begun": True, "entry": 0, "zone": "UTC"}
    )
    about = state.pop("about", {})
    if "started" in about:
        about["started"] = tuple(about["started"])
    for name, read in _READ.items():
        if name in state:
            state[name] = read(state[name])
    return Person(
        campaign=enrolment.campaign,
        customer=enrolment.customer,
        occurrence=enrolment.occurrence,
        version=enrolment.version,
        journey=enrolment.journey,
        held_out=enrolment.held_out,
        due=enrolment.due,
        about=About(**about),
        **state,
    )


_SCALARS: Final = ("entry", "zone", "wave", "begun", "inside", "reached", "at", "sending", "last", "complained",
                   "kept", "refused_codes")  # fmt: skip
_PLAIN: Final = ("bands", "decided", "uses", "places", "permissions", "joined", "assigned", "outcomes")
_SETS: Final = ("happened", "opted_out", "unreachable")


def _state(person: Person) -> dict[str, Any]:
    state: dict[str, Any] = {}
    for name in _SCALARS + _PLAIN:
        value = getattr(person, name)
        if value:
            state[name] = value
    state["entry"], state["zone"] = person.entry, person.zone
    for name in _SETS:
        if value := getattr(person, name):
            state[name] = sorted(value)
    if person.awaited is not None:
        state["awaited"] = sorted(person.awaited)
    if person.bond is not None:
        state["bond"] = person.bond
    if person.contacts:
        state["contacts"] = [[each.t, *each.channels] for each in person.contacts]
    if person.hold is not None:
        hold = person.hold
        state["hold"] = [hold.message, hold.first_due, hold.until, hold.staff, hold.asked]
    if person.touches:
        state["touches"] = {ref: _touch(each) for ref, each in person.touches.items()}
    if person.grants:
        state["grants"] = [_grant(each) for each in person.grants.values()]
    state["about"] = _about(person.about)
    return state


def _about(about: About) -> dict[str, Any]:
    written = {name: value for name in _ABOUT if (value := getattr(about, name))}
    if about.categories is not None:
        written["categories"] = about.categories
    for name in _ABOUT_INSTANTS:
        if (value := getattr(about, name)) is not None:
            written[name] = value
    return written


_ABOUT: Final = ("orders", "monetary", "average_order_value", "fields", "tags", "consents", "scores", "started")
_ABOUT_INSTANTS: Final = ("first_order", "last_order", "last_interaction", "gap")

_TOUCH: Final = ("variant", "shown", "given", "cost", "line", "permission", "staff", "written", "back", "told")
_GRANT: Final = ("face", "known", "claimed", "redeemed", "used", "step", "message")


def _touch(touch: Touch) -> dict[str, Any]:
    written = {name: value for name in _TOUCH if (value := getattr(touch, name))}
    written["of"] = [touch.step, touch.message, touch.channel, touch.t, touch.first_due]
    return written


def _read_touch(state: dict[str, Any]) -> Touch:
    step, message, channel, t, first_due = state.pop("of")
    return Touch(step, message, channel, t, first_due, **state)


def _grant(grant: Grant) -> dict[str, Any]:
    written = {name: value for name in _GRANT if (value := getattr(grant, name))}
    written["of"] = [grant.incentive, grant.code, grant.end]
    if not grant.open:
        written["open"] = False
    match grant.discount:
        case AmountOff(amount, threshold):
            written["discount"] = [amount, threshold]
        case PercentOff(share, threshold):
            written["discount"] = [share, threshold]
    return written


def _read_grant(state: dict[str, Any]) -> Grant:
    incentive, code, end = state.pop("of")
    off = state.pop("discount", None)
    if off is None:
        discount = None
    else:
        discount = PercentOff(off[0], off[1]) if isinstance(off[0], str) else AmountOff(off[0], off[1])
    return Grant(incentive, code, end, discount=discount, **state)


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "happened": set,
    "opted_out": set,
    "unreachable": set,
    "awaited": set,
    "contacts": lambda rows: [Contact(row[0], tuple(row[1:])) for row in rows],
    "hold": lambda row: Hold(*row),
    "touches": lambda rows: {ref: _read_touch(row) for ref, row in rows.items()},
    "grants": lambda rows: {grant.incentive: grant for grant in map(_read_grant, rows)},
    "joined": lambda rows: {name: (row[0], row[1]) for name, row in rows.items()},
    "assigned": lambda rows: {name: (row[0], row[1]) for name, row in rows.items()},
    "outcomes": lambda rows: [(row[0], row[1]) for row in rows],
}
"""How the parts of a state are read that JSON has in another form."""
