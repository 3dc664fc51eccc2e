"""Compare two plans, declaration by declaration."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import evolve, fields, frozen, has

from wakeup.diagnostics import Figure, Key, Word
from wakeup.plan.diff import directions, steps
from wakeup.plan.diff.model import Change, Kind, Kinds
from wakeup.plan.diff.rules import rule
from wakeup.plan.diff.words import Words, arm_share, noun, part
from wakeup.plan.model import (
    Arm,
    Assumption,
    Branch,
    Cadence,
    Cap,
    Expectation,
    Goal,
    Grant,
    Journey,
    Message,
    Plan,
    Rung,
    Send,
    Split,
    Tier,
    Variant,
)
from wakeup.plan.predicates import And, Bought, Compare, Happened, HasTag, InTier, Not, Or
from wakeup.plan.wording import Wording
from wakeup.terms.language import Language

_PREDICATES: Final = (Compare, HasTag, Bought, InTier, Happened, Not, And, Or)
_NOWHERE: Final = ("origins", "format_version")
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "Rung": ("tier", "band"),
    "Assumption": ("parameter", "scope"),
    "Promotion": ("journey", "split"),
    "Goal": ("figure",),
    "Expectation": ("figure",),
}
"""Fields that name a declaration; elsewhere it is `name`."""


def diff(old: Plan, new: Plan, lang: Language = "en") -> tuple[Change, ...]:
    """Return what changed from one plan to another, in the order of the model; nothing if they do the same.

    Identity is the declared name: what was renamed is told as taken away and added. The texts are in `lang`.
    """
    comparison = _Comparison(old, new, Words(old, lang), Words(new, lang), directions.steady(old, new))
    return tuple(comparison.parts(old, new, part("campaign", lang)))


@frozen
class _Comparison:
    old: Plan
    new: Plan
    before: Words
    after: Words
    tiers: Mapping[str, Tier]

    @property
    def lang(self) -> Language:
        """The language of the texts."""
        return self.after.lang

    @property
    def words(self) -> Wording:
        """Words for what both plans share."""
        return self.after.wording

    def _part(self, field: str) -> str:
        return part(field, self.lang)

    def _inside(self, *places: str) -> str:
        """A place and what lies in it."""
        return self.words.comma.join(filter(None, places))

    # ------------------------------------------------------------------ any part of the model

    def parts(self, old: Any, new: Any, where: str) -> Iterator[Change]:
        """Two things of one name, field by field."""
        cls = type(new)
        if type(old) is not cls:
            yield Change(rule(cls).any, where, self._part("kind"), noun(old, self.lang), noun(new, self.lang))
            return
        if cls is Tier:
            yield from self._tier(old, new, where)
            return
        if isinstance(new, Goal | Expectation) and old.text != new.text:
            yield Change(rule(cls).any, where, "", old.text, new.text)
            return
        if cls is Arm and arm_share(old) != arm_share(new):
            yield Change(rule(cls).any, where, self._part("share"), arm_share(old), arm_share(new))
            return
        for row in fields(cls):
            a, b = getattr(old, row.name), getattr(new, row.name)
            if a != b and row.name not in _NOWHERE:
                yield from self._field(cls, row.name, a, b, where)

    def _field(self, cls: type[Any], field: str, old: Any, new: Any, where: str) -> Iterator[Change]:
        if cls is Cadence and field == "caps":
            yield from self._caps(old, new)
        elif cls is Message and field == "variants":
            yield from self._variants(old, new, where)
        elif cls is Journey and field == "program":
            yield from self._program(old, new, where)
        elif isinstance(old, _PREDICATES) and cls in (Plan, Journey, Branch):
            kinds = directions.audience(old, new, self.tiers)
            yield self._changed(kinds, cls, field, old, new, where)
        elif _named(old) or _named(new):
            yield from self._members(field, old, new, where)
        elif cls in (Plan, Journey) and has(type(old)) and type(old) is type(new):
            yield from self.parts(old, new, where if cls is Journey else self._part(field))
        elif cls is Plan and (old is None or new is None):
            yield self._whole(old, new, self._part(field))
        else:
            yield self._changed(rule(cls).of(field)(old, new), cls, field, old, new, where)

    def _changed(self, kinds: Kinds, cls: type[Any], field: str, old: Any, new: Any, where: str) -> Change:
        was, now = self.before.field(cls, field, old), self.after.field(cls, field, new)
        return Change(kinds, where, self._part(field), was, now)

    def _whole(self, old: Any, new: Any, where: str, more: Kinds = ()) -> Change:
        """Something that was added or taken away."""
        kinds = rule(type(old or new))
        if new is None:
            return Change((kinds.removed or kinds.any) + more, where, "", self.before.summary(old), None)
        return Change((kinds.added or kinds.any) + more, where, "", None, self.after.summary(new))

    # ------------------------------------------------------------------ declarations

    def _members(self, field: str, old: tuple[Any, ...], new: tuple[Any, ...], where: str) -> Iterator[Change]:
        before, after = _keyed(old), _keyed(new)
        for key, each in after.items():
            if key not in before:
                yield self._whole(None, each, self._place(each, where))
            elif before[key] != each:
                yield from self.parts(before[key], each, self._place(each, where))
        for key, each in before.items():
            if key not in after:
                yield self._whole(each, None, self._place(each, where))
        kept = [key for key in before if key in after]
        if kept != [key for key in after if key in before]:
            # Who could enter several journeys enters the first; elsewhere the order says nothing.
            kinds = (Kind.AUDIENCE_CHANGED,) if field == "journeys" else (Kind.OTHER,)
            names = (
                self._row(_called(after[key], self.lang) for key in keys if key in kept) for keys in (before, after)
            )
            yield Change(kinds, where, self.words.say("order of {parts}", parts=self._part(field)), *names)

    def _tier(self, old: Tier, new: Tier, where: str) -> Iterator[Change]:
        """A tier whose bands have other bounds; one by another attribute is another tier."""
        if (old.attribute, old.unit) != (new.attribute, new.unit):
            yield Change(
                rule(Tier).any, where, self._part("attribute"), *map(self._attribute, (old.attribute, new.attribute))
            )
            return
        before, after = ({band.name: band for band in tier.bands} for tier in (old, new))
        for name in dict.fromkeys((*before, *after)):
            was, now = before.get(name), after.get(name)
            if was != now:
                kinds = directions.band(was, now) if was and now else rule(Tier).any
                first = None if was is None else self.before.band(old, was)
                second = None if now is None else self.after.band(new, now)
                yield Change(kinds, self._inside(where, self.words.say("band {name}", name=name)), "", first, second)
        if before == after:
            order = self.words.say("order of {parts}", parts=self._part("bands"))
            yield Change((Kind.OTHER,), where, order, self._row(before), self._row(after))

    def _attribute(self, name: str) -> str:
        return part(name) if self.lang == "en" else Word(name).told(self.lang)

    def _row(self, names: Iterable[str]) -> str:
        return ("、" if self.lang == "zh" else ", ").join(names)

    def _variants(self, old: tuple[Variant, ...], new: tuple[Variant, ...], where: str) -> Iterator[Change]:
        """The texts for some people: one is told from another by whom it is for."""
        before, after = ({each.match: each for each in texts} for texts in (old, new))
        for match in dict.fromkeys((*before, *after)):
            place = self._inside(where, self.words.say("for {whom}", whom=self.after.value(match)))
            if match in before and match in after:
                yield from self.parts(before[match], after[match], place)
            else:
                yield self._whole(before.get(match), after.get(match), place)
        kept = [match for match in before if match in after]
        if kept != [match for match in after if match in before]:
            yield Change((Kind.COPY_ONLY,), where, self.words.say("order of texts"), None, None)

    def _caps(self, old: tuple[Cap, ...], new: tuple[Cap, ...]) -> Iterator[Change]:
        """Caps have no names: those for the same people and channel are the same, in the order they stand in."""
        where = self._part("cadence")
        left = [cap for cap in old if cap not in new]
        for cap in (each for each in new if each not in old):
            twin = next((each for each in left if self._scope(each) == self._scope(cap)), None)
            if twin is None:
                yield Change(rule(Cap).added, where, self._scope(cap), None, self._limit(cap))
            else:
                left.remove(twin)
                told = (self._limit(twin), self._limit(cap))
                yield Change(directions.cap(twin, cap), where, self._scope(cap), *told)
        for cap in left:
            yield Change(rule(Cap).removed, where, self._scope(cap), self._limit(cap), None)
        if Counter(old) == Counter(new):
            yield Change((Kind.OTHER,), where, self.words.say("order of {parts}", parts=self._part("caps")), None, None)

    # ------------------------------------------------------------------ programs

    def _program(self, old: steps.Program, new: steps.Program, where: str) -> Iterator[Change]:
        found = list(self._steps(old, new, where))
        # Two programs that are laid out differently and do the same.
        yield from found or [Change((Kind.OTHER,), where, self.words.say("layout of the steps"), None, None)]

    def _steps(self, old: steps.Program, new: steps.Program, where: str) -> Iterator[Change]:
        matched = steps.match(old, new)
        twins = {b: a for a, b in matched.pairs if a is not None and b is not None}
        ways_before, ways_after = steps.ways(old), steps.ways(new)
        for a, b in matched.pairs:
            if a is None or b is None:
                yield self._lone_step(old, new, a, b, where)
                continue
            place = self._inside(where, steps.label(new, b, self.lang))
            if b in matched.moved:
                yield Change((Kind.TIMING,), place, self.words.say("place among the steps"), None, None)
            yield from self._step(old[a], new[b], place)
            kept = {(twins[at], side) for at, side in ways_after[b] if at in twins}
            was = {way for way in ways_before[a] if way[0] in twins.values()}
            if kept != was:
                told = (self._ways(old, was), self._ways(old, kept))
                yield Change((Kind.AUDIENCE_CHANGED,), place, self.words.say("reached"), *told)

    def _lone_step(self, old: steps.Program, new: steps.Program, a: int | None, b: int | None, where: str) -> Change:
        if b is not None:
            step, place = new[b], steps.label(new, b, self.lang)
        else:
            assert a is not None
            step, place = old[a], steps.label(old, a, self.lang)
        offers = (Kind.OFFER,) if isinstance(step, Send) and step.incentives else ()
        was, now = (None, step) if b is not None else (step, None)
        return self._whole(was, now, self._inside(where, place), offers)

    def _step(self, old: Any, new: Any, where: str) -> Iterator[Change]:
        if isinstance(old, Send) and isinstance(new, Send) and old.message != new.message:
            was, now = _message(self.old, old.message), _message(self.new, new.message)
            kind = Kind.COPY_ONLY if was.channel == now.channel else Kind.CHANNEL
            told = (self.words.say("{name} by {channel}", name=each.name, channel=each.channel) for each in (was, now))
            yield Change((kind,), where, self._part("message"), *told)
            old = evolve(old, message=new.message, step=new.step)
        elif isinstance(old, Send) and isinstance(new, Send):
            old = evolve(old, step=new.step)  # a number after the name counts the sends of one message
        if isinstance(old, Grant) and isinstance(new, Grant):
            old = evolve(old, step=new.step)  # it says what is granted, which is told below
        if isinstance(old, Branch) and isinstance(new, Branch):
            old = evolve(old, otherwise=new.otherwise)  # where it leads shows in the steps that it leads to
        if isinstance(old, Split) and isinstance(new, Split):
            old = evolve(old, arms=_led_alike(old, new))
        yield from self.parts(old, new, where)

    def _ways(self, program: steps.Program, taken: set[steps.Way]) -> str:
        told = []
        for at, side in sorted(taken):
            step = program[at]
            if isinstance(step, Branch):
                said = self.before.value(step.predicate)
                reached = side == steps.YES
                told.append(self.words.say("if {condition}" if reached else "unless {condition}", condition=said))
            else:
                split = steps.label(program, at, self.lang)
                told.append(self.words.say("{side} of {step}", side=side, step=split))
        return self._inside(*told) or self.words.say("always")

    # ------------------------------------------------------------------ names of declarations and caps

    def _place(self, thing: Any, where: str) -> str:
        name = _called(thing, self.lang)
        own = "" if isinstance(thing, Rung) and not name else f"{noun(thing, self.lang)} {name}"
        return self._inside(where if where not in (self._part("campaign"), self._part("budget")) else "", own)

    def _scope(self, cap: Cap) -> str:
        whom = self.words.say(" for {band}", band=f"{cap.tier}.{cap.band}") if cap.tier else ""
        return f"{self._part('cap')}{whom}{self.words.say(' by {channel}', channel=cap.channel) if cap.channel else ''}"

    def _limit(self, cap: Cap) -> str:
        contacts = self.words.counted(cap.count, "contact")
        return self.words.say("{contacts} {window}", contacts=contacts, window=self.words.window(cap.window))


def _led_alike(old: Split, new: Split) -> tuple[Any, ...]:
    """The old arms, leading where the new ones of the same name lead."""
    targets = {arm.name: arm.target for arm in new.arms}
    return tuple(evolve(arm, target=targets.get(arm.name, arm.target)) for arm in old.arms)


def _message(plan: Plan, name: str) -> Message:
    return next(each for each in plan.messages if each.name == name)


def _named(value: Any) -> bool:
    """Whether it is a tuple of declarations, each with a key."""
    if not isinstance(value, tuple) or not value or not has(type(value[0])):
        return False
    return type(value[0]).__name__ in _KEYS or hasattr(value[0], "name")


def _keyed(things: tuple[Any, ...]) -> dict[tuple[str, int], Any]:
    """Things by name; of several with one name, by their number too."""
    seen: Counter[str] = Counter()
    found = {}
    for each in things:
        name = _name(each)
        found[name, seen[name]] = each
        seen[name] += 1
    return found


def _name(thing: Any) -> str:
    told = [str(getattr(thing, field)) for field in _KEYS.get(type(thing).__name__, ("name",))]
    return ".".join(filter(None, told))


def _called(thing: Any, lang: Language) -> str:
    """The name of a declaration; figures and parameters are words of the language."""
    match thing:
        case Goal() | Expectation() if lang == "zh":
            return Figure(thing.figure).told(lang)
        case Assumption() if lang == "zh":
            whom = Word(thing.scope.rpartition(":")[2].replace("=", ".")).told(lang)
            return f"{Key(thing.parameter).told(lang)}{f'（{whom}）' if whom else ''}"
        case _:
            return _name(thing)
