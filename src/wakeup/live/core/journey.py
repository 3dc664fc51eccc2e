"""A person's way through a journey, from one real wait to the next (docs/semantics, section 4)."""

import numpy as np

from wakeup.decide.assignment import arm_of
from wakeup.decide.calendar import add_period
from wakeup.decide.eligibility import eligible
from wakeup.decide.predicates import holds
from wakeup.draws import share
from wakeup.live.core import desk, grants
from wakeup.live.core.line import SEND
from wakeup.live.core.person import Person
from wakeup.live.core.sending import attempt
from wakeup.live.core.world import World
from wakeup.plan.model import Branch, Exit, Grant, Jump, Send, Split, Wait
from wakeup.terms.lists import Reason, Row

called = desk.call
"""A desk calls the person's send: see `desk.call`."""


def go_on(world: World, person: Person) -> None:
    """Let a person who is due do one instruction after the other: to a real wait, a claimed send, or out.

    Nothing happens if the person is not due at the present second; who waits for a claimed send never is.
    """
    if person.due is None or person.due > world.now:
        return
    released, person.due = person.due, None
    if not person.begun:
        _enter(world, person)
    if person.inside:
        _program(world, person, released)


def _enter(world: World, person: Person) -> None:
    """Ask the audience again; who does not belong to it any more never enters (rule 7)."""
    person.begun = True
    if world.shared.stopped or not eligible(world.terms(person).plan, world.facts(person)):
        world.write(person, Row.NOT_ENTERED, reason=Reason.NOT_ENTERED)
        return
    world.write(person, Row.ENTERED)
    person.inside = True


def _program(world: World, person: Person, released: int) -> None:
    program = world.journey(person).program
    while person.at < len(program):
        match program[person.at]:
            case Send() as send:
                if not _sent_or_skipped(world, person, send, released):
                    return
                person.at += 1
            case Wait() as wait:
                if not _waited(world, person, wait):
                    return
                person.at += 1
            case Branch(predicate, otherwise):
                person.at = person.at + 1 if holds(predicate, world.facts(person)) is True else otherwise
            case Jump(target):
                person.at = target
            case Split() as split:
                person.at = _assign(world, person, split)
            case Grant(step=step, incentives=names):
                grants.put_in_account(world, person, step, names)
                person.at += 1
            case Exit():
                break
    person.inside = False
    world.write(person, Row.EXITED)


def _sent_or_skipped(world: World, person: Person, send: Send, released: int) -> bool:
    """Decide the send; return whether the journey goes on at once: it was refused for good."""
    hold, person.hold = person.hold, None
    first_due, late = world.now, None
    if hold is not None:
        first_due = hold.first_due
        late = None if person.kept else _too_late(world, person, send, hold.message, first_due)
        if hold.staff:
            world.shared.desk(hold.staff).leave((hold.asked, person.customer, SEND))
    return attempt(world, person, send, first_due, released=released, refused=late).does == "skip"


def _too_late(world: World, person: Person, send: Send, message: str, first_due: int) -> tuple[str, Reason] | None:
    """Return the message that was held until it was not wanted any more: it stood in line, or the executor is late."""
    return (message, Reason.EXPIRED) if world.now >= min(first_due + send.expires, world.plan.end) else None


def _waited(world: World, person: Person, wait: Wait) -> bool:
    """Wait for the time, or for an outcome up to then; return whether it is over: it may be over at once."""
    if person.awaited is not None:
        person.awaited = None
        return True
    end = add_period(world.now, wait.length, world.plan.zone)
    if end <= world.now or person.happened & set(wait.outcomes):
        return True
    person.awaited = set(wait.outcomes)
    person.due = end
    return False


def _assign(world: World, person: Person, split: Split) -> int:
    """Assign by the hash, or the promoted winner; return where the arm starts."""
    name = f"{person.journey}/{split.name}"
    names = [arm.name for arm in split.arms]
    won = world.shared.winners.get(name)
    winner = names.index(won) if won in names else None
    place = float(share(np.array([person.customer], dtype=np.uint64), split.salt)[0])
    arm = arm_of(split, place, winner)
    if winner is None:
        person.assigned.setdefault(name, (world.now, names[arm]))
        world.shared.assigned.setdefault(name, world.now)
    world.write(person, Row.ASSIGNED, step=split.name, arm=names[arm])
    return split.arms[arm].target
