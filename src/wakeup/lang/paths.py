"""The ways through a journey, with the earliest and the latest second after entry at which each step is reached.

A wait for an event may be over at once or last in full; `early` takes the first, `late` the second. Waits that end with
the journey's goal end the journey, so who is still there has waited in full.
"""

from collections.abc import Iterator

from attrs import evolve, frozen

from wakeup.lang import clock
from wakeup.lang.checked import Checked, Exit, Grant, If, Journey, Promote, Send, Split, Step, Wait
from wakeup.plan.model import Until

MAX_PATHS = 256
"""Beyond so many ways the checks look at the first ones only."""


@frozen
class Stop:
    """A step on a way. `whole_days`: the local time of day is that of the entry."""

    step: Step
    early: int
    late: int
    whole_days: bool


@frozen
class Path:
    """A way through a journey; `early` and `late` are where it has come to."""

    stops: tuple[Stop, ...] = ()
    early: int = 0
    late: int = 0
    whole_days: bool = True
    left: bool = False

    def sends(self) -> Iterator[tuple[Stop, Send]]:
        """The sends on the way."""
        return ((stop, stop.step) for stop in self.stops if isinstance(stop.step, Send))

    def gives(self) -> Iterator[tuple[Stop, Send | Grant]]:
        """The steps on the way that give incentives: sends and grants."""
        return ((stop, stop.step) for stop in self.stops if isinstance(stop.step, Send | Grant))

    def at(self, step: Step) -> "Path":
        """The way with one more step, before its time is spent."""
        return evolve(self, stops=(*self.stops, Stop(step, self.early, self.late, self.whole_days)))


def paths(checked: Checked, journey: Journey) -> tuple[Path, ...]:
    """The ways through a journey, at most `MAX_PATHS`."""
    first = entry(checked, journey)
    return tuple(_through(journey.steps, (Path(),), journey.goal, first))


def entry(checked: Checked, journey: Journey) -> int:
    """The instant at which the first people enter."""
    return checked.run.start if journey.entry is None else journey.entry.first


def _through(steps: tuple[Step, ...], ways: tuple[Path, ...], goal: str, first: int) -> tuple[Path, ...]:
    for step in steps:
        further: list[Path] = []
        for way in ways:
            further += (way,) if way.left else _step(step, way.at(step), goal, first)
        ways = tuple(further[:MAX_PATHS])
    return ways


def _step(step: Step, way: Path, goal: str, first: int) -> tuple[Path, ...]:
    match step:
        case Wait():
            return (_waited(step, way, goal, first),)
        case If():
            return (*_through(step.then, (way,), goal, first), *_through(step.otherwise, (way,), goal, first))
        case Split():
            return tuple(path for arm in step.arms for path in _through(arm.body, (way,), goal, first))
        case Exit():
            return (evolve(way, left=True),)
        case Send() | Grant() | Promote():
            return (way,)


def _waited(step: Wait, way: Path, goal: str, first: int) -> Path:
    cut_short = bool(step.outcomes) and step.outcomes != (goal,)
    if isinstance(step.length, Until):
        until = step.length.instant - first
        early = way.early if cut_short else max(way.early, until)
        return evolve(way, early=early, late=max(way.late, until), whole_days=False)
    early = way.early if cut_short else way.early + clock.shortest(step.length)
    return evolve(
        way,
        early=early,
        late=way.late + clock.longest(step.length),
        whole_days=way.whole_days and not cut_short and clock.shortest(step.length) % clock.DAY == 0,
    )
