"""Guards and promotions, judged every quarter hour on what happened strictly before (docs/semantics, section 9)."""

from collections import Counter
from collections.abc import Callable, Iterable

from wakeup.decide.calendar import quarter_hour
from wakeup.decide.guards import breached
from wakeup.decide.promotion import OUTCOMES, promoted, succeeded
from wakeup.live.core.person import Person
from wakeup.live.core.shared import CAMPAIGN
from wakeup.live.core.world import World
from wakeup.plan.model import Guard, Promotion


def next_at(world: World) -> int | None:
    """Return the next quarter hour to judge at, None if there is nothing to judge (any more).

    Guards look at counts alone: where nothing has been counted since, they would say what they said before.
    """
    plan, shared = world.plan, world.shared
    if shared.ended:
        return None
    since = [shared.tallies.since + 1] if plan.guards and shared.tallies.since is not None else []
    for promotion in plan.promotions:
        name = f"{promotion.journey}/{promotion.split}"
        if name in shared.assigned and name not in shared.promoted:
            since.append(shared.assigned[name] + max(promotion.after, 1))
    if not since:
        return None
    t = quarter_hour(max(min(since), shared.judged_at + 1), plan.start)
    return t if t < plan.end else None


def judge(world: World, people: Callable[[], Iterable[Person]]) -> None:
    """Judge guards and promotions, if a quarter hour has come: pauses, a stop, winners are in `shared` then.

    people: everybody of the campaign; asked only where a promotion is to be judged. After a stop `shared.closing` is
    set: everybody who is inside has to leave now (`ending.finish`).
    """
    t = next_at(world)
    if t is None or t > world.now or not world.running:
        return
    world.shared.judged_at = world.now
    for guard in world.plan.guards:
        _hold(world, guard)
    for promotion in world.plan.promotions:
        _promote(world, promotion, people)
    world.shared.tallies.judged(world.now)


def _hold(world: World, guard: Guard) -> None:
    """Let a guard act where it is in breach: once per channel, or once for the campaign."""
    shared, plan = world.shared, world.plan
    scopes = [each.name for each in plan.channels] if guard.action == "pause_channel" else [CAMPAIGN]
    done = {(name, scope) for name, scope, _ in shared.tripped}
    total = shared.ledger.limit or 0
    for scope in scopes:
        tally = shared.tallies.before(world.now, scope)
        if (guard.name, scope) not in done and breached(guard, tally, total, plan.minor_digits):
            shared.tripped.append((guard.name, scope, world.now))
            _act(world, guard, scope)


def _act(world: World, guard: Guard, channel: str) -> None:
    shared = world.shared
    if guard.action == "pause_channel":
        until = world.now + guard.lasts if guard.lasts else world.plan.end
        shared.paused[channel] = max(until, shared.paused.get(channel, until))
    else:
        stop(world)


def stop(world: World) -> None:
    """Stop the run for good: everybody who is inside has to leave now (`ending.finish`), nobody enters."""
    if not world.shared.stopped:
        world.shared.stopped = True
        world.shared.closing = world.now


def _promote(world: World, promotion: Promotion, people: Callable[[], Iterable[Person]]) -> None:
    """Judge a promotion once, when its time has come."""
    shared, name = world.shared, f"{promotion.journey}/{promotion.split}"
    first = shared.assigned.get(name)
    if name in shared.promoted or first is None or world.now < first + max(promotion.after, 1):
        return
    wins, counts = Counter[str](), Counter[str]()
    counted = OUTCOMES.get(promotion.figure, world.plan.awake)
    for person in people():
        if name in person.assigned:
            t, arm = person.assigned[name]
            if t + promotion.within <= world.now:
                counts[arm] += 1
                wins[arm] += succeeded(t, promotion.within, counted, person.outcomes)
    arms = world.newest.splits[name]
    winner = promoted([wins[arm] for arm in arms], [counts[arm] for arm in arms], float(promotion.sure))
    shared.promoted[name] = "" if winner is None else arms[winner]
    if winner is not None:
        shared.winners[name] = arms[winner]
