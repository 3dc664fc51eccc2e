"""What must hold whatever goes wrong on the way: the log of the provider against what was written down."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import field, frozen

from wakeup.decide.calendar import window_end
from wakeup.decide.caps import Contact, gap_end, refusing_cap
from wakeup.decide.money import per_minor
from wakeup.live.core.person import Person
from wakeup.live.rehearse.customers import Letter
from wakeup.live.rehearse.provider import Delivery
from wakeup.live.rows import Entry
from wakeup.plan.model import Activity, Channel, Coupon, Plan
from wakeup.terms.lists import Row


@frozen
class Limit:
    """A limit: its word, how often it could have been broken, how often it was."""

    name: str
    looked: int
    broken: int


@frozen(eq=False)
class Evidence:
    """What a rehearsal leaves behind.

    people: by key. past: contacts of the data by key. rows: of everybody, as written, without sends that turned out
    never to have been made. letters: by ref. log: what the provider did. settled: refs of sends that are known as sent.
    withdrawn: (customer, channel, instant) at which an opt-out or a complaint (channel "") was told.
    """

    plan: Plan
    people: Mapping[int, Person]
    past: Mapping[int, Sequence[Contact]]
    rows: Sequence[Entry]
    letters: Mapping[str, Letter]
    log: Sequence[Delivery]
    settled: Sequence[str]
    withdrawn: Sequence[tuple[int, str, int]]
    sent: Mapping[int, list[Entry]] = field(init=False)
    channels: Mapping[str, Channel] = field(init=False)

    @sent.default
    def _sent(self) -> Mapping[int, list[Entry]]:
        found: dict[int, list[Entry]] = defaultdict(list)
        for row in self.rows:
            if row.row is Row.SENT:
                found[row.customer].append(row)
        for rows in found.values():
            rows.sort(key=lambda each: each.t)
        return found

    @channels.default
    def _channels(self) -> Mapping[str, Channel]:
        return {each.name: each for each in self.plan.channels}


def judged(evidence: Evidence) -> tuple[Limit, ...]:
    """Return every limit of the plan with how often it was broken."""
    return tuple(Limit(name, *look(evidence)) for name, look in LIMITS.items())


def _once(evidence: Evidence) -> tuple[int, int]:
    times = Counter(each.ref for each in evidence.log)
    return len(times), sum(count > 1 for count in times.values())


def _arrived(evidence: Evidence) -> tuple[int, int]:
    arrived = {each.ref for each in evidence.log}
    return len(evidence.settled), sum(ref not in arrived for ref in evidence.settled)


def _each_send(evidence: Evidence) -> Iterator[tuple[Person, Entry, list[Contact]]]:
    """Yield every send with whom it is for and the contacts before it."""
    for customer, rows in evidence.sent.items():
        before = list(evidence.past.get(customer, ()))
        for row in rows:
            yield evidence.people[customer], row, before
            before.append(Contact(row.t, (row.channel,)))


def _count(evidence: Evidence, broken: Callable[[Person, Entry, list[Contact]], bool]) -> tuple[int, int]:
    found = [broken(*each) for each in _each_send(evidence)]
    return len(found), sum(found)


def _caps(evidence: Evidence) -> tuple[int, int]:
    cadence = evidence.plan.cadence
    if not cadence.caps:
        return 0, 0

    def broken(person: Person, row: Entry, before: list[Contact]) -> bool:
        channel = evidence.channels[row.channel]
        return refusing_cap(cadence.caps, row.t, channel, person.bands, before, person.zone) is not None

    return _count(evidence, broken)


def _gap(evidence: Evidence) -> tuple[int, int]:
    gap = evidence.plan.cadence.gap
    return _count(evidence, lambda _, row, before: gap_end(row.t, gap, before) is not None) if gap else (0, 0)


def _quiet(evidence: Evidence) -> tuple[int, int]:
    cadence = evidence.plan.cadence

    def broken(person: Person, row: Entry, _: list[Contact]) -> bool:
        own = evidence.channels[row.channel].quiet
        windows = [each.window for each in (*cadence.quiet, *(() if own is None else (own,)))]
        return any(window_end(row.t, window, person.zone) is not None for window in windows)

    return _count(evidence, broken) if cadence.quiet or any(c.quiet for c in evidence.plan.channels) else (0, 0)


def _consent(evidence: Evidence) -> tuple[int, int]:
    """Nobody is written to whose opt-out or complaint had been told before the claim."""
    since: dict[tuple[int, str], int] = {}
    for customer, channel, t in evidence.withdrawn:
        since[customer, channel] = min(t, since.get((customer, channel), t))

    def broken(person: Person, row: Entry, _: list[Contact]) -> bool:
        return any(row.t > since.get((person.customer, channel), row.t) for channel in ("", row.channel))

    return _count(evidence, broken)


def _rate(evidence: Evidence) -> tuple[int, int]:
    taken: Counter[tuple[str, int]] = Counter()
    for rows in evidence.sent.values():
        for row in rows:
            channel = evidence.channels[row.channel]
            if channel.rate:
                taken[row.channel, row.t // channel.rate_seconds] += 1
    return len(taken), sum(count > evidence.channels[channel].rate for (channel, _), count in taken.items())


def _budget(evidence: Evidence) -> tuple[int, int]:
    """No line is overdrawn by sends: what coupons take off may overdraw it, and is reported (rule 32)."""
    plan = evidence.plan
    if plan.budget is None:
        return 0, 0
    limits = {line.name: line.limit for line in plan.budget.lines} | {"": plan.budget.total}
    spent: Counter[str] = Counter()
    prices = {each.name: each for each in plan.messages}
    for rows in evidence.sent.values():
        for row in rows:
            message, channel = prices[row.message], evidence.channels[row.channel]
            cost = message.variants[int(row.arm)].cost_micros if row.arm else message.cost_micros
            for line in {channel.line or plan.budget.send_line, ""}:
                spent[line] += cost
    unit = per_minor(plan.minor_digits)
    return len(limits), sum(spent[line] > limit * unit for line, limit in limits.items())


def _supplies(evidence: Evidence) -> tuple[int, int]:
    """Stock, codes and places are never given out twice."""
    held: Counter[str] = Counter()
    granted: Counter[str] = Counter()
    joined: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for row in sorted(evidence.rows, key=lambda each: (each.t, each.row)):
        name = row.incentive
        match row.row:
            case Row.GRANTED:
                held[name] += 1
                granted[name] += 1
                most[name] = max(most[name], held[name])
            case Row.LAPSED:
                held[name] -= 1
            case Row.JOINED:
                joined[name] += 1
    found = []
    for each in evidence.plan.incentives:
        if each.stock is not None:
            found.append(most[each.name] > each.stock)
        if isinstance(each, Coupon) and each.codes is not None:
            found.append(granted[each.name] > each.codes)
        if isinstance(each, Activity) and each.places is not None:
            found.append(joined[each.name] > each.places)
    return len(found), sum(found)


def _codes(evidence: Evidence) -> tuple[int, int]:
    """A code belongs to one person and one incentive for good."""
    owners: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for letter in evidence.letters.values():
        for offer in letter.offers:
            owners[offer.code].add((letter.customer, offer.incentive))
    return len(owners), sum(len(each) > 1 for each in owners.values())


LIMITS: Mapping[str, Callable[[Evidence], tuple[int, int]]] = {
    "once": _once,
    "arrived": _arrived,
    "cap": _caps,
    "gap": _gap,
    "quiet": _quiet,
    "consent": _consent,
    "rate": _rate,
    "budget": _budget,
    "supplies": _supplies,
    "codes": _codes,
}
"""How each limit is looked at: (how often it could have been broken, how often it was)."""
