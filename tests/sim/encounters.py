"""What a run of the reference meets, by name: every count of `test_motifs` comes from here.

Rows say what happened, not why: a send that is refused as ENDED does not say which delay would have lasted too long. So
what the reference decided (`watching.py`) is read together with its rows.
"""

from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.sim.comparing import Told
from tests.sim.recorder import Line
from tests.sim.watching import Decision, Watched

from wakeup.decide.calendar import local, window_end, window_start
from wakeup.decide.caps import refusing_cap
from wakeup.decide.send import Asked, Verdict
from wakeup.plan.model import Calendar, DayWindow, Plan, Rolling, Scenario
from wakeup.sim.task import Task
from wakeup.terms.lists import DELAYS, Reason

DAY = 86_400


def encounters(task: Task, seen: Watched, told: Told) -> Counter[str]:
    """Count what a run of the reference has met."""
    plan, lines, ids = task.plan, told.lines, task.population.ids
    met = Counter(seen.met)
    for decision in seen.decisions:
        met += _decided(plan, decision)
    met += _rows(plan, lines)
    met += _closing(plan, told)
    met += _same_second(seen.decisions, lines, ids)
    met += _surges(task.scenario, lines)
    met += _holds(plan, seen.decisions, lines, ids)
    met += _dry(seen)
    met["winner met afterwards"] += len(seen.winners)
    met["moved by a winner"] += sum(winner != own for winner, own in seen.winners)
    return met


def _closing(plan: Plan, told: Told) -> Counter[str]:
    """Count what guards and promotions did, what was left reserved, which bands of rules people are in."""
    guards = {each.name: each for each in plan.guards}
    met: Counter[str] = Counter()
    pauses: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for name, channel, t in told.closing.tripped:
        guard = guards[name]
        lasts = "for a while" if guard.lasts else "to the end"
        met["guard stops" if guard.action == "stop" else f"guard pauses {lasts}"] += 1
        met[f"tripped on {guard.figure}"] += 1
        if channel:
            pauses[channel].append((t, t + guard.lasts if guard.lasts else plan.end))
    over = {channel: max(end for _, end in spans) for channel, spans in pauses.items()}
    channel_of = {each.name: each.channel for each in plan.messages}
    sends = [(line[0], channel_of[line[4]]) for line in told.lines if line[2] == "sent"]
    met["sent after a pause"] = sum(channel in over and t >= over[channel] for t, channel in sends)
    for _, arm in told.closing.promoted:
        met["promoted" if arm else "not promoted"] += 1
    met["reserved"] = sum(amount > 0 for _, amount in told.closing.reserved)
    for tier, bands in zip(plan.tiers, told.membership["bands"], strict=True):
        if tier.unit == "rule":
            met.update(f"band {('none', *(each.name for each in tier.bands))[band + 1]}" for band in bands)
    return met


def _same_second(decisions: list[Decision], lines: list[Line], ids: Any) -> Counter[str]:
    """Count decisions in the very second in which the person does something that bears on them."""
    names = {"opted_out": "an opt-out", "complained": "a complaint", "clicked": "a click"}
    at = {(line[0], line[1]): names[line[2]] for line in lines if line[2] in names}
    seconds = [(each.t, str(ids[each.who])) for each in decisions]
    return Counter(f"asked in the second of {at[each]}" for each in seconds if each in at)


def _surges(scenario: Scenario | None, lines: list[Line]) -> Counter[str]:
    """Count sends and orders while a scenario makes people other than usual."""
    met: Counter[str] = Counter()
    if scenario is None:
        return met
    inside = Counter(line[2] for line in lines if scenario.start <= line[0] < scenario.end)
    for what, factor in (("response", scenario.response), ("orders", scenario.organic)):
        if factor != "1":
            met[f"sent in a surge of {what}"] += inside["sent"]
            met[f"ordered in a surge of {what}"] += inside["ordered"]
    return met + _troubles(scenario, lines, inside)


def _troubles(scenario: Scenario, lines: list[Line], inside: Counter[str]) -> Counter[str]:
    """Count complaints in a surge of them, orders at other prices, what a cut of the budget does."""
    met: Counter[str] = Counter()
    if scenario.complaints != "1":
        met["complained in a surge"] = inside["complained"]
        met["opted out in a surge"] = inside["opted_out"]
    if scenario.prices != "1":
        met["ordered at other prices"] = inside["ordered"]
    short = [line[0] for line in lines if line[2] == "refused" and line[7] == "budget"]
    if scenario.budget and (cut := [t for t in short if scenario.start <= t < scenario.end]):
        met["refused for a cut budget"] = len(cut)
        met["sent with money given back"] = sum(line[2] == "sent" and line[0] >= scenario.end for line in lines)
    return met


def _dry(seen: Watched) -> Counter[str]:
    """Count who came in vain in the very second in which somebody else got the last piece."""
    met: Counter[str] = Counter()
    served: dict[tuple[int, str], int] = {}
    for t, resource, who, got in seen.shared:
        if got:
            served[t, resource] = who
        elif served.get((t, resource), who) != who:
            met[f"dry in mid-second: {resource.split(':')[0]}"] += 1
    met["dry in mid-second: desk for services"] = sum(left for _, started, left in seen.served if started)
    return met


def _decided(plan: Plan, decision: Decision) -> Counter[str]:
    met: Counter[str] = Counter()
    for asked, verdict in decision.asked:
        met += _timed(plan, asked, verdict)
    outcome = decision.outcome
    assert outcome is not None
    names = [decision.send.message]
    while names[-1] and (spare := _message(plan, names[-1]).fallback):
        names.append(spare)
    if outcome.does != "skip":
        place = names.index(outcome.message)
        if place:
            what = "sent" if outcome.does == "send" else "held"
            met[f"fallback {what}"] += 1
            met[f"fallback of a fallback {what}"] += place > 1
    elif len(outcome.refused) > 1:
        met["fallback refused"] += 1
    return met


def _message(plan: Plan, name: str) -> Any:
    return next(each for each in plan.messages if each.name == name)


def _timed(plan: Plan, asked: Asked, verdict: Verdict) -> Counter[str]:
    """Count caps and quiet hours that bind, by what makes them hard."""
    met: Counter[str] = Counter()
    if verdict.reason in (Reason.CAP, Reason.GAP, Reason.QUIET, Reason.NONE):
        met += _capped(plan, asked)
    if verdict.reason is Reason.QUIET:
        met += _quieted(plan, asked, verdict)
    return met


def _capped(plan: Plan, asked: Asked) -> Counter[str]:
    met: Counter[str] = Counter()

    def cap(zone: str) -> Any:
        return refusing_cap(plan.cadence.caps, asked.t, asked.channel, asked.bands, asked.history, zone)

    for each in plan.cadence.caps:
        if isinstance(each.window, Rolling):
            edge = asked.t - each.window.seconds
            met["cap rolling, at its very edge"] += any(one.t == edge for one in asked.history)
    own = cap(asked.zone)
    if own is not None:
        name = _window(own.window)
        met[f"cap {name}"] += 1
        met["cap of a channel"] += bool(own.channel)
        met["cap of a band"] += bool(own.tier)
        met["cap of none"] += own.count == 0
    if asked.zone != plan.zone:
        met["cap in own zone"] += own is not None
        if cap(plan.zone) != own:
            met["cap only in own zone" if own is not None else "cap not in own zone"] += 1
            windows = {_window(each.window) for each in plan.cadence.caps if isinstance(each.window, Calendar)}
            met.update(f"own zone decides: {name}" for name in windows if len(windows) == 1)
    if own is None:
        met.update(_just_outside(plan, asked))
    return met


def _window(window: Rolling | Calendar) -> str:
    return "rolling" if isinstance(window, Rolling) else window.unit


def _just_outside(plan: Plan, asked: Asked) -> set[str]:
    """Name calendar caps that let a send pass although a window of the same length, rolling, would not."""
    length = {"day": DAY, "week": 7 * DAY, "month": 28 * DAY}
    return {
        f"cap {each.window.unit}, window just begun"
        for each in plan.cadence.caps
        if isinstance(each.window, Calendar)
        and each.count
        and sum(asked.t - length[each.window.unit] < one.t for one in asked.history) >= each.count
        and window_start(asked.t, each.window.unit, asked.zone) <= asked.t
    }


def _quieted(plan: Plan, asked: Asked, verdict: Verdict) -> Counter[str]:
    met: Counter[str] = Counter()
    if verdict.until is None:
        met["quiet skips"] += 1
        return met
    window = _holding(asked, verdict)
    crosses = window.end <= window.start
    met["quiet across midnight" if crosses else "quiet within a day"] += 1
    length = (window.end - window.start) % DAY or DAY
    offsets = [local(t, asked.zone).utcoffset() for t in (verdict.until - length - 7_200, verdict.until)]
    if offsets[0] != offsets[1] and None not in offsets:
        season = "spring" if offsets[1] > offsets[0] else "autumn"  # type: ignore[operator]
        met[f"quiet over a clock change in {season}"] += 1
    nominal = datetime.combine(local(verdict.until, asked.zone), time()) + timedelta(seconds=window.end)
    wall = local(verdict.until, asked.zone).replace(tzinfo=None)
    met["quiet ends in a removed hour"] += wall.time() != nominal.time()
    met["quiet ends in a repeated hour"] += _twice(wall, asked.zone)
    met["quiet in own zone" if asked.zone != plan.zone else "quiet in the campaign's zone"] += 1
    return met


def _twice(wall: datetime, zone: str) -> bool:
    """Say whether a wall time comes twice."""
    first, second = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def _holding(asked: Asked, verdict: Verdict) -> DayWindow:
    """Return the window that holds the send."""
    own = () if asked.channel.quiet is None else (asked.channel.quiet,)
    return next(
        quiet.window
        for quiet in (*asked.cadence.quiet, *own)
        if window_end(asked.t, quiet.window, asked.zone) == verdict.until
    )


def _holds(plan: Plan, decisions: list[Decision], lines: list[Line], ids: Any) -> Counter[str]:
    """Count how delays end, "GAP: sent" and so on."""
    met: Counter[str] = Counter()
    held: dict[int, tuple[Decision, str]] = {}
    for decision in decisions:
        outcome = decision.outcome
        assert outcome is not None
        before = held.pop(decision.who, None)
        if before is not None:
            assert before[0].step == decision.step
            assert before[0].outcome is not None
            met[f"{before[1]}: {_after(plan, before[0].outcome.message, decision)}"] += 1
        met += _too_late(decision)
        if outcome.does == "hold":
            met[f"held {outcome.reason.name}"] += 1
            held[decision.who] = decision, outcome.reason.name
    ends = defaultdict(list)
    for t, person, row, step, message, _, _, reason, *_ in lines:
        if row == "refused" and reason in ("exited", "ended"):
            ends[person, step, message].append((t, reason))
    for who, (decision, name) in held.items():
        assert decision.outcome is not None
        ended = ends[str(ids[who]), decision.step, decision.outcome.message]
        last = [(t, reason) for t, reason in ended if t >= decision.t]
        assert len(last) == 1, (name, decision, last)
        t, reason = last[0]
        how = "exited" if reason == "exited" else "run end" if t == plan.end else "stopped"
        met[f"{name}: {how}"] += 1
    return met


def _after(plan: Plan, waited: str, decision: Decision) -> str:
    """Say how a hold of the message `waited` ended, when it was decided again."""
    outcome = decision.outcome
    assert outcome is not None
    if outcome.does == "hold":
        return f"then {outcome.reason.name}"
    if outcome.does == "send":
        if outcome.message == waited:
            return "sent"
        chain = [decision.send.message]
        while spare := _message(plan, chain[-1]).fallback:
            chain.append(spare)
        later = chain.index(outcome.message) > chain.index(waited)
        if decision.expired:
            return "fallback at once"
        return "fallback at release" if later else "first message sent"
    if outcome.reason in (Reason.EXPIRED, Reason.ENDED):
        return "expired" if decision.expired else f"then {outcome.reason.name.lower()}"
    return "refused"


def _too_late(decision: Decision) -> Counter[str]:
    """Count delays that hold nobody: their release would be too late, or the fallback is sent."""
    met: Counter[str] = Counter()
    outcome = decision.outcome
    assert outcome is not None
    reasons = {asked.message.name: verdict.reason for asked, verdict in decision.asked}
    for name, reason in outcome.refused:
        delay = reasons.get(name, Reason.NONE)
        if delay not in DELAYS:
            continue
        if reason is Reason.ENDED:
            met[f"{delay.name}: run end"] += 1
        elif reason is Reason.EXPIRED:
            met[f"{delay.name}: expired"] += 1
        if outcome.does == "send":
            met[f"{delay.name}: fallback at once"] += 1
    return met


# --- rows -------------------------------------------------------------------------------------------------------------

ACTIVITIES = ("challenge", "draw", "survey", "event", "community")


def _rows(plan: Plan, lines: list[Line]) -> Counter[str]:
    """Count rows by kind, refusals by reason, and what they are about."""
    met: Counter[str] = Counter()
    kinds = {each.name: each.kind for each in plan.incentives}
    messages = {each.name: each for each in plan.messages}
    channels = {each.name: each for each in plan.channels}
    for _, _, row, _, message, incentive, _, reason, arm, amount, subsidised in lines:
        met[row] += 1
        if row in ("granted", "redeemed", "gifted", "joined", "completed", "lapsed", "claimed"):
            met[f"{row} {kinds[incentive]}"] += 1
        match row:
            case "refused":
                met[f"refused {reason}"] += 1
                met["refused without message"] += not message
                full = bool(message and incentive) and kinds[incentive] in ACTIVITIES
                met["refused for want of places"] += full
                met["reward refused"] += bool(message and incentive) and not full
            case "granted":
                met["granted without message"] += not message
            case "redeemed":
                met["redeemed by an organic order" if subsidised else "redeemed by an induced order"] += 1
            case "sent":
                text = messages[message]
                channel = channels[text.channel]
                met[f"sent {channel.channel_kind}"] += 1
                met["sent by staff"] += bool(text.staff or channel.staff)
                met["sent variant"] += bool(arm)
                met["sent own text"] += not arm and bool(text.variants)
                met["sent for a fraction of a cent"] += bool(text.cost_micros % 10_000) and amount >= 0
    return met
