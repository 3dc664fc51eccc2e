"""A send: the decision with everything it looks at, and what a message that goes out brings (docs/semantics, 5)."""

from functools import partial

from wakeup.behaviour.one import Reply
from wakeup.decide.caps import Contact
from wakeup.decide.desk import staff_of
from wakeup.decide.money import minor_of
from wakeup.decide.predicates import holds
from wakeup.decide.refusal import Outcome, settle
from wakeup.decide.send import Asked, Verdict, decide
from wakeup.decide.wording import worded
from wakeup.figures.entries import Entry
from wakeup.plan.model import Gift, Message, Send
from wakeup.sim.reference import benefits, grants, line, orders, outcomes, permissions
from wakeup.sim.reference.clock import Phase, place
from wakeup.sim.reference.customer import Customer, Touch
from wakeup.sim.reference.mood import mood, pressure
from wakeup.sim.reference.shared import Debit
from wakeup.sim.reference.world import World
from wakeup.terms.lists import Reason, Row


def attempt(world: World, customer: Customer, step: int, send: Send, first_due: int, expired: str = "") -> Outcome:
    """Decide the send now; write the rows REFUSED, DELAYED or SENT and whatever follows from them.

    expired: the message that waited in line at a desk until it was not wanted any more (rule 72).
    """
    now, expiry = world.now, first_due + send.expires

    def asked(message: Message) -> Verdict:
        if message.name == expired:
            return Verdict(Reason.EXPIRED, falls_back=True)
        return _verdict(world, customer, send, min(expiry, world.plan.end), message)

    outcome = settle(world.messages[expired or send.message], world.messages, asked, world.plan.end, expiry)
    for name, reason in outcome.refused:
        entry = Entry(customer.who, now, Row.REFUSED, step, world.message_index[name], reason=reason)
        world.trace.append(entry)
    message = world.message_index[outcome.message]
    if outcome.does == "hold":
        customer.held = (step, message)
        world.trace.append(Entry(customer.who, now, Row.DELAYED, step, message, reason=outcome.reason))
    elif outcome.does == "send":
        _send(world, customer, step, message, send)
        line.serve(world, customer, outcome.message)
    line.let_go(world, customer)
    return outcome


def _verdict(world: World, customer: Customer, send: Send, latest: int, message: Message) -> Verdict:
    """Decide one message and keep the place in its channel's rate that the decision took, now or for a later second."""
    channel = world.channel_index[message.channel]
    rate, now = world.rates[channel], world.now
    has_place = customer.places.get(channel) == now
    verdict = decide(_asked(world, customer, send, message, now if has_place else rate.place(now)))
    if verdict.takes_place and has_place:
        del customer.places[channel]
    elif verdict.takes_place:
        rate.take(now)
    elif verdict.reason is Reason.RATE and verdict.until is not None and verdict.until < latest:
        rate.take(verdict.until)
        customer.places[channel] = verdict.until
    return verdict


def _asked(world: World, customer: Customer, send: Send, message: Message, place: int) -> Asked:
    plan, now, who = world.plan, world.now, customer.who
    index = world.channel_index[message.channel]
    channel = plan.channels[index]
    _, wording = _worded(world, customer, message)
    return Asked(
        t=now,
        message=wording,
        channel=channel,
        cadence=plan.cadence,
        zone=customer.person.zone,
        consent=world.people.consent(who, channel),
        reached=world.model.reach(index, who),
        opted_out=customer.person.opted_out,
        complained=customer.person.complained,
        stopped=world.stopped,
        paused=now < world.paused.get(index, now),
        wanted=[grants.wanted(world, customer, world.incentive_index[name]) for name in send.incentives],
        bands=customer.bands,
        permitted=permissions.permitted(world, customer.person, channel),
        history=customer.person.contacts,
        scenario=world.scenario,
        place=place,
        desk_opens=line.opens(world, customer, staff_of(message, channel)),
        line=world.ledger.line(_line(world, message)),
        total=world.ledger.total(),
        blank=world.people.blank(who, wording.fields),
    )


def _worded(world: World, customer: Customer, message: Message) -> tuple[int, Message]:
    """Return the index of the customer's variant, and the message in that wording; without variants nobody is asked."""
    return worded(message, world.facts(customer)) if message.variants else (-1, message)


def _line(world: World, message: Message) -> str:
    """Return the budget line of a message: the channel's, else that of all sends."""
    channel = world.plan.channels[world.channel_index[message.channel]]
    budget = world.plan.budget
    return channel.line or (budget.send_line if budget is not None else "")


def _send(world: World, customer: Customer, step: int, index: int, send: Send) -> None:
    """Send the message in its wording: cost, cap history, grants, then the customer's answers."""
    now, who, person = world.now, customer.who, customer.person
    variant, message = _worded(world, customer, world.plan.messages[index])
    channel = world.channel_index[message.channel]
    cost = minor_of(message.cost_micros, world.plan.minor_digits)
    world.trace.append(Entry(who, now, Row.SENT, step, index, arm=variant, amount=cost))
    world.ledger.spend(Debit(now, "send_cost", message.cost_micros, channel), _line(world, message))
    person.contacts.append(Contact(now, world.alike[message.channel]))
    permissions.spend(world, person, message.channel)

    shown, given = [], []
    for name in send.incentives:
        incentive = world.incentive_index[name]
        live = customer.live(incentive, now)
        grant = live or grants.give(world, customer, incentive, step, index)
        given.append(grant)
        shown.append(grants.show(world, customer, grant, live=live is not None))
    touch = Touch(step, index, customer.nth("sent", index), tuple(given))
    found = mood(world, customer, matched=variant >= 0 or _scene(world, customer, send))
    reply = world.model.touch(who, now, index, shown, touch.occurrence, found)
    person.pressure, person.pressed_at = pressure(world, customer) + 1.0, now
    customer.last = touch
    customer.happened &= {"order"}
    if reply.delivered:
        world.trace.append(Entry(who, now, Row.DELIVERED, step, index))
        for grant in given:
            grant.known = True
    _answer_later(world, customer, touch, reply)


def _scene(world: World, customer: Customer, send: Send) -> bool:
    """Return whether the send shows content made for people like this one."""
    shown = [world.plan.incentives[world.incentive_index[name]] for name in send.incentives]
    scenes = [each.scene for each in shown if isinstance(each, Gift) and each.scene is not None]
    return any(holds(scene, world.facts(customer)) is True for scene in scenes)


def _answer_later(world: World, customer: Customer, touch: Touch, reply: Reply) -> None:
    """Let every answer happen at its time; all but the order only before the end of the run."""
    rows = (
        (Row.OPENED, reply.opened),
        (Row.CLICKED, reply.clicked),
        (Row.OPTED_OUT, reply.opted_out),
        (Row.COMPLAINED, reply.complained),
    )
    for row, t in rows:
        if t < world.plan.end:
            answer = partial(_answered, world, customer, touch, row)
            world.clock.at(t, Phase.ANSWER, answer, customer.who, place(row))
    for grant, t in zip(touch.grants, reply.taken, strict=True):
        if t < world.plan.end:
            take = partial(benefits.take, world, customer, touch, grant)
            detail = place(benefits.row_of(world, grant), grant.incentive)
            world.clock.at(t, Phase.ANSWER, take, customer.who, detail)
    orders.expect(world.life, customer.person, reply.ordered, organic=False)


def _answered(world: World, customer: Customer, touch: Touch, row: Row) -> None:
    """Write the answer; opt-out and complaint suppress from this second on."""
    world.trace.append(Entry(customer.who, world.now, row, touch.step, touch.message))
    seen = touch is customer.last
    match row:
        case Row.OPENED:
            outcomes.note(world, customer, "open", seen=seen)
        case Row.CLICKED:
            permissions.gain(world, customer, touch)
            outcomes.note(world, customer, "click", seen=seen)
        case Row.OPTED_OUT:
            customer.person.opted_out.update(world.alike[world.plan.messages[touch.message].channel])
        case _:
            customer.person.complained = True
