"""A send: the decision with everything it looks at, the claim, and what becomes of it (docs/semantics, section 5).

The reference writes SENT in the second of the decision. Here the decision takes everything that a send needs and makes
an `Outgoing`; when the executor knows what became of it, `settled` writes the rows or gives everything back.
"""

from attrs import evolve

from wakeup.channels.protocol import REFUSED, Offered, Report
from wakeup.channels.protocol import Verdict as Told
from wakeup.decide.caps import Contact
from wakeup.decide.desk import deadline
from wakeup.decide.money import minor_of
from wakeup.decide.predicates import holds
from wakeup.decide.refusal import Outcome, settle
from wakeup.decide.send import Asked, Consent, Verdict, decide
from wakeup.decide.wording import worded
from wakeup.live.core import desk, grants
from wakeup.live.core.person import Grant, Hold, Person, Touch
from wakeup.live.core.world import Decided, World
from wakeup.live.keys import ref_of
from wakeup.live.rows import Outgoing, SendState
from wakeup.plan.model import Cadence, Channel, Gift, Message, Scenario, Send
from wakeup.terms.lists import FALLS_BACK, Reason, Row

REASONS = {
    Told.BAD_ADDRESS: Reason.UNREACHABLE,
    Told.OPTED_OUT: Reason.SUPPRESSED,
    Told.NO_GRANT: Reason.NO_GRANT,
    Told.BAD_CONTENT: Reason.TEMPLATE,
    Told.POLICY: Reason.OUTAGE,
}
"""What a provider's refusal for good is called in the closed list of reasons."""


def attempt(
    world: World,
    person: Person,
    send: Send,
    first_due: int,
    *,
    released: int | None = None,
    refused: tuple[str, Reason] | None = None,
) -> Outcome:
    """Decide the send now; write the rows REFUSED and DELAYED, hold the person, or claim the send.

    released: the instant for which a place in a rate may be kept, now if it is not told. refused: a message that is
    known to be refused now, and why: it waited in line until it was not wanted any more (rule 72), or the provider
    refused it.
    """
    expiry = first_due + send.expires
    place = world.now if released is None else released

    def asked(message: Message) -> Verdict:
        if refused is not None and message.name == refused[0]:
            return Verdict(refused[1], falls_back=refused[1] in FALLS_BACK)
        return _verdict(world, person, send, min(expiry, world.plan.end), message, place)

    messages = world.terms(person).messages
    first = messages[refused[0] if refused else send.message]
    outcome = settle(first, messages, asked, world.plan.end, expiry)
    while outcome.does == "send" and (codes := _codes(world, person, send)) is None:
        outcome = settle(first, messages, asked, world.plan.end, expiry)
    for name, reason in outcome.refused:
        world.write(person, Row.REFUSED, step=send.step, message=name, reason=reason)
    if outcome.does == "hold":
        _hold(world, person, send, first_due, outcome)
    elif outcome.does == "send":
        assert codes is not None
        _claim(world, person, send, first_due, messages[outcome.message], codes)
    desk.let_go(world, person)
    return outcome


def settled(world: World, person: Person, outgoing: Outgoing, report: Report) -> None:
    """Take in what became of a claimed send: accepted, handed over and in doubt count as sent; a refusal for good gives
    everything back, and `else:` is tried. The person, if they waited for it, is due now.

    A report "not left" or "throttled" is the executor's: it claims the send again (`again`).
    """
    touch = person.touches.get(outgoing.ref)
    if touch is None:
        return  # the person was erased
    if report.verdict in REFUSED and not touch.written:
        if report.verdict is Told.OPTED_OUT:
            person.opted_out.add(touch.channel)
        if report.verdict is Told.BAD_ADDRESS:
            person.unreachable.add(touch.channel)
        _refuse(world, person, outgoing.ref, REASONS[report.verdict])
        return
    went_out(world, person, outgoing.ref)
    if report.delivered:
        arrived(world, person, outgoing.ref, world.now)
    if person.sending == outgoing.ref:
        _go_on(world, person)


def again(world: World, person: Person, outgoing: Outgoing) -> bool:
    """Ask once more, before a READY send is claimed again, what may have changed (`repeatable`). Stock and money were
    taken and are kept.

    True: it may go out now. False: `outgoing` is REFUSED (and everything given back), or `not_before` says when to ask.
    """
    reason, until = repeatable(world, person, outgoing)
    latest = min(outgoing.deadline, world.plan.end)
    if until is not None and until < latest:
        outgoing.not_before = until
        return False
    if until is not None:
        reason = Reason.ENDED if until >= world.plan.end else Reason.EXPIRED
    if reason is Reason.NONE:
        return True
    outgoing.state, outgoing.settled, outgoing.payload = SendState.REFUSED, world.now, b""
    outgoing.evidence = outgoing.evidence or reason.name.lower()
    _refuse(world, person, outgoing.ref, reason)
    return False


def repeatable(world: World, person: Person, outgoing: Outgoing) -> tuple[Reason, int | None]:
    """Ask whether a send that was decided before (READY, or in doubt) may go out now: end and expiry, suppression,
    consent, pause, quiet hours, outage, rate; and caps and gap against the person's other sends, for while it was in
    doubt they may have had some. Return NONE, or why not, and until when it is held.

    NONE takes a place in the channel's rate, unless the send has one in this window still; from now on it counts at
    this instant.
    """
    touch = person.touches[outgoing.ref]
    if world.now >= world.plan.end:
        return Reason.ENDED, None
    if world.now >= outgoing.deadline:
        return Reason.EXPIRED, None
    # In doubt it counts as sent, and the person has gone on: only who has bought must not get it any more.
    if person.reached or not (person.inside or touch.written or world.shared.stopped):
        return Reason.EXITED, None
    channel = world.terms(person).channels[outgoing.channel]
    rate = world.shared.rate(channel.name)
    kept = person.places.get(channel.name)
    has_place = _in_window(channel, kept if kept == outgoing.not_before else None, world.now) or (
        outgoing.attempt == 0 and _in_window(channel, outgoing.decided, world.now)
    )
    place = world.now if has_place else rate.place(world.now, channel)
    asked = _changing(world, person, Message(outgoing.message, channel.name, ""), channel, place)
    others = list(person.contacts)
    if (own := Contact(touch.t, (touch.channel,))) in others:
        others.remove(own)
    verdict = decide(evolve(asked, cadence=world.plan.cadence, history=others, bands=person.bands))
    if has_place:
        person.places.pop(channel.name, None)
    elif verdict.takes_place:
        rate.take(world.now, channel)
    elif verdict.reason is Reason.RATE and verdict.until is not None and verdict.until < outgoing.deadline:
        rate.take(verdict.until, channel)
        person.places[channel.name] = verdict.until
    if verdict.reason is Reason.NONE:
        _moved(person, touch, world.now)
    return verdict.reason, verdict.until


def _in_window(channel: Channel, place: int | None, now: int) -> bool:
    """Return whether a place that was taken for an instant is one of the present window of the channel's rate."""
    return place is not None and (not channel.rate or place // channel.rate_seconds == now // channel.rate_seconds)


def doubt_over(world: World, person: Person, outgoing: Outgoing, sent: bool) -> None:
    """Take in that a doubt is resolved. Never sent, and not to be sent again: cost, cap slot and grants are given back,
    a row REFUSED/OUTAGE says so. (One that is sent again comes back through `again`.)"""
    touch = person.touches.get(outgoing.ref)
    if touch is None:
        return
    if sent:
        went_out(world, person, outgoing.ref)
        return
    _refuse(world, person, outgoing.ref, Reason.OUTAGE)


def never_sent(world: World, person: Person, ref: str) -> None:
    """Take in that a message that was handed over to a person was not sent, for good."""
    if ref in person.touches:
        _refuse(world, person, ref, Reason.UNREACHABLE)


def went_out(world: World, person: Person, ref: str) -> None:
    """Write the rows of a send that counts as sent, at the instant of its claim; once."""
    touch = person.touches[ref]
    if touch.written:
        return
    touch.written = True
    cost = minor_of(touch.cost, world.plan.minor_digits)
    world.write(
        person, Row.SENT, t=touch.t, step=touch.step, message=touch.message, channel=touch.channel,
        arm=touch.variant, amount=cost,
    )  # fmt: skip
    for name in touch.given:
        grant = person.grants.get(name)
        if grant is not None and grant.code == touch.shown[name]:
            grants.written(world, person, grant, touch.t)
    person.last = ref
    person.happened &= {"order"}
    if not world.tells_delivery(touch.channel):
        _known(person, touch)


def seen(world: World, person: Person, ref: str) -> None:
    """Take in that somebody answered a message whose send is not settled yet: so it was sent."""
    if not person.touches[ref].back:
        went_out(world, person, ref)


def arrived(world: World, person: Person, ref: str, t: int) -> None:
    """Note that a message was delivered: row DELIVERED, once, and its grants are known."""
    touch = person.touches[ref]
    if "d" in touch.told:
        return
    touch.told += "d"
    if t < world.plan.end:
        world.write(person, Row.DELIVERED, t=t, step=touch.step, message=touch.message, channel=touch.channel)
    _known(person, touch)


# --- the decision ----------------------------------------------------------------------------------------------------


def _verdict(world: World, person: Person, send: Send, latest: int, message: Message, released: int) -> Verdict:
    """Decide one message and keep the place in its channel's rate that the decision took, now or for a later second."""
    channel = world.terms(person).channels[message.channel]
    rate, now = world.shared.rate(channel.name), world.now
    kept = person.places.get(channel.name)
    has_place = kept == released and _in_window(channel, kept, now)
    place = now if has_place else rate.place(now, channel)
    verdict = decide(_asked(world, person, send, message, channel, place))
    if verdict.takes_place and has_place:
        del person.places[channel.name]
    elif verdict.takes_place:
        rate.take(now, channel)
    elif verdict.reason is Reason.RATE and verdict.until is not None and verdict.until < latest:
        rate.take(verdict.until, channel)
        person.places[channel.name] = verdict.until
    return verdict


def _asked(world: World, person: Person, send: Send, message: Message, channel: Channel, place: int) -> Asked:
    _, wording = _worded(world, person, message)
    fields = person.about.fields
    return evolve(
        _changing(world, person, wording, channel, place),
        cadence=world.plan.cadence,
        wanted=[grants.wanted(world, person, name) for name in send.incentives],
        bands=person.bands,
        permitted=person.permissions.get(channel.name, 1) > 0,
        history=person.contacts,
        desk_opens=desk.opening(world, person, desk.staff_for(world, person, message)),
        line=world.shared.ledger.line(_line(world, channel)),
        total=world.shared.ledger.total(),
        blank={name for name in wording.fields if name in fields and fields[name] is None},
    )


def _changing(world: World, person: Person, message: Message, channel: Channel, place: int) -> Asked:
    """Return what may change between a decision and a later claim: consent, suppression, pause, quiet hours, outage,
    the place in the rate; everything else as if it were no matter."""
    consent, reached = _consent(world, person, channel)
    return Asked(
        t=world.now,
        message=message,
        channel=channel,
        cadence=Cadence(quiet=world.plan.cadence.quiet),
        zone=person.zone,
        consent=consent,
        reached=reached,
        opted_out=person.opted_out,
        complained=person.complained,
        stopped=world.shared.stopped,
        paused=world.now < world.shared.paused.get(channel.name, world.now),
        scenario=_outage(world, channel.name),
        place=place,
    )


def _consent(world: World, person: Person, channel: Channel) -> tuple[Consent, bool]:
    """Return what is known of the person's consent: the newest word, else the data; else whether they are reached."""
    if channel.name in person.unreachable:
        return Consent.BLANK, False
    newest = {} if world.consents is None else world.consents(person.customer)
    withdrawn = person.complained or channel.name in person.opted_out  # that is told as suppression, not as consent
    for name in (channel.name, channel.channel_kind, ""):  # "": a word about every channel
        if name in newest and (newest[name] or not withdrawn):
            return (Consent.YES if newest[name] else Consent.NO), True
    recorded = person.about.consents
    word = recorded.get(channel.name, recorded.get(channel.channel_kind))
    if word is not None:
        return Consent(word), True
    if world.reached is None:
        return Consent.NO, False
    return Consent.ABSENT, world.reached(person.customer, channel.name)


def _outage(world: World, channel: str) -> Scenario | None:
    until = world.outages.get(channel)
    return None if until is None else Scenario("outage", world.now, until, down=(channel,))


def _worded(world: World, person: Person, message: Message) -> tuple[int, Message]:
    """Return the index of the person's variant, and the message in that wording; without variants nobody is asked."""
    return worded(message, world.facts(person)) if message.variants else (-1, message)


def _line(world: World, channel: Channel) -> str:
    """Return the budget line of a message over the channel: the channel's, else that of all sends."""
    budget = world.plan.budget
    return channel.line or (budget.send_line if budget is not None else "")


def _codes(world: World, person: Person, send: Send) -> dict[str, str] | None:
    """Return a code for each incentive that the person does not hold; None if the shop's list of one is used up."""
    codes: dict[str, str] = {}
    for name in send.incentives:
        if person.live(name, world.now) is None and name not in codes:
            codes[name] = grants.draw_code(world, person, name)
            if not codes[name]:
                return None
    return codes


def _hold(world: World, person: Person, send: Send, first_due: int, outcome: Outcome) -> None:
    world.write(person, Row.DELAYED, step=send.step, message=outcome.message, reason=outcome.reason)
    assert outcome.until is not None
    person.hold = Hold(outcome.message, first_due, outcome.until)
    if outcome.reason is Reason.CAPACITY:
        staff = desk.staff_for(world, person, world.terms(person).messages[outcome.message])
        person.hold.staff, person.hold.asked = staff, world.now
        person.hold.until = deadline(first_due, send.expires, world.plan.end)
        desk.stand(world, person, staff, person.hold.until)
    person.due = person.hold.until


# --- the claim -------------------------------------------------------------------------------------------------------


def _claim(world: World, person: Person, send: Send, first_due: int, message: Message, codes: dict[str, str]) -> None:
    """Take everything that the send needs, and leave it claimed for the executor; the person waits for it."""
    now, terms, shared = world.now, world.terms(person), world.shared
    variant, wording = _worded(world, person, message)
    channel = terms.channels[message.channel]
    nth = person.decided.get(send.step, 0)
    person.decided[send.step] = nth + 1
    ref = ref_of(world.campaign, person.customer, person.occurrence, person.journey, send.step, nth)
    touch = Touch(
        send.step, message.name, channel.name, now, first_due,
        variant=str(variant) if variant >= 0 else "", cost=wording.cost_micros,
        line=_line(world, channel), staff=desk.staff_for(world, person, message),
    )  # fmt: skip
    shared.spend(now, "send_cost", touch.cost, touch.line, channel.name)
    person.contacts.append(Contact(now, (channel.name,)))
    if channel.name in person.permissions:
        person.permissions[channel.name] -= 1
        touch.permission = True
    if touch.staff:
        desk.take(world, person, touch.staff, ref)
    offers = [_offer(world, person, send, message, name, codes, touch) for name in send.incentives]
    outgoing = Outgoing(
        ref=ref, campaign=world.campaign, customer=person.customer, occurrence=person.occurrence,
        journey=person.journey, step=send.step, nth=nth, message=message.name, channel=channel.name, variant=variant,
        decided=now, deadline=min(first_due + send.expires, world.plan.end), state=SendState.INFLIGHT, attempt=1,
        not_before=now, first_attempt=now, lease=now + world.lease, epoch=world.epoch,
    )  # fmt: skip
    person.touches[ref] = touch
    person.sending, person.hold, person.due = ref, None, None
    matched = variant >= 0 or _scene(world, person, send)
    world.sends.append(outgoing)
    world.decided.append(Decided(outgoing, wording, tuple(offers), variant, matched))


def _offer(
    world: World, person: Person, send: Send, message: Message, name: str, codes: dict[str, str], touch: Touch
) -> Offered:
    live = person.live(name, world.now)
    grant: Grant = live or grants.give(world, person, name, codes[name], send.step, message.name)
    if live is None:
        touch.given.append(name)
    touch.shown[name] = grant.code
    return grants.offered(person, grant, live=live is not None)


def _scene(world: World, person: Person, send: Send) -> bool:
    """Return whether the send shows content made for people like this one."""
    shown = [world.terms(person).incentives[name] for name in send.incentives]
    scenes = [each.scene for each in shown if isinstance(each, Gift) and each.scene is not None]
    return any(holds(scene, world.facts(person)) is True for scene in scenes)


# --- what becomes of it ----------------------------------------------------------------------------------------------


def _refuse(world: World, person: Person, ref: str, reason: Reason) -> None:
    """Give back what a send took that is definitely not sent, and say so; who waited tries `else:` or goes on."""
    touch = person.touches[ref]
    if touch.back:
        return
    _give_back(world, person, ref, touch)
    waited = person.sending == ref
    if waited:
        person.sending = ""
    if not (waited and person.inside):
        world.write(person, Row.REFUSED, step=touch.step, message=touch.message, channel=touch.channel, reason=reason)
        return
    send = world.journey(person).program[person.at]
    assert isinstance(send, Send)
    outcome = attempt(world, person, send, touch.first_due, refused=(touch.message, reason))
    if outcome.does == "skip":
        _go_on(world, person)


def _go_on(world: World, person: Person) -> None:
    """Let the person go on behind the send, now, if they are still in the journey."""
    person.sending = ""
    if person.inside:
        person.at += 1
        person.due = world.now


def _give_back(world: World, person: Person, ref: str, touch: Touch) -> None:
    """Give back cost, cap slot, permission, staff and unused new grants; a place in a rate and codes stay spent."""
    touch.back = True
    world.shared.spend(world.now, "send_cost", -touch.cost, touch.line, touch.channel)
    contact = Contact(touch.t, (touch.channel,))
    if contact in person.contacts:
        person.contacts.remove(contact)
    if touch.permission:
        person.permissions[touch.channel] = person.permissions.get(touch.channel, 0) + 1
    desk.give_back(world, person, touch, ref)
    for name in touch.given:
        grants.take_back(world, person, name, touch.shown[name])
    if touch.written:
        world.shared.tallies.add(world.now, "sent", -1, touch.channel)


def _moved(person: Person, touch: Touch, now: int) -> None:
    """Let a send that is claimed again count at the instant of this claim (SEMANTICS 22)."""
    contact = Contact(touch.t, (touch.channel,))
    if contact in person.contacts:
        person.contacts[person.contacts.index(contact)] = evolve(contact, t=now)
    touch.t = now


def _known(person: Person, touch: Touch) -> None:
    for name, code in touch.shown.items():
        grant = person.grants.get(name)
        if grant is not None and grant.code == code:
            grant.known = True
