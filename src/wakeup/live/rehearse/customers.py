"""Simulated customers on the far side of the channels: they read, claim, join and order as the behaviour says.

They hold what only they and the shop know: when they would order by themselves, how pressed they feel, what they are
going to do with a message. What they were granted is asked of the account that the campaign keeps (docs/semantics,
sections 2, 6, 7; rules 49 to 52, 65, 71).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final

from attrs import define, field, frozen

from wakeup.behaviour.arrival import Arrival
from wakeup.behaviour.one import One, Reply, Shown, state
from wakeup.behaviour.protocol import State
from wakeup.channels.protocol import Answer, AnswerKind, Offered
from wakeup.customers.population import NEVER
from wakeup.decide.calendar import DAY
from wakeup.decide.desk import staff_of
from wakeup.decide.incentives import earned, face_of, redeemable, redemption
from wakeup.live.core.person import Person
from wakeup.live.rehearse.agenda import Action, Agenda, Phase, Told, place
from wakeup.live.rows import Entry
from wakeup.plan.model import Activity, AmountOff, Coupon, Gift, PercentOff, Plan, Service, Tier
from wakeup.terms.lists import ChannelKind, Row

SOURCE: Final = "rehearsal"
"""Who tells the answers of simulated customers."""


@frozen(eq=False)
class Letter:
    """A message on its way to a customer. matched: something in it was made for people like this one."""

    ref: str
    customer: int
    message: int
    offers: tuple[Offered, ...]
    matched: bool


@frozen(eq=False)
class Touch:
    """A message that arrived on the customer's side, for the how-manieth time."""

    ref: str
    message: int
    occurrence: int
    offers: tuple[Offered, ...]


@define(eq=False)
class Customer:
    """A customer as the shop knows them.

    who: row of the population. bands: place of the band per tier, -1 for none. number: orders since the data; induced
    times belong to the spell of that number. orders, last_order, monetary: of all time, minor units. granted: places
    of the incentives that were ever granted.
    """

    who: int
    key: int
    bands: tuple[int, ...]
    number: int
    orders: int
    last_order: int
    monetary: int
    pressure: float = 0.0
    pressed_at: int = NEVER
    counted: Counter[tuple[str, int]] = field(factory=Counter)
    granted: set[int] = field(factory=set)

    def nth(self, kind: str, index: int) -> int:
        """Return how often this was counted before, and count it."""
        self.counted[kind, index] += 1
        return self.counted[kind, index] - 1

    def ordered(self, t: int, paid: int) -> None:
        """Note an order."""
        self.number += 1
        self.orders += 1
        self.monetary += paid
        self.last_order = t

    @property
    def average_order_value(self) -> int:
        """Minor units, half up; 0 without orders."""
        return (2 * self.monetary + self.orders) // (2 * self.orders) if self.orders else 0


class Customers:
    """Everybody who takes part, and what they are going to do."""

    def __init__(self, plan: Plan, model: One, arrival: Arrival, account: Callable[[int], Person]) -> None:
        """Make ready.

        Args:
            plan: the campaign's.
            model: the behaviour, bound to the people as the data left them.
            arrival: the people at the start.
            account: what the campaign keeps of the customer with a key.
        """
        self._plan, self._model, self._arrival, self._account = plan, model, arrival, account
        self.agenda = Agenda(plan.end + plan.follow_up)
        self._everybody: dict[int, Customer] = {}
        self._message = {each.name: index for index, each in enumerate(plan.messages)}
        self._incentive = {each.name: index for index, each in enumerate(plan.incentives)}
        self._staff = {each.name: index for index, each in enumerate(plan.staff)}
        self._channel = {each.name: each for each in plan.channels}
        self._bonds = any(isinstance(each, Gift | Activity) and each.bond is not None for each in plan.incentives)
        self.letters: dict[str, Letter] = {}
        """What was written to customers, by ref."""
        self._written: dict[tuple[int, int], str] = {}
        """By customer and message: the ref of what was written last."""
        self._touched: dict[tuple[int, int], str] = {}
        """By customer and incentive: the ref of the message by which it was last taken up."""
        self._finishing: dict[tuple[int, int], tuple[int, str]] = {}
        """By customer and activity: number of the join that was last finished, ref of the message that brought it."""
        self._events = 0

    def enrol(self, enrolled: Iterable[Person]) -> None:
        """Let people live from the start on."""
        people = self._arrival.people
        row = {int(key): who for who, key in enumerate(people.key)}
        for each in enrolled:
            who = row[each.customer]
            customer = Customer(
                who=who,
                key=each.customer,
                bands=tuple(_band(tier, each.bands.get(tier.name, "")) for tier in self._plan.tiers),
                number=int(self._arrival.number[who]),
                orders=int(people.orders[who]),
                last_order=int(people.last_order[who]),
                monetary=int(people.monetary[who]),
            )
            self._everybody[each.customer] = customer
            self._expect(customer, int(self._arrival.organic[who]), organic=True)

    # --- messages ------------------------------------------------------------------------------------------------

    def post(self, letter: Letter) -> None:
        """Note what is written to a customer, before it is sent."""
        self.letters[letter.ref] = letter
        self._written[letter.customer, letter.message] = letter.ref

    def receive(self, ref: str, now: int) -> bool:
        """Let a message arrive; return whether it is delivered."""
        letter = self.letters[ref]
        customer = self._everybody[letter.customer]
        touch = Touch(letter.ref, letter.message, customer.nth("sent", letter.message), letter.offers)
        found = self._mood(customer, now, matched=letter.matched)
        shown = [
            Shown(self._incentive[each.incentive], each.amount, each.threshold, each.end, each.live)
            for each in letter.offers
        ]
        reply = self._model.touch(customer.who, now, letter.message, shown, touch.occurrence, found)
        customer.pressure = self._model.press(customer.pressure, customer.pressed_at, now) + 1.0
        customer.pressed_at = now
        self._answer_later(customer, touch, reply)
        return reply.delivered

    def channel_of(self, ref: str) -> str:
        """Return the channel of a message that was written."""
        return self._plan.messages[self.letters[ref].message].channel

    def _answer_later(self, customer: Customer, touch: Touch, reply: Reply) -> None:
        """Enter every answer at its time; all but the order only before the end of the run."""
        rows = (
            (Row.OPENED, AnswerKind.OPENED, reply.opened),
            (Row.CLICKED, AnswerKind.CLICKED, reply.clicked),
            (Row.OPTED_OUT, AnswerKind.OPTED_OUT, reply.opted_out),
            (Row.COMPLAINED, AnswerKind.COMPLAINED, reply.complained),
        )
        for row, kind, t in rows:
            if t < self._plan.end:
                action = partial(self._answer, customer, touch, kind)
                self.agenda.at(t, Phase.ANSWER, customer.who, place(row), action)
        for offer, t in zip(touch.offers, reply.taken, strict=True):
            if t < self._plan.end:
                index = self._incentive[offer.incentive]
                row = Row.JOINED if isinstance(self._plan.incentives[index], Activity) else Row.CLAIMED
                action = partial(self._take, customer, touch, offer, row)
                self.agenda.at(t, Phase.ANSWER, customer.who, place(row, index), action)
        self._expect(customer, reply.ordered, organic=False)

    def _answer(self, customer: Customer, touch: Touch, kind: AnswerKind, now: int) -> Told:
        told = [self._told(customer, kind, now, ref=touch.ref)]
        if kind is AnswerKind.CLICKED:
            told += self._permit(customer, touch, now)
        return told

    def _permit(self, customer: Customer, touch: Touch, now: int) -> Told:
        """A click may bring one more send on every channel of subscribe messages (rule 71)."""
        channel = self._channel[self._plan.messages[touch.message].channel]
        asks = channel.channel_kind in (ChannelKind.MINI_PROGRAM, ChannelKind.MINI_SUBSCRIBE)
        if not asks or not self._model.subscribes(customer.who, touch.message, touch.occurrence):
            return []
        return [
            self._told(customer, AnswerKind.PERMITTED, now, channel=each.name)
            for each in self._plan.channels
            if each.channel_kind == ChannelKind.MINI_SUBSCRIBE
        ]

    def _take(self, customer: Customer, touch: Touch, offer: Offered, row: Row, now: int) -> Told:
        """Claim a gift or service, or join an activity; whether it counts is the campaign's to say."""
        kind = AnswerKind.JOINED if row is Row.JOINED else AnswerKind.CLAIMED
        self._touched[customer.key, self._incentive[offer.incentive]] = touch.ref
        return [self._told(customer, kind, now, ref=touch.ref, incentive=offer.incentive, code=offer.code)]

    # --- what the campaign wrote down ----------------------------------------------------------------------------

    def saw(self, entries: Sequence[Entry], now: int) -> None:
        """See what was sent, begun, joined and finished: staff take their time, people go on from there."""
        for number, entry in enumerate(entries):
            customer = self._everybody[entry.customer]
            match entry.row:
                case Row.SENT:
                    self._sent(customer, self._message[entry.message], now)
                case Row.GRANTED:
                    customer.granted.add(self._incentive[entry.incentive])
                case Row.SERVED:
                    self._served(customer, self._incentive[entry.incentive], now)
                case Row.JOINED:
                    self._joined(customer, self._incentive[entry.incentive], now)
                case Row.COMPLETED:
                    self._completed(customer, self._incentive[entry.incentive], entries[number + 1 :], now)

    def _sent(self, customer: Customer, index: int, now: int) -> None:
        message = self._plan.messages[index]
        staff = staff_of(message, self._channel[message.channel])
        if staff:
            ref = self._written[customer.key, index]
            self._after_handling(
                customer, staff, now, lambda at: [self._told(customer, AnswerKind.HANDLED, at, staff=staff, ref=ref)]
            )

    def _served(self, customer: Customer, index: int, now: int) -> None:
        service = self._plan.incentives[index]
        assert isinstance(service, Service)
        if not service.staff:
            self._prompt(customer, index, None, now)
            return

        def done(at: int) -> Told:
            self._prompt(customer, index, None, at)
            return [self._told(customer, AnswerKind.HANDLED, at, staff=service.staff, incentive=service.name)]

        self._after_handling(customer, service.staff, now, done)

    def _after_handling(self, customer: Customer, staff: str, now: int, then: Action) -> None:
        """Let staff take their time, and then be free."""
        index = self._staff[staff]
        seconds = self._model.handling(customer.who, index, customer.nth("handling", index))
        self.agenda.at(now + seconds, Phase.TURN, 0, 0, then)

    def _joined(self, customer: Customer, index: int, now: int) -> None:
        """See whether and when the activity will be completed (rule 65)."""
        activity, nth = self._plan.incentives[index], customer.nth("join", index)
        assert isinstance(activity, Activity)
        if not self._succeeds(customer, index, activity, nth):
            return
        t = now + (activity.days - 1) * DAY if activity.kind == "challenge" else activity.at or now
        if t < self._plan.end:
            action = partial(self._finish, customer, index, nth, self._touched[customer.key, index])
            self.agenda.at(t, Phase.ANSWER, customer.who, place(Row.COMPLETED, index), action)

    def _succeeds(self, customer: Customer, index: int, activity: Activity, nth: int) -> bool:
        match activity.kind:
            case "draw":
                return self._model.wins(customer.who, index, nth)
            case "challenge" | "event":
                return self._model.completes(customer.who, index, nth)
            case _:
                return True

    def _finish(self, customer: Customer, index: int, nth: int, ref: str, now: int) -> Told:
        self._finishing[customer.key, index] = nth, ref
        name = self._plan.incentives[index].name
        return [self._told(customer, AnswerKind.COMPLETED, now, ref=ref, incentive=name)]

    def _completed(self, customer: Customer, index: int, later: Sequence[Entry], now: int) -> None:
        """Answer a survey; let a reward, or the activity itself, prompt an order (rule 52)."""
        activity = self._plan.incentives[index]
        assert isinstance(activity, Activity)
        if activity.kind == "survey":
            nth, ref = self._finishing[customer.key, index]
            score = self._model.score(customer.who, index, nth)
            self.agenda.at(
                now,
                Phase.ANSWER,
                customer.who,
                place(Row.RATED, index),
                lambda at: [self._told(customer, AnswerKind.RATED, at, ref=ref, incentive=activity.name, amount=score)],
            )
        if not activity.reward:
            self._prompt(customer, index, None, now)
            return
        rows = [each.row for each in later if (each.customer, each.incentive) == (customer.key, activity.reward)]
        if Row.REFUSED not in rows:
            shown = self._shown(customer, activity.reward, live=Row.GRANTED not in rows)
            self._prompt(customer, self._incentive[activity.reward], shown, now)

    def _shown(self, customer: Customer, name: str, *, live: bool) -> Shown:
        """Return a reward as the person sees it."""
        grant = self._account(customer.key).grants[name]
        index = self._incentive[name]
        if grant.discount is None:
            return Shown(index, 0, 0, grant.end, live)
        face = face_of(grant.discount, customer.average_order_value)
        return Shown(index, face, grant.discount.threshold, grant.end, live)

    def _prompt(self, customer: Customer, index: int, shown: Shown | None, now: int) -> None:
        """Ask whether a service or activity done, or a reward received, induces an order."""
        found = self._mood(customer, now, matched=False)
        nth = customer.nth("prompt", index)
        self._expect(customer, self._model.prompt(customer.who, now, index, shown, nth, found), organic=False)

    # --- orders --------------------------------------------------------------------------------------------------

    def _expect(self, customer: Customer, t: int, *, organic: bool) -> None:
        """Let somebody order at `t`, unless another order of this spell comes first; a tie counts as organic."""
        detail = place(Row.ORDERED) | (not organic)
        self.agenda.at(t, Phase.ANSWER, customer.who, detail, partial(self._order, customer, customer.number, organic))

    def _order(self, customer: Customer, spell: int, organic: bool, now: int) -> Told:
        if spell != customer.number:
            return []  # dropped with its spell
        number = customer.number + 1
        basket = self._model.basket(customer.who, number)
        held = self._held(customer, now)
        coupons = [
            (code, each)
            for code, index, each, rebate in held
            if not rebate and (not organic or self._model.remembers(customer.who, index, number))
        ]
        rebates = [(code, each) for code, _, each, rebate in held if rebate]
        used = redemption([each for _, each in coupons], basket, self._model.stretch)
        redeemed = []
        if used is not None:
            basket = used.basket
            redeemed.append((coupons[used.coupon][0], used.discount))
        redeemed += [(rebates[which][0], amount) for which, amount in earned([each for _, each in rebates], basket)]
        customer.ordered(now, basket - (0 if used is None else used.discount))
        self._expect(customer, self._model.next_order(customer.who, now, number), organic=True)
        order = self._told(customer, AnswerKind.ORDERED, now, amount=basket, redeemed=tuple(redeemed), organic=organic)
        return [order]

    def _held(self, customer: Customer, now: int) -> list[tuple[str, int, AmountOff | PercentOff, bool]]:
        """Return (code, incentive, discount, rebate) of the known, live coupons that may be used now, in order of
        declaration."""
        if not customer.granted:
            return []
        person = self._account(customer.key)
        found = []
        for index in sorted(customer.granted):
            coupon = self._plan.incentives[index]
            grant = person.live(coupon.name, now)
            if grant is not None and grant.known and isinstance(coupon, Coupon) and redeemable(coupon, now):
                assert grant.discount is not None
                found.append((grant.code, index, grant.discount, coupon.rebate))
        return found

    # --- common --------------------------------------------------------------------------------------------------

    def _mood(self, customer: Customer, now: int, *, matched: bool) -> State:
        """Return the state in which the behaviour is asked now (rules 49, 66)."""
        return state(
            customer.last_order,
            customer.orders,
            self._model.press(customer.pressure, customer.pressed_at, now),
            bonded=self._bonds and self._account(customer.key).bonded(now),
            matched=matched,
            bands=customer.bands,
        )

    def _told(self, customer: Customer, kind: AnswerKind, now: int, **about: Any) -> tuple[Answer, int]:
        """Return an answer with whom it is about."""
        self._events += 1
        answer = Answer(SOURCE, str(self._events), kind, now, campaign=self._plan.name, **about)
        return answer, customer.key


def _band(tier: Tier, name: str) -> int:
    """Return the place of a band in its tier, -1 for none."""
    return next((place for place, each in enumerate(tier.bands) if each.name == name), -1)
