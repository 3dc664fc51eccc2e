"""A plan as text that a strategist can read: whom, when, what, under which rules, and what it rests on."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from attrs import frozen

from wakeup.diagnostics import Key, Say, tell
from wakeup.plan.model import (
    Activity,
    AmountOff,
    Branch,
    Coupon,
    Elapsed,
    Exit,
    Gift,
    Grant,
    Guard,
    Incentive,
    Journey,
    Jump,
    Message,
    PercentOff,
    Plan,
    Quiet,
    Send,
    Service,
    Split,
    Until,
    Wait,
)
from wakeup.plan.predicates import EVERYONE
from wakeup.plan.wording import Wording, share, waited
from wakeup.terms.language import Language

_INDENT = "  "
_DAY = 86_400


def explain(plan: Plan, lang: Language = "en") -> str:
    """Return the plan as text in a language: sections under headings, journeys as indented steps; ends with a line end.

    Days are counted from a person's entry and are the latest possible: a wait for an event may end sooner.
    """
    writer = _Explainer(plan, Wording(plan, lang))
    sections = (
        writer.opening(),
        writer.phases(),
        writer.own_fields(),
        writer.tiers(),
        *(writer.journey(journey) for journey in plan.journeys),
        writer.incentives(),
        writer.messages(),
        writer.cadence(),
        writer.budget(),
        writer.scenarios(),
        writer.guards(),
        writer.claims(),
        writer.basis(),
    )
    blocks = ("\n".join(section) for section in sections)
    return "\n\n".join(block for block in blocks if block) + "\n"


@frozen
class _Explainer:
    plan: Plan
    words: Wording

    # ------------------------------------------------------------------ who and when

    def opening(self) -> Iterator[str]:
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
        if self.plan.phases:
            yield self.words.say("Phases")
        for phase in self.plan.phases:
            title = f' "{phase.title}"' if phase.title else ""
            yield f"{_INDENT}{phase.name}{title}: {self.words.stretch(phase.start, phase.end)}"
            yield from (f"{_INDENT * 2}{duty}" for duty in phase.duties)

    def own_fields(self) -> Iterator[str]:
        if self.plan.own:
            yield self.words.say("What the customer data must hold")
        for own in self.plan.own:
            labels = [f"{each.name} {share(each.share)}" if each.share else each.name for each in own.labels]
            values = self.words.listed(labels)
            if own.low:
                values = self.words.say("{start} to {end}", start=own.low, end=own.high)
            yield f"{_INDENT}{self.words.noun(own.sort)} {own.name}{f': {values}' if values != own.name else ''}"

    def tiers(self) -> Iterator[str]:
        for tier in self.plan.tiers:
            by = self.words.say("rules, the first that holds")
            if tier.unit != "rule":
                by = self.words.word(tier.attribute)
            yield self.words.say("Tier {name}, by {by}", name=tier.name, by=by)
            for band in tier.bands:
                yield f"{_INDENT}{band.name}: {self.words.band(tier, band)}"

    # ------------------------------------------------------------------ journeys

    def journey(self, journey: Journey) -> Iterator[str]:
        words = self.words
        whom = words.say("everybody else") if journey.match == EVERYONE else words.condition(journey.match)
        yield words.say("Journey {name}, for {whom}", name=journey.name, whom=whom)
        first = words.moment(journey.wave.first)
        if journey.wave.per_day is None:
            yield _INDENT + words.say("all enter at {moment}", moment=first)
        else:
            number = f"{journey.wave.per_day:,}"
            yield _INDENT + words.say("{number} people a day enter from {moment}", number=number, moment=first)
        if journey.goal:
            yield _INDENT + words.say("who is in it leaves at once with {event}", event=self._end(journey.goal))
        else:
            yield _INDENT + words.say("who is in it stays to the last step")
        lines, _ = self._steps(journey, 0, len(journey.program), 1, 0)
        yield from lines

    def _steps(self, journey: Journey, start: int, stop: int, depth: int, clock_s: int) -> tuple[list[str], int]:
        """The instructions [start, stop) as lines; `clock_s` seconds after entry at the latest, before and after."""
        at, pad = start, _INDENT * depth
        lines: list[str] = []
        while at < stop:
            instruction = journey.program[at]
            match instruction:
                case Send():
                    lines.append(f"{pad}{self._day(clock_s)}{self._send(instruction)}")
                case Grant():
                    given = self.words.listed(instruction.incentives)
                    told = self.words.say("grant {incentives} without a message", incentives=given)
                    lines.append(f"{pad}{self._day(clock_s)}{told}")
                case Wait():
                    lines.append(f"{pad}{self._wait(instruction)}")
                    clock_s = _after(instruction, journey, clock_s)
                case Branch():
                    block, clock_s, at = self._branch(journey, instruction, (at, stop), depth, clock_s)
                    lines += block
                    continue
                case Split():
                    block, clock_s, at = self._split(journey, instruction, (at, stop), depth, clock_s)
                    lines += block
                    continue
                case Exit():
                    lines.append(pad + self.words.say("leave"))
                case Jump():
                    pass  # the end of a block, shown by the indent
            at += 1
        return lines, clock_s

    def _branch(
        self, journey: Journey, branch: Branch, where: tuple[int, int], depth: int, clock_s: int
    ) -> tuple[list[str], int, int]:
        """`where`: the branch, and the end of the block it stands in. The last result is where its two ways meet."""
        (at, stop), pad = where, _INDENT * depth
        middle = min(branch.otherwise, stop)
        last = journey.program[middle - 1]
        join = min(last.target, stop) if isinstance(last, Jump) and middle - 1 > at else middle
        then, first = self._steps(journey, at + 1, middle, depth + 1, clock_s)
        otherwise, second = self._steps(journey, middle, join, depth + 1, clock_s)
        lines = [pad + self.words.say("if {condition}:", condition=self.words.condition(branch.predicate)), *then]
        if otherwise:
            lines += [pad + self.words.say("else:"), *otherwise]
        return lines, max(first, second), join

    def _split(
        self, journey: Journey, split: Split, where: tuple[int, int], depth: int, clock_s: int
    ) -> tuple[list[str], int, int]:
        """`where`: the split, and the end of the block it stands in. The last result is where its arms meet."""
        (at, stop), pad = where, _INDENT * depth
        starts = [max(at + 1, min(arm.target, stop)) for arm in split.arms]
        leave = journey.program[starts[1] - 1] if len(starts) > 1 else None
        join = min(leave.target, stop) if isinstance(leave, Jump) else stop
        lines, latest = [pad + self._promotion(journey, split)], clock_s
        for arm, start, end in zip(split.arms, starts, [*starts[1:], join], strict=True):
            body, after = self._steps(journey, start, end, depth + 2, clock_s)
            lines += [f"{pad}{_INDENT}{share(str(Decimal(arm.high) - Decimal(arm.low)))} {arm.name}:", *body]
            latest = max(latest, after)
        return lines, latest, join

    def _promotion(self, journey: Journey, split: Split) -> str:
        words = self.words
        for each in self.plan.promotions:
            if (each.journey, each.split) == (journey.name, split.name):
                return words.say(
                    "split {name} (the better {figure} takes all newcomers after {after} if {sure} sure):",
                    name=split.name,
                    figure=words.word(each.figure),
                    after=words.lasting(Elapsed(each.after)),
                    sure=share(each.sure),
                )
        return words.say("split {name}:", name=split.name)

    def _send(self, send: Send) -> str:
        message = next(each for each in self.plan.messages if each.name == send.message)
        told = self.words.say("send {step} by {channel}", step=send.step, channel=message.channel)
        if not send.incentives:
            return told
        return told + self.words.say(", offering {incentives}", incentives=self.words.listed(send.incentives))

    def _wait(self, wait: Wait) -> str:
        length = waited(wait.length, self.words)
        if not wait.outcomes:
            return self.words.say("wait {length}", length=length)
        events = self.words.listed(map(self._end, wait.outcomes), "or")
        if isinstance(wait.length, Until):
            return self.words.say("wait {length} for {events}", length=length, events=events)
        return self.words.say("wait up to {length} for {events}", length=length, events=events)

    def _end(self, outcome: str) -> str:
        """An outcome as what a wait or a journey ends with."""
        return tell(_ENDS[outcome], self.words.lang)

    def _day(self, clock_s: int) -> str:
        """Days since entry at the latest; a part of a day counts as the day it lies in."""
        return self.words.say("day {number}: ", number=clock_s // _DAY)

    # ------------------------------------------------------------------ what is given and said

    def incentives(self) -> Iterator[str]:
        if self.plan.incentives:
            yield self.words.say("Incentives")
        for incentive in self.plan.incentives:
            title = f' "{incentive.title}"' if incentive.title else ""
            parts = [*self._what(incentive), *self._limits(incentive)]
            kind = self.words.noun(incentive.kind)
            yield f"{_INDENT}{kind} {incentive.name}{title}{self.words.colon}{self.words.comma.join(parts)}"

    def _what(self, incentive: Incentive) -> Iterator[str]:
        words = self.words
        match incentive:
            case Coupon():
                yield from self._price(incentive)
            case Gift():
                if incentive.bond is not None:
                    yield words.say("{length} more", length=words.lasting(incentive.bond))
                if incentive.scene is not None:
                    yield words.say("suits best: {condition}", condition=words.condition(incentive.scene))
                if incentive.cost:
                    yield words.say("costs {amount}", amount=words.money(incentive.cost))
                yield words.say("valid {length}", length=words.lasting(incentive.valid))
            case Service():
                cost = words.money(incentive.cost)
                if incentive.staff:
                    yield words.say("costs {amount} by {staff}", amount=cost, staff=self._staff(incentive.staff))
                else:
                    yield words.say("costs {amount}", amount=cost)
                yield words.say("valid {length}", length=words.lasting(incentive.valid))
            case Activity():
                yield from self._activity(incentive)

    def _price(self, price: Coupon) -> Iterator[str]:
        words = self.words
        for rung in price.rungs:
            off = self._back(rung.discount) if price.rebate else words.discount(rung.discount)
            whom = words.say(" for {band}", band=f"{rung.tier}.{rung.band}") if rung.tier else ""
            yield f"{off}{whom}"
            if price.reusable and not price.rebate:
                yield words.say("on every order")
            if price.closes is None:
                yield words.say("valid {length}", length=words.lasting(rung.valid))
        if price.opens is not None and price.closes is not None:
            yield words.say("from {start} until {end}", start=words.moment(price.opens), end=words.moment(price.closes))
        if price.reserve_face:
            yield words.say("face value held in the budget")

    def _back(self, discount: AmountOff | PercentOff) -> str:
        """What each order earns back as points."""
        words = self.words
        part = words.money(discount.amount) if isinstance(discount, AmountOff) else share(discount.share)
        if not discount.threshold:
            return words.say("{part} of each order back as points", part=part)
        threshold = words.money(discount.threshold)
        return words.say("{part} of each order from {threshold} back as points", part=part, threshold=threshold)

    def _activity(self, activity: Activity) -> Iterator[str]:
        words, won = self.words, activity.reward
        match activity.kind:
            case "challenge":
                days = words.counted(activity.days, "day")
                yield words.say(
                    "{task} for {days} in a row wins {reward}", task=words.word(activity.task), days=days, reward=won
                )
            case "draw":
                prize = won or words.money(activity.cost)
                yield words.say("{share} win {prize}", share=share(activity.odds), prize=prize)
                if activity.wins is not None:
                    yield words.say("{times} at most", times=words.counted(activity.wins, "time"))
            case _:
                if activity.at is not None:
                    yield words.say("on {moment}", moment=words.moment(activity.at))
                if activity.bond is not None:
                    yield words.say("for {length}", length=words.lasting(activity.bond))
                if activity.cost:
                    yield words.say("costs {amount} a person", amount=words.money(activity.cost))
                if won:
                    yield words.say("brings {reward}", reward=won)
        if activity.at is not None:
            yield words.say("open until it begins")
        else:
            yield words.say("valid {length}", length=words.lasting(activity.valid))
        if activity.places is not None:
            yield words.counted(activity.places, "seat" if activity.kind == "event" else "place")

    def _staff(self, name: str) -> str:
        staff = next(each for each in self.plan.staff if each.name == name)
        each, hours = self.words.lasting(Elapsed(staff.handles)), self.words.clock(staff.hours)
        return self.words.say(
            "{number} {name} ({each} each, {hours})", number=f"{staff.people:,}", name=name, each=each, hours=hours
        )

    def _limits(self, incentive: Incentive) -> Iterator[str]:
        if incentive.limit is not None:
            yield self.words.say("{number} per person", number=f"{incentive.limit:,}")
        if incentive.stock is not None:
            yield self.words.say("stock {number}", number=f"{incentive.stock:,}")
        if isinstance(incentive, Coupon) and incentive.codes is not None:
            yield self.words.counted(incentive.codes, "code")
        if incentive.line:
            yield self.words.say("paid from {line}", line=incentive.line)

    def messages(self) -> Iterator[str]:
        words = self.words
        if self.plan.messages:
            yield words.say("Messages")
        for message in self.plan.messages:
            parts = [words.say("{name} by {channel}", name=message.name, channel=message.channel)]
            if message.cost_micros:
                parts.append(words.say("{amount} each", amount=words.micros(message.cost_micros)))
            if message.parts > 1:
                parts.append(words.counted(message.parts, "part"))
            parts += self._served(message)
            if message.fallback:
                parts.append(words.say("else {message}", message=message.fallback))
            yield _INDENT + words.comma.join(parts)
            for variant in message.variants:
                long = f" ({words.counted(variant.parts, 'part')})" if variant.parts > 1 else ""
                whom = f"{words.condition(variant.match)}{long}"
                yield f"{_INDENT * 2}{whom}{words.colon}{' '.join(variant.text.split())}"
            others = words.say("all others: ") if message.variants else ""
            yield f"{_INDENT * 2}{others}{' '.join(message.text.split())}"

    def _served(self, message: Message) -> Iterator[str]:
        channel = next(each for each in self.plan.channels if each.name == message.channel)
        name = message.staff or channel.staff
        if name:
            yield self.words.say("each by one of {staff}", staff=self._staff(name))

    # ------------------------------------------------------------------ rules

    def cadence(self) -> Iterator[str]:
        cadence, words = self.plan.cadence, self.words
        if cadence.caps or cadence.gap or cadence.quiet or any(channel.quiet for channel in self.plan.channels):
            yield words.say("How often at most")
        for cap in cadence.caps:
            whom = words.say(" for {band}", band=f"{cap.tier}.{cap.band}") if cap.tier else ""
            via = words.say(" by {channel}", channel=cap.channel) if cap.channel else ""
            often = words.say(
                "{contacts} {window}", contacts=words.counted(cap.count, "contact"), window=words.window(cap.window)
            )
            yield f"{_INDENT}{often}{whom}{via}"
        if cadence.gap:
            yield _INDENT + words.say("{length} between two contacts", length=words.lasting(Elapsed(cadence.gap)))
        for quiet in cadence.quiet:
            hours = words.clock(quiet.window)
            yield _INDENT + words.say("nothing {hours}: {held}", hours=hours, held=self._held(quiet))
        for channel in self.plan.channels:
            if channel.quiet is not None:
                hours, held = words.clock(channel.quiet.window), self._held(channel.quiet)
                yield _INDENT + words.say("no {channel} {hours}: {held}", channel=channel.name, hours=hours, held=held)

    def _held(self, quiet: Quiet) -> str:
        return self.words.say("held to the end") if quiet.delay else self.words.say("left out")

    def budget(self) -> Iterator[str]:
        plan, words = self.plan, self.words
        if plan.budget is not None:
            yield words.say("Budget {amount}", amount=words.money(plan.budget.total))
            for line in plan.budget.lines:
                sends = words.say(", also pays for sends") if line.name == plan.budget.send_line else ""
                yield f"{_INDENT}{line.name}{words.colon}{words.money(line.limit)}{sends}"
        elif plan.costs:
            yield words.say("Fixed costs")
        for cost in plan.costs:
            paid = words.say(
                "{amount} on {moment}, from {line}",
                amount=words.money(cost.amount),
                moment=words.moment(cost.on),
                line=cost.line,
            )
            yield f"{_INDENT}{cost.name}{words.colon}{paid}"

    def scenarios(self) -> Iterator[str]:
        words = self.words
        if self.plan.scenarios:
            yield words.say("Scenarios")
        for each in self.plan.scenarios:
            effects = []
            if each.response != "1":
                effects.append(words.say("odds of response x{factor}", factor=each.response))
            if each.organic != "1":
                effects.append(words.say("odds of coming back unasked x{factor}", factor=each.organic))
            effects += [words.say("{channel} is down", channel=channel) for channel in each.down]
            told = words.listed(effects) or words.say("nothing changes")
            span = words.say("{start} to {end}", start=words.moment(each.start), end=words.moment(each.end))
            yield f"{_INDENT}{each.name}{words.colon}{told}{words.comma}{span}"

    def guards(self) -> Iterator[str]:
        words = self.words
        if self.plan.guards:
            yield words.say("Guards")
        for each in self.plan.guards:
            value = self._threshold(each)
            after = ""
            if each.after_figure:
                figure = words.word(each.after_figure)
                after = words.say(", once {number} {figure}", number=f"{each.after:,}", figure=figure)
            action = words.say("stop the campaign")
            if each.action == "pause_channel":
                action = words.say("pause the channel")
                if each.lasts:
                    action = words.say("pause the channel for {length}", length=words.lasting(Elapsed(each.lasts)))
            test = f"{words.word(each.figure)} {each.op} {value}{after}"
            yield f"{_INDENT}{each.name}{words.colon}{test}{words.colon}{action}"

    def _threshold(self, guard: Guard) -> str:
        match guard.unit:
            case "share":
                return share(guard.value)
            case "budget_share":
                return self.words.say("{share} of the budget", share=share(guard.value))
            case "money":
                return self.words.money(int(guard.value))
            case "count":
                return guard.value

    def claims(self) -> Iterator[str]:
        if self.plan.goals or self.plan.expectations:
            yield self.words.say("Held against")
        for goal in self.plan.goals:
            yield _INDENT + self.words.say("goal: {claim}", claim=goal.text)
        for expectation in self.plan.expectations:
            yield _INDENT + self.words.say("must hold: {claim}", claim=expectation.text)

    # ------------------------------------------------------------------ what it rests on

    def basis(self) -> Iterator[str]:
        words = self.words
        yield words.say("What it rests on")
        for row in self.plan.assumptions:
            whom = words.say(" for {thing}", thing=words.word(row.scope.split(":", 1)[1])) if row.scope else ""
            parameter = Key(row.parameter).told(words.lang)
            basis = words.say("({grade}: {source})", grade=words.word(row.grade), source=row.source)
            yield f"{_INDENT}{parameter}{whom}{words.colon}{row.median:g} {basis}"
        if self.plan.assumptions:
            yield _INDENT + words.say(
                "every other figure of behaviour is wakeup's own default, with its source and grade"
            )
        else:
            yield _INDENT + words.say("every figure of behaviour is wakeup's own default, with its source and grade")


def _after(wait: Wait, journey: Journey, clock_s: int) -> int:
    """Seconds since entry when the wait is over at the latest; a month is counted as 31 days."""
    match wait.length:
        case Elapsed(seconds=seconds):
            return clock_s + seconds
        case Until(instant=instant):
            return max(clock_s, instant - journey.wave.first)
        case _:
            return clock_s + wait.length.months * 31 * _DAY


_ENDS: Final = {
    "order": Say("an order"),
    "open": Say("an opened message"),
    "click": Say("a click"),
    "claim": Say("a claim"),
    "join": Say("a join"),
    "complete": Say("a completion"),
    "attend": Say("attendance"),
}
"""Outcomes as what a wait or a journey ends with."""
