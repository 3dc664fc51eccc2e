"""The judge: reads the provider's log against the store, and knows nothing of how the executor works.

Windows, quiet hours and sums are worked out here anew, from the plan alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from attrs import frozen
from tests.live.proof.truth import Effect, Truth

from wakeup.live.rows import Outgoing, SendState
from wakeup.plan.model import Cap, DayWindow, Plan, Quiet, Rolling

Promise = Literal["once", "at most once", "at least once"]
ALL_STATES = tuple(SendState)
FORBIDS = {"cap", "gap", "expired", "exited", "suppressed", "no_consent", "ended", "paused", "erased", "unconfirmed"}
"""Why a send in doubt was not repeated, or one that was handed over was not confirmed: it may stay unknown though the
provider has a key."""

FORGOTTEN, KEY_WINDOW = "key forgotten", 86_400 - 60
"""Another reason, which must be true: seconds from the first attempt in which the provider surely knows the key."""

OVER = {SendState.SENT, SendState.REFUSED, SendState.UNKNOWN}


@frozen
class Sentence:
    """What a run came to. faults: what must not be, in words. The counts are of sends by their outbox key."""

    faults: tuple[str, ...]
    decided: int
    delivered: int
    refused: int
    unknown: int
    duplicates: int
    never: int

    def __str__(self) -> str:
        told = (
            f"decided {self.decided}, delivered {self.delivered}, refused {self.refused}, unknown {self.unknown}, "
            f"duplicates {self.duplicates}, never delivered {self.never}"
        )
        return told + "".join(f"\n  {each}" for each in self.faults)


def judge(
    plan: Plan, truth: Truth, sends: Sequence[Outgoing], promise: Promise, zones: dict[int, str] | None = None
) -> Sentence:
    """Say what is wrong with a run that is over.

    promise: "once": no duplicate, none lost, none unknown; "at most once": no duplicate, every send that nobody knows
    of is counted as unknown; "at least once": none lost.
    """
    by_ref: dict[str, list[Effect]] = defaultdict(list)
    for each in truth.effects:
        by_ref[each.ref].append(each)
    decided = {each.ref: each for each in sends}
    states = Counter(each.state for each in sends)
    # Who ordered "at least once" has ordered duplicates: of each message the last one counts, as the executor has it.
    counted = [own[-1] for own in by_ref.values()] if promise == "at least once" else truth.effects
    duplicates = sum(len(own) - 1 for own in by_ref.values())
    wanted = [each for each in sends if each.state is not SendState.REFUSED]
    never = sum(1 for each in wanted if each.ref not in by_ref)
    faults = [
        *_sends(decided, by_ref, promise),
        *_windows(plan, counted, zones or {}),
        *_rates(plan, counted),
        *_forbidden(truth),
        *_codes(truth.effects),
        *_money(plan, by_ref, promise),
    ]
    if len(decided) != len(sends):
        faults.append("two sends have one key")
    return Sentence(
        tuple(faults),
        len(sends),
        len(by_ref),
        states[SendState.REFUSED],
        states[SendState.UNKNOWN],
        duplicates,
        never,
    )


def _sends(decided: dict[str, Outgoing], by_ref: dict[str, list[Effect]], promise: Promise) -> Iterator[str]:
    """Each send against its effects."""
    for ref in by_ref.keys() - decided.keys():
        yield f"{ref[:8]} was sent and never decided"
    for ref, send in decided.items():
        effects = len(by_ref.get(ref, ()))
        if send.state not in OVER:
            yield f"{ref[:8]} is left {send.state}"
        if effects > 1 and promise != "at least once":
            yield f"{ref[:8]} was delivered {effects} times"
        if effects and send.state is SendState.REFUSED:
            yield f"{ref[:8]} is called refused and was delivered"
        if not effects and send.state is SendState.SENT:
            yield f"{ref[:8]} is called sent and was not"
        if send.state is SendState.UNKNOWN and promise == "once" and not _excused(send):
            yield f"{ref[:8]} is left unknown, delivered {effects} times"
        if send.payload and send.state in OVER:
            yield f"{ref[:8]} is over and still has its payload"
        if (
            send.state in OVER
            and send.state is not SendState.REFUSED
            and any(each.message != send.message or each.customer != send.customer for each in by_ref.get(ref, ()))
        ):
            yield f"{ref[:8]} went out as another message or to somebody else"


def _excused(send: Outgoing) -> bool:
    """Whether a send may be unknown though the provider knows keys or can be asked."""
    return send.evidence in FORBIDS or (send.evidence == FORGOTTEN and send.settled >= send.first_attempt + KEY_WINDOW)


def _windows(plan: Plan, effects: Sequence[Effect], zones: dict[int, str]) -> Iterator[str]:
    """Caps, gaps and quiet hours, per customer."""
    of: dict[int, list[Effect]] = defaultdict(list)
    for each in effects:
        of[each.customer].append(each)
    for customer, own in of.items():
        own.sort(key=lambda each: each.called)
        zone = ZoneInfo(zones.get(customer, plan.zone))
        for cap in plan.cadence.caps:
            yield from _cap(cap, own, zone)
        for before, after in pairwise(own):
            if after.called < before.called + plan.cadence.gap:
                yield f"{after.ref[:8]} came {after.called - before.called} s after another, the gap is longer"
        for each in own:
            channel = next(channel for channel in plan.channels if channel.name == each.channel)
            quiet = [*plan.cadence.quiet, *([channel.quiet] if channel.quiet is not None else [])]
            if any(_within(rule, each.called, zone) for rule in quiet):
                yield f"{each.ref[:8]} left in quiet hours"


def _cap(cap: Cap, own: Sequence[Effect], zone: ZoneInfo) -> Iterator[str]:
    own = [each for each in own if not cap.channel or each.channel == cap.channel]
    for last in own:
        if isinstance(cap.window, Rolling):
            inside = [each for each in own if last.called - cap.window.seconds < each.called <= last.called]
        else:
            name = _period(last.called, cap.window.unit, zone)
            inside = [each for each in own if _period(each.called, cap.window.unit, zone) == name]
        if len(inside) > cap.count:
            yield f"{last.ref[:8]} is number {len(inside)} where {cap.count} are allowed"
            return


def _period(t: int, unit: str, zone: ZoneInfo) -> tuple[int, ...]:
    local = datetime.fromtimestamp(t, zone)
    return {
        "day": (local.year, local.month, local.day),
        "week": tuple(local.isocalendar()[:2]),
        "month": (local.year, local.month),
    }[unit]


def _within(rule: Quiet, t: int, zone: ZoneInfo) -> bool:
    """Whether an instant lies in the window of its local day or of the day before."""
    local = datetime.fromtimestamp(t, zone).replace(tzinfo=None)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    window: DayWindow = rule.window
    length = window.end - window.start if window.end > window.start else window.end + 86_400 - window.start
    starts = (
        midnight - timedelta(days=1) + timedelta(seconds=window.start),
        midnight + timedelta(seconds=window.start),
    )
    return any(start <= local < start + timedelta(seconds=length) for start in starts)


def _rates(plan: Plan, effects: Sequence[Effect]) -> Iterator[str]:
    for channel in plan.channels:
        if channel.rate:
            per = Counter(each.called // channel.rate_seconds for each in effects if each.channel == channel.name)
            over = [count for count in per.values() if count > channel.rate]
            if over:
                yield f"{channel.name}: {max(over)} in a window, {channel.rate} are allowed"


def _forbidden(truth: Truth) -> Iterator[str]:
    """Nothing leaves on a decision that was made durable after it was forbidden."""
    for word in truth.words:
        for each in truth.effects:
            meant = word.customer in (None, each.customer) and word.channel in ("", each.channel)
            if meant and word.since < each.after < word.until:
                yield f"{each.ref[:8]} left though it was forbidden"


def _codes(effects: Sequence[Effect]) -> Iterator[str]:
    owner: dict[str, int] = {}
    for each in effects:
        for code in each.codes:
            if owner.setdefault(code, each.customer) != each.customer:
                yield f"a code went to two people with {each.ref[:8]}"


def _money(plan: Plan, by_ref: dict[str, list[Effect]], promise: Promise) -> Iterator[str]:
    """The cost of what was delivered, against lines and total; a message repeated as ordered may cost twice."""
    if plan.budget is None or promise == "at least once":
        return
    unit = 10 ** (6 - plan.minor_digits)
    cost = {each.name: each.cost_micros for each in plan.messages}
    line = {each.name: each.line or plan.budget.send_line for each in plan.channels}
    spent: Counter[str] = Counter()
    for effects in by_ref.values():
        for each in effects:
            spent[line[each.channel]] += cost[each.message]
    for limit in plan.budget.lines:
        if spent[limit.name] > limit.limit * unit:
            yield f"line {limit.name}: {spent[limit.name]} of {limit.limit * unit} micros"
    if sum(spent.values()) > plan.budget.total * unit:
        yield "the total is overdrawn by sends alone"
