"""The rule of the plan behind a refusal, as far as the events of one customer tell."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from attrs import frozen

from wakeup.decide.calendar import window_end
from wakeup.decide.caps import Contact, refusing_cap
from wakeup.figures.story import Event, Story
from wakeup.plan.model import Cap, Channel, Elapsed, Incentive, Message, Quiet, Send
from wakeup.plan.wording import Wording
from wakeup.report.speech import Speech


@frozen
class Rulings:
    """Finds the rules of one story. Contacts before the run and the person's own zone are not in it: what they decide
    is told as far as it is known."""

    story: Story
    s: Speech
    words: Wording

    def rule(self, event: Event) -> str:
        """Return the rule behind a refusal or a delay; "" where the reason says it all."""
        find = _RULES.get(event.reason)
        return "" if find is None else find(self, event)

    # ------------------------------------------------------------------ what an event is about

    def message(self, event: Event) -> Message | None:
        """Return the message of an event."""
        return next((each for each in self.story.plan.messages if each.name == event.message), None)

    def channel(self, event: Event) -> Channel | None:
        """Return the channel of an event."""
        return next((each for each in self.story.plan.channels if each.name == event.channel), None)

    def send(self, event: Event) -> Send | None:
        """Return the instruction that an event belongs to."""
        programs = (each.program for each in self.story.plan.journeys if each.name == event.journey)
        steps = (each for program in programs for each in program if isinstance(each, Send))
        return next((each for each in steps if each.step == event.step), None)

    def offered(self, event: Event) -> Iterator[Incentive]:
        """Yield the incentives that were to go with a send."""
        send = self.send(event)
        names = {event.incentive, *(() if send is None else send.incentives)}
        yield from (each for each in self.story.plan.incentives if each.name in names)

    def before(self, event: Event, *kinds: str) -> list[Event]:
        """Return the events of some kinds up to an event, in order."""
        return [each for each in self.story.events if (each.t, each.seq) < (event.t, event.seq) and each.kind in kinds]

    # ------------------------------------------------------------------ rules

    def cap(self, event: Event) -> str:
        """Return the cap that is reached: by this run's sends, else with those before it."""
        reached = [cap for cap in self.story.plan.cadence.caps if self._reached(cap, event)]
        if reached:
            # Whether a rule for a tier is about this person is not in the events.
            cap = min(reached, key=lambda each: bool(each.tier))
            return self.s.say(
                "allowed are {often}; this would be number {number}", often=self._often(cap), number=cap.count + 1
            )
        often = self.words.listed(self._often(cap) for cap in self.story.plan.cadence.caps)
        return self.s.say("allowed are {often}, and contacts before the run count, too", often=often) if often else ""

    def _reached(self, cap: Cap, event: Event) -> bool:
        channel = self.channel(event)
        sent = [Contact(each.t, (each.channel,)) for each in self.before(event, "sent")]
        bands = {cap.tier: cap.band} if cap.tier else {}
        return channel is not None and refusing_cap((cap,), event.t, channel, bands, sent, self.story.plan.zone) is cap

    def _often(self, cap: Cap) -> str:
        often = self.words.say(
            "{contacts} {window}",
            contacts=self.words.counted(cap.count, "contact"),
            window=self.words.window(cap.window),
        )
        whom = self.words.say(" for {band}", band=f"{cap.tier}.{cap.band}") if cap.tier else ""
        via = self.words.say(" by {channel}", channel=cap.channel) if cap.channel else ""
        return f"{often}{whom}{via}"

    def gap(self, event: Event) -> str:
        """Return the least time between two contacts, and when the last was."""
        length = self.words.lasting(Elapsed(self.story.plan.cadence.gap))
        least = self.words.say("{length} between two contacts", length=length)
        sent = self.before(event, "sent")
        if not sent:
            return least
        return self.s.say("{rule}; the last was at {moment}", rule=least, moment=self.words.moment(sent[-1].t))

    def quiet(self, event: Event) -> str:
        """Return the hours in which nothing is sent."""
        channel = self.channel(event)
        own: tuple[Quiet, ...] = () if channel is None or channel.quiet is None else (channel.quiet,)
        for each in (*self.story.plan.cadence.quiet, *own):
            if window_end(event.t, each.window, self.story.plan.zone) is not None:
                return self.s.say("nothing from {hours}", hours=self.words.clock(each.window))
        return ""

    def rate(self, event: Event) -> str:
        """Return how much the channel sends."""
        channel = self.channel(event)
        if channel is None or not channel.rate:
            return ""
        length = self.words.lasting(Elapsed(channel.rate_seconds))
        return self.s.say("it sends at most {number} in {length}", number=f"{channel.rate:,}", length=length)

    def capacity(self, event: Event) -> str:
        """Return who serves the send, and when."""
        message, channel = self.message(event), self.channel(event)
        name = (message.staff if message else "") or (channel.staff if channel else "")
        staff = next((each for each in self.story.plan.staff if each.name == name), None)
        if staff is None:
            return ""
        return self.s.say(
            "{number} of {staff}, {hours}", number=staff.people, staff=name, hours=self.words.clock(staff.hours)
        )

    def budget(self, event: Event) -> str:
        """Return the lines that the send asks."""
        budget, channel = self.story.plan.budget, self.channel(event)
        if budget is None or channel is None:
            return ""
        lines = dict.fromkeys((channel.line or budget.send_line, *(each.line for each in self.offered(event))))
        limits = {each.name: self.words.money(each.limit) for each in budget.lines}
        return self.words.listed(f"{line} {limits[line]}" for line in lines if line in limits)

    def template(self, event: Event) -> str:
        """Return the fields that the text needs."""
        message = self.message(event)
        return self.words.listed(message.fields) if message else ""

    def invalid(self, event: Event) -> str:
        """Return how often a person may use an offer, where that is what refuses it."""
        for each in self.offered(event):
            used = sum(one.incentive == each.name for one in self.before(event, "redeemed", "claimed", "joined"))
            if each.limit is not None and used >= each.limit:
                return self.s.say("{name} at most {number} per person", name=each.name, number=each.limit)
        return ""

    def stock(self, event: Event) -> str:
        """Return how many there are."""
        limited = [each for each in self.offered(event) if each.stock is not None]
        return self.words.listed(f"{each.name} {each.stock:,}" for each in limited)

    def suppressed(self, event: Event) -> str:
        """Return when the person opted out or complained, if it was in this run."""
        last = self.before(event, "opted_out", "complained")
        return self.s.say("at {moment}", moment=self.words.moment(last[-1].t)) if last else self.s.say("before the run")

    def expired(self, event: Event) -> str:
        """Return since when and how long the send has waited."""
        send = self.send(event)
        held = [
            each for each in self.before(event, "delayed") if (each.step, each.journey) == (event.step, event.journey)
        ]
        if send is None or not held:
            return ""
        length = self.words.lasting(Elapsed(send.expires))
        return self.s.say(
            "first due at {moment}, held for at most {length}", moment=self.words.moment(held[0].t), length=length
        )

    def paused(self, event: Event) -> str:
        """Return the guards that may have paused the channel."""
        return self.words.listed(each.name for each in self.story.plan.guards if each.action == "pause_channel")


_RULES: Final[Mapping[str, Callable[[Rulings, Event], str]]] = {
    "cap": Rulings.cap,
    "gap": Rulings.gap,
    "quiet": Rulings.quiet,
    "rate": Rulings.rate,
    "capacity": Rulings.capacity,
    "budget": Rulings.budget,
    "template": Rulings.template,
    "incentive_invalid": Rulings.invalid,
    "out_of_stock": Rulings.stock,
    "suppressed": Rulings.suppressed,
    "expired": Rulings.expired,
    "paused": Rulings.paused,
}
"""The rule behind a reason, by its name."""
