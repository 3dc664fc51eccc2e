"""What happened to one customer, decision by decision, with the reason and the rule behind it, in words."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from attrs import asdict, field, frozen
from rich.console import Console

from wakeup.decide.calendar import local
from wakeup.diagnostics import Named
from wakeup.figures.story import LIVE, Event, Story
from wakeup.forms import as_json
from wakeup.plan.wording import Wording
from wakeup.report.rulings import Rulings
from wakeup.report.speech import Speech
from wakeup.report.terminal import plain, table
from wakeup.terms.language import Language

FORMAT_VERSION: Final = "1"

DECISIONS: Final = frozenset(
    {"entered", "not_entered", "assigned", "delayed", "refused", "sent", "granted", "exited", "ended"}
)
"""Kinds of events that the campaign decides; the others are what the customer does, or what follows by itself."""


@frozen
class Told:
    """An event in words: when, in the campaign's zone; what happens; why ("" where that says it all)."""

    event: Event
    when: str
    what: str
    why: str


def show(story: Story, console: Console, lang: Language = "en") -> None:
    """Print what happened, a line an event."""
    s = Speech(lang)
    title = s.say("{name}: what happened, and why (times of {zone})", name=story.plan.name, zone=story.plan.zone)
    rows = [(each.when, each.what, each.why) for each in told(story, lang)]
    made = table(title, (s.say("When"), s.say("What happens"), s.say("Why")), rows, words=3)
    made.columns[0].no_wrap = True
    console.print(made)
    if story.held_out:
        console.print(plain(s.say("This person is held out for comparison: nothing is sent on purpose.")))
    if not story.about.get(LIVE):
        console.print(plain(s.say("One simulated run, with every assumption at its median.")))


def to_json(story: Story) -> bytes:
    """Return what happened as UTF-8 JSON, its words in English. The customer is not named: who asks knows."""
    tree = {
        "format_version": FORMAT_VERSION,
        **{name: story.about[name] for name in ("plan", "zone", "currency", "minor_digits")},
        "held_out": story.held_out,
        "events": [_tree(each) for each in told(story)],
    }
    return as_json(tree)


def _tree(each: Told) -> Mapping[str, Any]:
    event = {name: None if value == "" else value for name, value in asdict(each.event).items()}
    return {
        **event,
        "decision": each.event.kind in DECISIONS,
        "when": each.when,
        "what": each.what,
        "why": each.why or None,
    }


def told(story: Story, lang: Language = "en") -> Iterator[Told]:
    """Yield every event in words, in order."""
    teller = _Teller(story, Speech(lang), Wording(story.plan, lang))
    for event in story.events:
        yield teller.told(event)


@frozen
class _Teller:
    """Tells the events of one customer."""

    story: Story
    s: Speech
    words: Wording
    rulings: Rulings = field(init=False)

    @rulings.default
    def _rulings(self) -> Rulings:
        return Rulings(self.story, self.s, self.words)

    def told(self, event: Event) -> Told:
        """Return an event in words."""
        when = f"{local(event.t, self.story.plan.zone):%Y-%m-%d %H:%M}"
        return Told(event, when, _WHAT[event.kind](self, event), self._why(event))

    def _why(self, event: Event) -> str:
        match event.kind:
            case "refused" | "delayed" | "not_entered":
                parts = (self.s.reason(event.reason), self.rulings.rule(event))
                return self.s.say(": ").join(part for part in parts if part)
            case "exited":
                return self._left(event)
            case "redeemed" if event.subsidised:
                return self.s.say("The order would have come anyway")
            case "ordered" if event.t >= self.story.plan.end:
                return self.s.say("After the run")
            case _:
                return ""

    def _left(self, event: Event) -> str:
        """Return why somebody left a journey: its goal was reached in that second, or it was at its end."""
        goal = next((each.goal for each in self.story.plan.journeys if each.name == event.journey), "")
        same = {each.kind for each in self.story.events if each.t == event.t}
        if goal and _KIND_OF.get(goal, goal) in same:
            return self.s.say("The goal of the journey is reached: {outcome}", outcome=self.s.word(goal))
        return self.s.say("Nothing is left to do in it")

    # ------------------------------------------------------------------ what happens

    def message(self, event: Event) -> str:
        """Return the message of an event with its channel."""
        if not event.message:
            return self.incentive(event)
        name = Named("message", event.message).told(self.s.lang)
        return self.s.say("{message} by {channel}", message=name, channel=event.channel)

    def incentive(self, event: Event) -> str:
        """Return the incentive of an event with its kind."""
        kinds = {each.name: each.kind for each in self.story.plan.incentives}
        return Named(kinds.get(event.incentive, "incentive"), event.incentive).told(self.s.lang)

    def journey(self, event: Event) -> str:
        """Return the journey of an event."""
        return Named("journey", event.journey).told(self.s.lang)

    def amount(self, event: Event) -> str:
        """Return the amount of an event."""
        return self.words.money(event.amount_minor)


_KIND_OF: Final[Mapping[str, str]] = {
    "order": "ordered", "open": "opened", "click": "clicked", "claim": "claimed", "join": "joined",
    "complete": "completed", "attend": "completed",
}  # fmt: skip
"""Outcome -> the kind of its events."""


def _sent(t: _Teller, event: Event) -> str:
    if event.arm:
        return t.s.say("{message} is sent, wording {number}", message=t.message(event), number=event.arm)
    return t.s.say("{message} is sent", message=t.message(event))


def _rated(t: _Teller, event: Event) -> str:
    return t.s.say("answers {incentive}: {score} of 5", incentive=t.incentive(event), score=event.amount_minor / 100)


_WHAT: Final[Mapping[str, Callable[[_Teller, Event], str]]] = {
    "entered": lambda t, e: t.s.say("enters {journey}", journey=t.journey(e)),
    "not_entered": lambda t, e: t.s.say("does not enter {journey}", journey=t.journey(e)),
    "assigned": lambda t, e: t.s.say("split {split}: arm {arm}", split=e.step, arm=e.arm),
    "delayed": lambda t, e: t.s.say("{message} is held", message=t.message(e)),
    "refused": lambda t, e: t.s.say("{message} is not sent", message=t.message(e)),
    "sent": _sent,
    "granted": lambda t, e: t.s.say("{incentive} is granted", incentive=t.incentive(e)),
    "delivered": lambda t, e: t.s.say("{message} arrives", message=t.message(e)),
    "opened": lambda t, e: t.s.say("opens {message}", message=t.message(e)),
    "clicked": lambda t, e: t.s.say("clicks {message}", message=t.message(e)),
    "claimed": lambda t, e: t.s.say("claims {incentive}", incentive=t.incentive(e)),
    "joined": lambda t, e: t.s.say("joins {incentive}", incentive=t.incentive(e)),
    "completed": lambda t, e: t.s.say("completes {incentive}", incentive=t.incentive(e)),
    "opted_out": lambda t, e: t.s.say("opts out after {message}", message=t.message(e)),
    "complained": lambda t, e: t.s.say("complains about {message}", message=t.message(e)),
    "ordered": lambda t, e: t.s.say("orders for {amount}", amount=t.amount(e)),
    "redeemed": lambda t, e: t.s.say("uses {incentive}, {amount} off", incentive=t.incentive(e), amount=t.amount(e)),
    "lapsed": lambda t, e: t.s.say("{incentive} ends unused", incentive=t.incentive(e)),
    "served": lambda t, e: t.s.say("{incentive} begins", incentive=t.incentive(e)),
    "gifted": lambda t, e: t.s.say("{incentive} is handed over", incentive=t.incentive(e)),
    "exited": lambda t, e: t.s.say("leaves {journey}", journey=t.journey(e)),
    "ended": lambda t, e: t.s.say("{journey} ends with the run", journey=t.journey(e)),
    "rated": _rated,
}
"""What happens, by the kind of the event."""
