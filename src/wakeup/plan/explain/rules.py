"""What a plan keeps to, is held against and rests on."""

from collections.abc import Iterator

from attrs import frozen

from wakeup.diagnostics import Key
from wakeup.plan.model import Elapsed, Guard, Plan, Quiet
from wakeup.plan.wording import INDENT, Wording, share


@frozen
class Rules:
    """Writes the rules, the claims and the basis."""

    plan: Plan
    words: Wording

    def cadence(self) -> Iterator[str]:
        """Yield caps, gap and quiet hours."""
        cadence, words = self.plan.cadence, self.words
        if cadence.caps or cadence.gap or cadence.quiet or any(channel.quiet for channel in self.plan.channels):
            yield words.say("How often at most")
        for cap in cadence.caps:
            whom = words.say(" for {band}", band=f"{cap.tier}.{cap.band}") if cap.tier else ""
            via = words.say(" by {channel}", channel=cap.channel) if cap.channel else ""
            often = words.say(
                "{contacts} {window}", contacts=words.counted(cap.count, "contact"), window=words.window(cap.window)
            )
            yield f"{INDENT}{often}{whom}{via}"
        if cadence.gap:
            yield INDENT + words.say("{length} between two contacts", length=words.lasting(Elapsed(cadence.gap)))
        for quiet in cadence.quiet:
            hours = words.clock(quiet.window)
            yield INDENT + words.say("nothing {hours}: {held}", hours=hours, held=self._held(quiet))
        for channel in self.plan.channels:
            if channel.quiet is not None:
                hours, held = words.clock(channel.quiet.window), self._held(channel.quiet)
                yield INDENT + words.say("no {channel} {hours}: {held}", channel=channel.name, hours=hours, held=held)

    def _held(self, quiet: Quiet) -> str:
        return self.words.say("held to the end") if quiet.delay else self.words.say("left out")

    def budget(self) -> Iterator[str]:
        """Yield the budget with its lines, and fixed costs."""
        plan, words = self.plan, self.words
        if plan.budget is not None:
            yield words.say("Budget {amount}", amount=words.money(plan.budget.total))
            for line in plan.budget.lines:
                sends = words.say(", also pays for sends") if line.name == plan.budget.send_line else ""
                yield f"{INDENT}{line.name}{words.colon}{words.money(line.limit)}{sends}"
        elif plan.costs:
            yield words.say("Fixed costs")
        for cost in plan.costs:
            paid = words.say(
                "{amount} on {moment}, from {line}",
                amount=words.money(cost.amount),
                moment=words.moment(cost.on),
                line=cost.line,
            )
            yield f"{INDENT}{cost.name}{words.colon}{paid}"

    def scenarios(self) -> Iterator[str]:
        """Yield the scenarios and what each changes."""
        words = self.words
        if self.plan.scenarios:
            yield words.say("Scenarios")
        for each in self.plan.scenarios:
            effects = []
            if each.response != "1":
                effects.append(words.say("odds of response x{factor}", factor=each.response))
            if each.organic != "1":
                effects.append(words.say("odds of coming back unasked x{factor}", factor=each.organic))
            if each.complaints != "1":
                effects.append(words.say("odds of complaints and opt-outs x{factor}", factor=each.complaints))
            if each.prices != "1":
                effects.append(words.say("own prices x{factor}", factor=each.prices))
            effects += [
                words.say("line {line} x{factor}", line=cut.line, factor=cut.factor)
                if cut.line
                else words.say("budget x{factor}", factor=cut.factor)
                for cut in each.budget
            ]
            effects += [words.say("{channel} is down", channel=channel) for channel in each.down]
            told = words.listed(effects) or words.say("nothing changes")
            span = words.stretch(each.start, each.end)
            yield f"{INDENT}{each.name}{words.colon}{told}{words.comma}{span}"

    def guards(self) -> Iterator[str]:
        """Yield the guards: when, and what then."""
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
            yield f"{INDENT}{each.name}{words.colon}{test}{words.colon}{action}"

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
        """Yield goals and expectations, as they were written."""
        if self.plan.goals or self.plan.expectations:
            yield self.words.say("Held against")
        for goal in self.plan.goals:
            yield INDENT + self.words.say("goal: {claim}", claim=goal.text)
        for expectation in self.plan.expectations:
            yield INDENT + self.words.say("must hold: {claim}", claim=expectation.text)

    def basis(self) -> Iterator[str]:
        """Yield the assumptions, with their grades and sources."""
        words = self.words
        yield words.say("What it rests on")
        for row in self.plan.assumptions:
            thing = row.scope.partition(":")[2].replace("=", ".")
            whom = words.say(" for {thing}", thing=words.word(thing)) if thing else ""
            parameter = Key(row.parameter).told(words.lang)
            basis = words.say("({grade}: {source})", grade=words.word(row.grade), source=row.source)
            yield f"{INDENT}{parameter}{whom}{words.colon}{row.median:g} {basis}"
        if self.plan.assumptions:
            yield INDENT + words.say(
                "every other figure of behaviour is wakeup's own default, with its source and grade"
            )
        else:
            yield INDENT + words.say("every figure of behaviour is wakeup's own default, with its source and grade")
