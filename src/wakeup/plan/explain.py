"""A plan as text that a strategist can read: whom, when, what, under which rules, and what it rests on."""

from collections.abc import Iterator
from decimal import Decimal

from attrs import frozen

from wakeup.plan.model import (
    Branch,
    Challenge,
    Coupon,
    Elapsed,
    Exit,
    Gift,
    Guard,
    Incentive,
    Journey,
    Jump,
    Plan,
    Send,
    Service,
    Split,
    Until,
    Wait,
)
from wakeup.plan.predicates import EVERYONE
from wakeup.plan.wording import Wording, clock, counted, lasting, listed, share, waited, window

_INDENT = "  "
_DAY = 86_400


def explain(plan: Plan) -> str:
    """Return the plan as text: sections under headings, journeys as indented steps; ends with a line end.

    Days are counted from a person's entry and are the latest possible: a wait for an event may end sooner.
    """
    writer = _Explainer(plan, Wording(plan))
    sections = (
        writer.opening(),
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
        days = counted(round((plan.end - plan.start) / _DAY), "day")
        yield f"When       {words.moment(plan.start)} through {words.last_day(plan.end)} ({plan.zone}, {days})"
        yield f"Whom       {words.condition(plan.audience)}"
        held = share(plan.holdout)
        yield f"Control    {'no control group' if held == '0%' else f'{held} are not contacted'}"
        yield f"Waking up  {listed(plan.awake, 'or')}"
        yield f"Margin     {share(plan.margin)} of the value before discount"
        model = plan.attribution.model.replace("_", " ")
        yield f"Credit     {model} within {lasting(Elapsed(plan.attribution.within))}"
        yield f"Follow-up  {lasting(Elapsed(plan.follow_up))} after the end"

    def tiers(self) -> Iterator[str]:
        for tier in self.plan.tiers:
            yield f"Tier {tier.name}, by {tier.attribute.replace('_', ' ')}"
            for band in tier.bands:
                yield f"{_INDENT}{band.name}: {self.words.band(tier, band)}"

    # ------------------------------------------------------------------ journeys

    def journey(self, journey: Journey) -> Iterator[str]:
        whom = "everybody else" if journey.match == EVERYONE else self.words.condition(journey.match)
        yield f"Journey {journey.name}, for {whom}"
        first = self.words.moment(journey.wave.first)
        if journey.wave.per_day is None:
            yield f"{_INDENT}all enter at {first}"
        else:
            yield f"{_INDENT}{journey.wave.per_day:,} people a day enter from {first}"
        goal = f"leaves at once with {_an(journey.goal)}" if journey.goal else "stays to the last step"
        yield f"{_INDENT}who is in it {goal}"
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
                    lines.append(f"{pad}{_day(clock_s)}: {self._send(instruction)}")
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
                    lines.append(f"{pad}leave")
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
        lines = [f"{pad}if {self.words.condition(branch.predicate)}:", *then]
        if otherwise:
            lines += [f"{pad}else:", *otherwise]
        return lines, max(first, second), join

    def _split(
        self, journey: Journey, split: Split, where: tuple[int, int], depth: int, clock_s: int
    ) -> tuple[list[str], int, int]:
        """`where`: the split, and the end of the block it stands in. The last result is where its arms meet."""
        (at, stop), pad = where, _INDENT * depth
        starts = [max(at + 1, min(arm.target, stop)) for arm in split.arms]
        leave = journey.program[starts[1] - 1] if len(starts) > 1 else None
        join = min(leave.target, stop) if isinstance(leave, Jump) else stop
        lines, latest = [f"{pad}split {split.name}{self._promotion(journey, split)}:"], clock_s
        for arm, start, end in zip(split.arms, starts, [*starts[1:], join], strict=True):
            body, after = self._steps(journey, start, end, depth + 2, clock_s)
            lines += [f"{pad}{_INDENT}{share(str(Decimal(arm.high) - Decimal(arm.low)))} {arm.name}:", *body]
            latest = max(latest, after)
        return lines, latest, join

    def _promotion(self, journey: Journey, split: Split) -> str:
        for each in self.plan.promotions:
            if (each.journey, each.split) == (journey.name, split.name):
                after = lasting(Elapsed(each.after))
                figure = each.figure.replace("_", " ")
                return f" (the better {figure} takes all newcomers after {after} if {share(each.sure)} sure)"
        return ""

    def _send(self, send: Send) -> str:
        message = next(each for each in self.plan.messages if each.name == send.message)
        offer = f", offering {listed(send.incentives)}" if send.incentives else ""
        return f"send {send.step} by {message.channel}{offer}"

    def _wait(self, wait: Wait) -> str:
        length = waited(wait.length, self.words)
        if not wait.outcome:
            return f"wait {length}"
        return f"wait {'' if isinstance(wait.length, Until) else 'up to '}{length} for {_an(wait.outcome)}"

    # ------------------------------------------------------------------ what is given and said

    def incentives(self) -> Iterator[str]:
        if self.plan.incentives:
            yield "Incentives"
        for incentive in self.plan.incentives:
            title = f' "{incentive.title}"' if incentive.title else ""
            parts = [*self._what(incentive), *self._limits(incentive)]
            yield f"{_INDENT}{incentive.kind} {incentive.name}{title}: {', '.join(parts)}"

    def _what(self, incentive: Incentive) -> Iterator[str]:
        words = self.words
        match incentive:
            case Coupon():
                for rung in incentive.rungs:
                    whom = f" for {rung.tier}.{rung.band}" if rung.tier else ""
                    yield f"{words.discount(rung.discount)}{whom}, valid {lasting(rung.valid)}"
                if incentive.reserve_face:
                    yield "face value held in the budget"
            case Gift():
                yield f"costs {words.money(incentive.cost)}, valid {lasting(incentive.valid)}"
            case Service():
                by = f" by {self._staff(incentive.staff)}" if incentive.staff else ""
                yield f"costs {words.money(incentive.cost)}{by}, valid {lasting(incentive.valid)}"
            case Challenge():
                days = counted(incentive.days, "day")
                task = incentive.task.replace("_", " ")
                yield f"{task} for {days} in a row wins {incentive.reward}, valid {lasting(incentive.valid)}"

    def _staff(self, name: str) -> str:
        staff = next(each for each in self.plan.staff if each.name == name)
        people = f"{staff.people:,} {name}"
        return f"{people} ({lasting(Elapsed(staff.handles))} each, {clock(staff.hours)})"

    def _limits(self, incentive: Incentive) -> Iterator[str]:
        if incentive.limit is not None:
            yield f"{incentive.limit:,} per person"
        if incentive.stock is not None:
            yield f"stock {incentive.stock:,}"
        if incentive.line:
            yield f"paid from {incentive.line}"

    def messages(self) -> Iterator[str]:
        if self.plan.messages:
            yield "Messages"
        for message in self.plan.messages:
            cost = f", {self.words.micros(message.cost_micros)} each" if message.cost_micros else ""
            parts = f", {message.parts} parts" if message.parts > 1 else ""
            fallback = f", else {message.fallback}" if message.fallback else ""
            yield f"{_INDENT}{message.name} by {message.channel}{cost}{parts}{fallback}"
            yield f"{_INDENT * 2}{' '.join(message.text.split())}"

    # ------------------------------------------------------------------ rules

    def cadence(self) -> Iterator[str]:
        cadence = self.plan.cadence
        if cadence.caps or cadence.gap or cadence.quiet:
            yield "How often at most"
        for cap in cadence.caps:
            whom = f" for {cap.tier}.{cap.band}" if cap.tier else ""
            via = f" by {cap.channel}" if cap.channel else ""
            yield f"{_INDENT}{counted(cap.count, 'contact')} {window(cap.window)}{whom}{via}"
        if cadence.gap:
            yield f"{_INDENT}{lasting(Elapsed(cadence.gap))} between two contacts"
        for quiet in cadence.quiet:
            yield f"{_INDENT}nothing {clock(quiet.window)}: {'held to the end' if quiet.delay else 'left out'}"
        for channel in self.plan.channels:
            if channel.quiet is not None:
                held = "held to the end" if channel.quiet.delay else "left out"
                yield f"{_INDENT}no {channel.name} {clock(channel.quiet.window)}: {held}"

    def budget(self) -> Iterator[str]:
        plan, words = self.plan, self.words
        if plan.budget is not None:
            yield f"Budget {words.money(plan.budget.total)}"
            for line in plan.budget.lines:
                sends = ", also pays for sends" if line.name == plan.budget.send_line else ""
                yield f"{_INDENT}{line.name}: {words.money(line.limit)}{sends}"
        elif plan.costs:
            yield "Fixed costs"
        for cost in plan.costs:
            yield f"{_INDENT}{cost.name}: {words.money(cost.amount)} on {words.moment(cost.on)}, from {cost.line}"

    def scenarios(self) -> Iterator[str]:
        if self.plan.scenarios:
            yield "Scenarios"
        for each in self.plan.scenarios:
            effects = []
            if each.response != "1":
                effects.append(f"odds of response x{each.response}")
            if each.organic != "1":
                effects.append(f"odds of coming back unasked x{each.organic}")
            effects += [f"{channel} is down" for channel in each.down]
            span = f"{self.words.moment(each.start)} to {self.words.moment(each.end)}"
            yield f"{_INDENT}{each.name}: {listed(effects) or 'nothing changes'}, {span}"

    def guards(self) -> Iterator[str]:
        if self.plan.guards:
            yield "Guards"
        for each in self.plan.guards:
            value = self._threshold(each)
            after = f", once {each.after:,} {each.after_figure}" if each.after_figure else ""
            lasts = f" for {lasting(Elapsed(each.lasts))}" if each.lasts else ""
            action = "pause the channel" if each.action == "pause_channel" else "stop the campaign"
            figure = each.figure.replace("_", " ")
            yield f"{_INDENT}{each.name}: {figure} {each.op} {value}{after}: {action}{lasts}"

    def _threshold(self, guard: Guard) -> str:
        match guard.unit:
            case "share":
                return share(guard.value)
            case "budget_share":
                return f"{share(guard.value)} of the budget"
            case "money":
                return self.words.money(int(guard.value))
            case "count":
                return guard.value

    def claims(self) -> Iterator[str]:
        if self.plan.goals or self.plan.expectations:
            yield "Held against"
        for goal in self.plan.goals:
            yield f"{_INDENT}goal: {goal.text}"
        for expectation in self.plan.expectations:
            yield f"{_INDENT}must hold: {expectation.text}"

    # ------------------------------------------------------------------ what it rests on

    def basis(self) -> Iterator[str]:
        yield "What it rests on"
        for row in self.plan.assumptions:
            whom = f" for {row.scope.split(':', 1)[1]}" if row.scope else ""
            yield f"{_INDENT}{row.parameter}{whom}: {row.median:g} ({row.grade}: {row.source})"
        other = "every other" if self.plan.assumptions else "every"
        yield f"{_INDENT}{other} figure of behaviour is wakeup's own default, with its source and grade"


def _day(clock_s: int) -> str:
    """Days since entry at the latest; a part of a day counts as the day it lies in."""
    return f"day {clock_s // _DAY}"


def _after(wait: Wait, journey: Journey, clock_s: int) -> int:
    """Seconds since entry when the wait is over at the latest; a month is counted as 31 days."""
    match wait.length:
        case Elapsed(seconds=seconds):
            return clock_s + seconds
        case Until(instant=instant):
            return max(clock_s, instant - journey.wave.first)
        case _:
            return clock_s + wait.length.months * 31 * _DAY


def _an(event: str) -> str:
    return f"an {event}" if event[0] in "aeiou" else f"a {event}"
