"""Who and when: the head of a plan, its phases, what the customer data must hold, its tiers."""

from collections.abc import Iterator

from attrs import frozen

from wakeup.plan.model import Elapsed, Plan
from wakeup.plan.wording import INDENT, Wording, share

_DAY = 86_400


@frozen
class People:
    """Writes who is meant and when."""

    plan: Plan
    words: Wording

    def opening(self) -> Iterator[str]:
        """Yield the head: name, dates, audience, control group, what counts."""
        plan, words = self.plan, self.words
        yield f"{plan.name}: {plan.title}" if plan.title else plan.name
        if plan.doc:
            yield plan.doc
        yield ""
        days = words.counted(round((plan.end - plan.start) / _DAY), "day")
        dates = words.say("{start} through {end}", start=words.moment(plan.start), end=words.last_day(plan.end))
        yield words.say("When       {dates} ({zone}, {days})", dates=dates, zone=plan.zone, days=days)
        yield words.say("Whom       {condition}", condition=words.condition(plan.audience))
        held = share(plan.holdout)
        control = words.say("no control group") if held == "0%" else words.say("{share} are not contacted", share=held)
        yield words.say("Control    {control}", control=control)
        yield words.say("Waking up  {events}", events=words.listed(map(words.word, plan.awake), "or"))
        yield words.say("Margin     {share} of the value before discount", share=share(plan.margin))
        within = words.lasting(Elapsed(plan.attribution.within))
        yield words.say("Credit     {model} within {length}", model=words.word(plan.attribution.model), length=within)
        yield words.say("Follow-up  {length} after the end", length=words.lasting(Elapsed(plan.follow_up)))

    def phases(self) -> Iterator[str]:
        """Yield the phases and what must be done in each."""
        if self.plan.phases:
            yield self.words.say("Phases")
        for phase in self.plan.phases:
            title = f' "{phase.title}"' if phase.title else ""
            yield f"{INDENT}{phase.name}{title}: {self.words.stretch(phase.start, phase.end)}"
            yield from (f"{INDENT * 2}{duty}" for duty in phase.duties)

    def own_fields(self) -> Iterator[str]:
        """Yield the fields, tags and categories that the campaign declares."""
        if self.plan.own:
            yield self.words.say("What the customer data must hold")
        for own in self.plan.own:
            labels = [f"{each.name} {share(each.share)}" if each.share else each.name for each in own.labels]
            values = self.words.listed(labels)
            if own.low:
                values = self.words.say("{start} to {end}", start=own.low, end=own.high)
            yield f"{INDENT}{self.words.noun(own.sort)} {own.name}{f': {values}' if values != own.name else ''}"

    def tiers(self) -> Iterator[str]:
        """Yield the tiers with their bands."""
        for tier in self.plan.tiers:
            by = self.words.say("rules, the first that holds")
            if tier.unit != "rule":
                by = self.words.word(tier.attribute)
            yield self.words.say("Tier {name}, by {by}", name=tier.name, by=by)
            for band in tier.bands:
                yield f"{INDENT}{band.name}: {self.words.band(tier, band)}"
