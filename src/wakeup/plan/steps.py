"""Journeys: who enters when, and the program that each of them goes through."""

from typing import Literal

from attrs import frozen

from wakeup.plan.predicates import Predicate
from wakeup.plan.times import Elapsed, Months, Until


@frozen
class Send:
    """Send `message` with `incentives`. `step` is unique in the journey; a refused send expires after `expires` s."""

    step: str
    message: str
    incentives: tuple[str, ...] = ()
    expires: int = 259_200
    kind: Literal["send"] = "send"


@frozen
class Wait:
    """Wait for a time, up to an instant, or for the first of some outcomes up to that time."""

    length: Elapsed | Months | Until
    outcomes: tuple[str, ...] = ()
    kind: Literal["wait"] = "wait"


@frozen
class Branch:
    """Go on if the predicate is yes, else jump forward to instruction `otherwise`."""

    predicate: Predicate
    otherwise: int
    kind: Literal["branch"] = "branch"


@frozen
class Jump:
    """Go to instruction `target`, which lies ahead."""

    target: int
    kind: Literal["jump"] = "jump"


@frozen
class Arm:
    """An arm owns the half-open hash range [low, high) of [0, 1) (exact decimals) and starts at `target`."""

    name: str
    low: str
    high: str
    target: int


@frozen
class Split:
    """Assign by the hash of the customer key with `salt`."""

    name: str
    salt: str
    arms: tuple[Arm, ...]
    kind: Literal["split"] = "split"


@frozen
class Grant:
    """Put `incentives` into the person's account without a message. `step` is unique in the journey."""

    step: str
    incentives: tuple[str, ...]
    kind: Literal["grant"] = "grant"


@frozen
class Exit:
    """Leave the journey."""

    kind: Literal["exit"] = "exit"


Instruction = Send | Wait | Branch | Jump | Split | Grant | Exit


@frozen
class Wave:
    """Entry: `per_day` people a day (None: all at once) from `first`, then each day at the same local time."""

    first: int
    per_day: int | None = None


@frozen
class Journey:
    """A program for the people that `match` selects. `goal` ends it at once ("" for none)."""

    name: str
    match: Predicate
    wave: Wave
    program: tuple[Instruction, ...]
    goal: str = "order"
    salt: str = ""


@frozen
class Promotion:
    """Once, `after` seconds after the first assignment to `split` of `journey`, judge `figure` within `within` s."""

    journey: str
    split: str
    figure: str
    after: int
    sure: str
    within: int = 604_800
