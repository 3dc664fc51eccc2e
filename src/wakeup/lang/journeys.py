"""Journeys: statements with names resolved and units known."""

from decimal import Decimal

from attrs import define, field

from wakeup.diagnostics import Bag, Label, Noun, Say, Typed, diagnostic
from wakeup.lang import properties
from wakeup.lang.checked import Arm, Exit, Grant, If, Journey, Promote, Send, Split, Step, Wait
from wakeup.lang.names import Entity
from wakeup.lang.predicates import EVENTS, Conditions
from wakeup.lang.reader import Reader, plain
from wakeup.lang.readers import incentives
from wakeup.lang.values import Entry
from wakeup.plan.model import Period, Until
from wakeup.plan.predicates import EVERYONE, Predicate
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Item, Property, Ref

WITHIN = 604_800
"""Seconds within which an arm's success is measured unless said."""

MEASURES = ("wake_rate", "conversion", "orders")
"""Figures that a promotion can compare arms by."""


@define
class _Read:
    reader: Reader
    conditions: Conditions
    splits: dict[str, Split] = field(factory=dict)
    promoted: dict[str, Promote] = field(factory=dict)
    whole: bool = True

    def body(self, items: tuple[Item, ...], *, top: bool = False) -> tuple[Step, ...]:
        steps: list[Step] = []
        for item in items:
            if isinstance(item, Property):
                if not top:
                    properties.unknown(self.reader, Noun("journey"), item, [])
                continue
            step = self.statement(item, steps)
            if step is None:
                self.whole = False
            else:
                steps.append(step)
        return tuple(steps)

    def statement(self, item: nodes.Statement, before: list[Step]) -> Step | None:
        step: Step | None = None
        match item:
            case nodes.Send():
                step = self.send(item)
            case nodes.Wait():
                step = self.wait(item)
            case nodes.If():
                step = self.branch(item)
            case nodes.Split():
                step = self.split(item)
            case nodes.Promote():
                step = self.promote(item, before)
            case nodes.Exit():
                step = Exit(item.span)
            case nodes.Grant():
                step = self.grant(item)
            case nodes.AtMost():
                told = Say("at most … in a journey")
                self.reader.unsupported(told, item.span, Say("put the limit into `cadence { … }`"))
        return step

    # ------------------------------------------------------------------ send and wait

    def send(self, item: nodes.Send) -> Send | None:
        reader = self.reader
        message = reader.names.resolve(reader.bag, reader.module, item.message, "message")
        incentives = self.incentives(item.incentives)
        if message is None or incentives is None:
            return None
        return Send(message.name, incentives, item.span)

    def grant(self, item: nodes.Grant) -> Grant | None:
        incentives = self.incentives(item.incentives)
        return None if incentives is None else Grant(incentives, item.span)

    def incentives(self, refs: tuple[Ref, ...]) -> tuple[str, ...] | None:
        """The incentives that are named, a bundle as what it holds; None after a diagnostic."""
        reader = self.reader
        named: list[str] = []
        for ref in refs:
            entity = reader.names.resolve(reader.bag, reader.module, ref, "incentive")
            if entity is None:
                return None
            for name in self.held(entity):
                if name in named:
                    reader.bag.add(diagnostic("WK2117", ref.span, name=name))
                    return None
                named.append(name)
        return tuple(named)

    def held(self, entity: Entity) -> tuple[str, ...]:
        """An incentive by itself, a bundle by its items; what is wrong with a bundle is told where it is declared."""
        if entity.kind != "bundle":
            return (entity.name,)
        prop = entity.decl.prop("items")
        inside = Reader(Bag(), self.reader.names, entity.module)
        return () if prop is None else incentives.items(inside, prop) or ()

    def wait(self, item: nodes.Wait) -> Wait | None:
        reader = self.reader
        outcomes = [reader.word(event, "wait", EVENTS, "known event") for event in item.events]
        length = self.length(item)
        if length is None or None in outcomes:
            return None
        return Wait(length, tuple(dict.fromkeys(each for each in outcomes if each)), item.span)

    def length(self, item: nodes.Wait) -> Period | Until | None:
        reader = self.reader
        if item.until:
            at = reader.instant(item.time, "wait until")
            return None if at is None else Until(at)
        return reader.period(item.time, "wait")

    # ------------------------------------------------------------------ ways that part

    def branch(self, item: nodes.If) -> If | None:
        predicate = self.conditions.read(item.condition)
        then, otherwise = self.body(item.then), self.body(item.otherwise)
        if predicate is None:
            return None
        return If(predicate, then, otherwise, item.condition.span, item.span)

    def split(self, item: nodes.Split) -> Split | None:
        reader, name = self.reader, item.name.written
        measuring: str | None = ""
        if item.measuring is not None:
            measuring = reader.figure(item.measuring, MEASURES)
        within = WITHIN
        if item.within is not None:
            length = reader.elapsed(item.within, "within")
            within = WITHIN if length is None else length.seconds
        arms = [self.arm(arm) for arm in item.arms]
        if measuring is None or any(arm is None for arm in arms):
            return None
        split = Split(name, tuple(arm for arm in arms if arm is not None), measuring, within, item.name.span)
        first = self.splits.setdefault(name, split)
        if first is not split:
            label = Label(first.span, Say("first declared here"))
            reader.bag.add(diagnostic("WK2002", item.name.span, labels=(label,), kind=Noun("split"), name=name))
            return None
        return split

    def arm(self, arm: nodes.Arm) -> Arm | None:
        share: Decimal | None = self.reader.percent(arm.share, "split")
        body = self.body(arm.body)
        return None if share is None else Arm(arm.name.written, share, body, arm.share.span)

    def promote(self, item: nodes.Promote, before: list[Step]) -> Promote | None:
        reader = self.reader
        if reader.word(Ref((item.target,), item.target.span), "promote", ("winner",), "word") is None:
            return None
        split = self.promoted_split(item, before)
        after = None if item.after is None else reader.elapsed(item.after, "after")
        sure = None if item.sure is None else reader.percent(item.sure, "sure")
        if item.after is None or item.sure is None:
            reader.shape("promote", Typed("promote winner after 14d sure 95%"), item.span)
        if split is None or after is None or sure is None:
            return None
        found = Promote(split.name, after.seconds, plain(sure), item.span)
        if not split.measuring:
            reader.bag.add(diagnostic("WK3305", split.span, name=split.name))
            return None
        first = self.promoted.setdefault(split.name, found)
        if first is not found:
            label = Label(first.span, Say("first promoted here"))
            reader.bag.add(diagnostic("WK3306", item.span, labels=(label,), name=split.name))
            return None
        return found

    def promoted_split(self, item: nodes.Promote, before: list[Step]) -> Split | None:
        """The split that is named, else the last one before in the same block."""
        reader = self.reader
        if item.split is not None:
            named = self.splits.get(item.split.written)
            if named is None:
                reader.unknown_word(item.split.written, item.split.span, tuple(self.splits), "split")
            return named
        last = next((step for step in reversed(before) if isinstance(step, Split)), None)
        if last is None and self.whole:
            reader.bag.add(diagnostic("WK3304", item.span))
        return last


def read(reader: Reader, entity: Entity, goal: str) -> Journey:
    """Read a journey; `goal` is what ends it unless it says otherwise."""
    decl = entity.decl
    values = properties.read(reader, decl)
    match: Predicate | None = EVERYONE
    if decl.scope is not None:
        match = Conditions(reader, events=False).read(decl.scope)
    work = _Read(reader, Conditions(reader, events=True))
    steps = work.body(decl.items, top=True)
    entry, own = values.get("start"), values.get("goal")
    whole = work.whole and match is not None and len(values) == len(decl.props)
    return Journey(
        name=entity.name,
        match=EVERYONE if match is None else match,
        entry=entry if isinstance(entry, Entry) else None,
        goal=own if isinstance(own, str) else goal,
        steps=steps,
        entity=entity,
        whole=whole,
    )
