"""Watches the reference while it decides: rows say what happened, not why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from attrs import define, evolve, field

from wakeup.decide.ledger import out_of_codes, out_of_stock, refuses_cost, refuses_grant
from wakeup.decide.refusal import Outcome
from wakeup.decide.send import Asked, Verdict, Wanted
from wakeup.plan.model import Activity, Coupon, Send, Wait
from wakeup.sim.reference import benefits, desk, grants, journey, outcomes, sending
from wakeup.terms.lists import Reason, Row


@define
class Decision:
    """One look at a step that sends: who, when, what was asked of each message of the chain, what the step comes to."""

    who: int
    t: int
    step: int
    send: Send
    expired: str
    asked: list[tuple[Asked, Verdict]] = field(factory=list)
    outcome: Outcome | None = None


@define
class Watched:
    """What was seen. met: counted at once. shared: (instant, resource, person, whether it was to be had), in order.

    winners: (the winner that a split gave, the arm by hash). served: (instant, started at a desk, left waiting).
    """

    met: Counter[str] = field(factory=Counter)
    decisions: list[Decision] = field(factory=list)
    shared: list[tuple[int, str, int, bool]] = field(factory=list)
    winners: list[tuple[int, int]] = field(factory=list)
    served: list[tuple[int, int, int]] = field(factory=list)


@contextmanager
def watched() -> Iterator[Watched]:
    """Watch the reference as long as the context lasts."""
    seen = Watched()
    with ExitStack() as stack:
        for module, name, make in (
            (journey, "attempt", _attempt),
            (sending, "decide", _decide),
            (grants, "refusal", _grant),
            (benefits, "_complete", _complete),
            (benefits, "take", _join),
            (journey, "arm_of", _arm),
            (desk.Desk, "_serve", _serve),
            (journey, "_program", _program),
            (outcomes, "_wake", _wake),
            (outcomes, "leave", _leave),
        ):
            stack.enter_context(patch.object(module, name, make(seen, getattr(module, name))))
        yield seen


def _attempt(seen: Watched, real: Any) -> Any:
    def attempt(world: Any, customer: Any, step: int, send: Send, first_due: int, expired: str = "") -> Outcome:
        seen.decisions.append(Decision(customer.who, world.now, step, send, expired))
        outcome: Outcome = real(world, customer, step, send, first_due, expired)
        seen.decisions[-1].outcome = outcome
        return outcome

    return attempt


def _decide(seen: Watched, real: Any) -> Any:
    def decide(asked: Asked) -> Verdict:
        verdict: Verdict = real(asked)
        decision = seen.decisions[-1]
        decision.asked.append((asked, verdict))
        _note_supplies(seen, asked.t, decision.who, asked.wanted, verdict.reason)
        _note_money(seen, decision.who, asked, verdict.reason)
        if verdict.takes_place or verdict.reason is Reason.RATE:
            seen.shared.append((asked.t, "rate", decision.who, verdict.reason is not Reason.RATE))
        if asked.desk_opens == asked.t and verdict.reason is Reason.CAPACITY:
            seen.shared.append((asked.t, "desk for sends", decision.who, False))
        elif (asked.message.staff or asked.channel.staff) and verdict.reason is Reason.NONE:
            seen.shared.append((asked.t, "desk for sends", decision.who, True))
        return verdict

    return decide


def _note_supplies(seen: Watched, t: int, who: int, wanted: Any, reason: Reason) -> None:
    if reason not in (Reason.NONE, Reason.OUT_OF_STOCK):
        return
    for each in (one for one in wanted if not one.live):
        if each.incentive.stock is not None:
            dry = out_of_stock(each.incentive.stock, each.open_grants, each.all_uses)
            if dry or reason is Reason.NONE:
                seen.shared.append((t, f"stock: {each.incentive.name}", who, not dry))
        if isinstance(each.incentive, Coupon) and each.incentive.codes is not None:
            dry = out_of_codes(each.incentive.codes, each.granted)
            if dry or reason is Reason.NONE:
                seen.shared.append((t, f"codes: {each.incentive.name}", who, not dry))


def _note_money(seen: Watched, who: int, asked: Asked, reason: Reason) -> None:
    """Note who asked the line of the send, the line of an incentive (plain or reserving its face), the total."""
    if reason not in (Reason.NONE, Reason.BUDGET):
        return
    cost, new = asked.message.cost_micros, [each for each in asked.wanted if not each.live]
    if asked.line is not None and cost:
        seen.shared.append((asked.t, "line of sends", who, not refuses_cost(cost, asked.line, None)))
    if asked.total is not None and cost:
        seen.shared.append((asked.t, "total", who, not refuses_cost(cost, None, asked.total)))
    _note_lines(seen, asked.t, who, new)


def _note_lines(seen: Watched, t: int, who: int, new: list[Wanted]) -> None:
    for each in new:
        if each.line is not None:
            what = "line of faces" if each.face else "line of grants"
            seen.shared.append((t, what, who, not refuses_grant(each.face, each.line, None)))


def _grant(seen: Watched, real: Any) -> Any:
    def refusal(world: Any, customer: Any, index: int) -> Reason | None:
        reason: Reason | None = real(world, customer, index)
        wanted = grants.wanted(world, customer, index)
        _note_supplies(seen, world.now, customer.who, [wanted], reason or Reason.NONE)
        if not wanted.live and reason in (None, Reason.BUDGET):
            _note_lines(seen, world.now, customer.who, [wanted])
            total = world.ledger.total()
            if total is not None:
                seen.shared.append((world.now, "total", customer.who, not refuses_grant(0, None, total)))
        return reason

    return refusal


def _complete(seen: Watched, real: Any) -> Any:
    def complete(world: Any, customer: Any, touch: Any, index: int, activity: Activity, nth: int) -> None:
        if activity.wins is not None:
            left = world.shelf.won[index] < activity.wins
            seen.shared.append((world.now, f"prizes: {activity.name}", customer.who, left))
        real(world, customer, touch, index, activity, nth)

    return complete


def _join(seen: Watched, real: Any) -> Any:
    def take(world: Any, customer: Any, touch: Any, grant: Any) -> None:
        activity = world.plan.incentives[grant.incentive]
        places = getattr(activity, "places", None)
        before = world.shelf.joined[grant.incentive]
        counts = world.running and grant.known and grant.live(world.now) and not grant.claimed
        real(world, customer, touch, grant)
        if places is not None and counts:
            seen.shared.append((world.now, f"places: {activity.name}", customer.who, before < places))

    return take


def _arm(seen: Watched, real: Any) -> Any:
    def arm_of(split: Any, place: float, winner: int | None) -> int:
        if winner is not None:
            seen.winners.append((winner, real(split, place, None)))
        arm: int = real(split, place, winner)
        return arm

    return arm_of


def _serve(seen: Watched, real: Any) -> Any:
    def serve(self: Any) -> None:
        before = len(self._waiting)
        real(self)
        if len(self._waiting) < before:
            fresh = sum(each.place[0] == self._clock.now for each in self._waiting)
            seen.served.append((self._clock.now, before - len(self._waiting), fresh))

    return serve


class _Counting(Sequence[Any]):
    """A program that counts which instructions are done."""

    def __init__(self, program: Sequence[Any], met: Counter[str]) -> None:
        self._program, self._met = program, met

    def __len__(self) -> int:
        return len(self._program)

    def __getitem__(self, at: Any) -> Any:
        instruction = self._program[at]
        self._met[f"does {type(instruction).__name__}"] += 1
        if isinstance(instruction, Wait):
            self._met["waits for several"] += len(instruction.outcomes) > 1
        return instruction


def _program(seen: Watched, real: Any) -> Any:
    def program(world: Any, customer: Any) -> Any:
        customer.journey = evolve(customer.journey, program=_Counting(customer.journey.program, seen.met))
        return real(world, customer)

    return program


def _wake(seen: Watched, real: Any) -> Any:
    def wake(world: Any, customer: Any, outcome: str) -> None:
        seen.met[f"woken by {outcome}"] += customer.bell is not None and outcome in customer.awaited
        real(world, customer, outcome)

    return wake


def _leave(seen: Watched, real: Any) -> Any:
    def leave(world: Any, customer: Any, row: Row, reason: Reason) -> None:
        if row is Row.EXITED:
            seen.met[f"goal {customer.journey.goal}"] += 1
        real(world, customer, row, reason)

    return leave
