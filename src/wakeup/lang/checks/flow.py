"""Steps that nobody can come to, and conditions that are settled before they are asked."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from wakeup.diagnostics import Diagnostic, Label, Say, Word, diagnostic
from wakeup.lang.checked import Checked, Exit, If, Journey, Send, Split, Step, Wait, walk
from wakeup.lang.checks.audience import tiers_of
from wakeup.lang.checks.gifts import BRINGS, offered, wanted
from wakeup.plan import sets
from wakeup.plan.model import Tier
from wakeup.plan.predicates import EVERYONE, Bought, Compare, Happened, InTier, Not, Predicate


def after_exit(checked: Checked) -> Iterator[Diagnostic]:
    """Nothing stands behind an `exit`."""
    for journey in checked.journeys:
        for block in _blocks(journey.steps):
            for step, following in pairwise(block):
                if _leaves(step):
                    label = Label(step.span, Say("everybody leaves here"))
                    yield diagnostic("WK3313", following.span, labels=(label,))
                    break


def _blocks(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    yield steps
    for step in steps:
        match step:
            case If():
                yield from _blocks(step.then)
                yield from _blocks(step.otherwise)
            case Split():
                for arm in step.arms:
                    yield from _blocks(arm.body)
            case _:
                pass


def _leaves(step: Step) -> bool:
    match step:
        case Exit():
            return True
        case If():
            return any(map(_leaves, step.then)) and any(map(_leaves, step.otherwise))
        case Split():
            return bool(step.arms) and all(any(map(_leaves, arm.body)) for arm in step.arms)
        case _:
            return False


# --- conditions ------------------------------------------------------------------------------------------------------


def goal_only(checked: Checked) -> Iterator[Diagnostic]:
    """Whoever has reached the goal has left: no branch may wait for them."""
    for journey in checked.journeys:
        if not journey.goal:
            continue
        for step in walk(journey.steps):
            if isinstance(step, If) and _asks(step, journey.goal):
                yield from _only_goal(step, journey, _frozen(step.predicate, tiers_of(checked)))


def _asks(step: If, event: str) -> bool:
    return any(isinstance(leaf, Happened) and leaf.outcome == event for leaf in sets.leaves(step.predicate))


def _only_goal(step: If, journey: Journey, tiers: Mapping[str, Tier]) -> Iterator[Diagnostic]:
    stays = Not(Happened(journey.goal))
    if not sets.satisfiable(sets.both(step.predicate, stays), tiers):
        yield diagnostic("WK3308", step.condition, name=journey.name, goal=Word(journey.goal))
    elif step.otherwise and not sets.satisfiable(sets.both(Not(step.predicate), stays), tiers):
        yield diagnostic("WK3308", step.otherwise[0].span, name=journey.name, goal=Word(journey.goal))


def conditions(checked: Checked) -> Iterator[Diagnostic]:
    """A condition is neither always met nor never, by itself or for the band that the journey is for."""
    tiers = tiers_of(checked)
    for journey in checked.journeys:
        # Bands are frozen at the start of the run; everything else about a person may have changed since.
        frozen = journey.match if isinstance(journey.match, InTier) else EVERYONE
        for step in walk(journey.steps):
            if isinstance(step, If) and not _asks(step, journey.goal):
                yield from _settled(step, frozen, _frozen(step.predicate, tiers))


_ANOTHER = Say("the journey is for another band, or two parts of the condition contradict each other")


def _settled(step: If, frozen: Predicate, tiers: Mapping[str, Tier]) -> Iterator[Diagnostic]:
    known = _bare(frozen, step.predicate)
    if not sets.satisfiable(sets.both(known, step.predicate), tiers):
        yield diagnostic("WK3301", step.condition, help=_ANOTHER)
    elif not sets.satisfiable(sets.both(known, Not(step.predicate)), tiers):
        yield diagnostic("WK3307", step.condition)


def _bare(frozen: Predicate, asked: Predicate) -> Predicate:
    """The journey's band, unless the condition compares attributes: those move on while the band stays."""
    return EVERYONE if _moves(asked) else frozen


def _moves(asked: Predicate) -> bool:
    """Whether a condition asks what may have changed since the start of the run."""
    return any(isinstance(leaf, Compare | Bought) for leaf in sets.leaves(asked))


def _frozen(asked: Predicate, tiers: Mapping[str, Tier]) -> Mapping[str, Tier]:
    """The tiers whose bands tell something of the attributes asked for now: none, once these have moved on."""
    return {} if _moves(asked) else tiers


# --- events ----------------------------------------------------------------------------------------------------------


def events(checked: Checked) -> Iterator[Diagnostic]:
    """An event is waited or asked for only after a send that can bring it about."""
    for journey in checked.journeys:
        if journey.whole:
            yield from _events(checked, journey.steps, [])[0]


def _events(checked: Checked, steps: tuple[Step, ...], sent: list[Send]) -> tuple[list[Diagnostic], list[Send]]:
    """Problems in a block, and what may have been sent at its end."""
    found: list[Diagnostic] = []
    sent = list(sent)
    for step in steps:
        match step:
            case Send():
                sent.append(step)
            case Wait():
                for outcome in step.outcomes:
                    found += _impossible(checked, outcome, step, sent)
            case If():
                for leaf in sets.leaves(step.predicate):
                    if isinstance(leaf, Happened):
                        found += _impossible(checked, leaf.outcome, step, sent)
                found, sent = _ways(checked, (step.then, step.otherwise), found, sent)
            case Split():
                found, sent = _ways(checked, tuple(arm.body for arm in step.arms), found, sent)
            case _:
                pass
    return found, sent


def _ways(
    checked: Checked, ways: tuple[tuple[Step, ...], ...], found: list[Diagnostic], sent: list[Send]
) -> tuple[list[Diagnostic], list[Send]]:
    after = list(sent)
    for way in ways:
        problems, more = _events(checked, way, sent)
        found = found + problems
        after += more[len(sent) :]
    return found, after


def _impossible(checked: Checked, outcome: str, step: Wait | If, sent: list[Send]) -> list[Diagnostic]:
    if outcome == "order":
        return []
    kinds = BRINGS.get(outcome)
    if (kinds is None and sent) or (kinds is not None and offered(checked, sent) & set(kinds)):
        return []
    span = step.condition if isinstance(step, If) else step.span
    return [diagnostic("WK3309", span, outcome=Word(outcome), wanted=wanted(outcome))]


# --- fallbacks -------------------------------------------------------------------------------------------------------


def fallbacks(checked: Checked) -> Iterator[Diagnostic]:
    """A message never falls back to itself, directly or by way of others."""
    told: set[str] = set()
    for message in checked.of("message"):
        trail = [message.name]
        while (name := _else(checked, trail[-1])) and name not in trail:
            trail.append(name)
        if name == message.name and not told & set(trail):
            told |= set(trail)
            yield diagnostic("WK3312", message.span("else"), cycle=" → ".join([*trail, name]))


def fallbacks_elsewhere(checked: Checked) -> Iterator[Diagnostic]:
    """A fallback goes by another channel: where this one is out of reach, full or down, so is its fallback."""
    for message in checked.of("message"):
        name, channel = _else(checked, message.name), message.get("via", str)
        spare = checked.one("message", name) if name and name != message.name else None
        if spare is not None and spare.get("via", str) == channel:
            yield diagnostic("WK3326", message.span("else"), message=message.name, spare=name, channel=channel)


def _else(checked: Checked, name: str) -> str:
    message = checked.one("message", name)
    return "" if message is None else message.get("else", str) or ""
