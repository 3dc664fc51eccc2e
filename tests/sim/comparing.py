"""Two simulators, one trace: what a run has told, the first place where two of them differ, and how that is shown."""

from functools import partial
from typing import Any

import attrs
import numpy as np
from attrs import evolve, frozen
from tests.sim.people import Person
from tests.sim.recorder import Line, Recorder
from tests.sim.trials import Trial

from wakeup.sim import array, reference
from wakeup.sim.array import calendar
from wakeup.sim.task import Task

DAY = 86_400


@frozen
class Told:
    """Everything that a run hands to its sink, as plain values."""

    people: list[int]
    membership: dict[str, Any]
    twins: list[tuple[int, str, int]]
    lines: list[Line]
    closing: Any


@frozen
class Mismatch:
    """Where two runs differ. kind: which part of `Told`, or the exception that the array simulator raised."""

    kind: str
    person: str
    text: str


def told(task: Task, engine: Any, **options: Any) -> Told:
    """Play a task and return what it told."""
    recorder = Recorder()
    engine.run(task, recorder, **options)
    return told_by(task, recorder)


def told_by(task: Task, recorder: Recorder) -> Told:
    """Return what a recorder was told."""
    return Told(
        people=recorder.people,
        membership={each.name: _plain(getattr(recorder.membership, each.name)) for each in _fields(recorder)},
        twins=recorder.twin_orders(task.population),
        lines=recorder.lines(task.plan, task.population),
        closing=recorder.closing,
    )


def _fields(recorder: Recorder) -> Any:
    return attrs.fields(type(recorder.membership))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def mismatch(trial: Trial, **options: Any) -> Mismatch | None:
    """Play a trial on both simulators and return where they differ, None if nowhere.

    Raises:
        Exception: the reference cannot play it.
    """
    task = trial.task()
    return against(task, told(task, reference), **options)


def against(task: Task, expected: Told, chunk: int = 7, bucket: int = DAY) -> Mismatch | None:
    """Play a task on the array simulator and return where it differs from what the reference has told.

    Everybody is played alone, in chunks and side by side; where one of them stands, all once more in order.
    """
    ways = {"": partial(array.run, chunk=chunk), "side by side ": array.run, "in order ": calendar.run}
    stands = False
    for way, played in ways.items():
        if played is calendar.run and not stands:
            break  # it has been played in order already
        recorder = Recorder()
        try:
            course = played(task, recorder, bucket=bucket)
        except Exception as error:  # noqa: BLE001 - whatever it raises is a mismatch that can be shrunk
            return Mismatch(f"{way}{type(error).__name__}", "", f"the array simulator {way}raises {error!r}")
        found = difference(expected, told_by(task, recorder))
        if found is not None:
            return evolve(found, kind=f"{way}{found.kind}", text=f"{way}{found.text}")
        stands |= course is not None and course.ordered_from is None
    return None


def difference(expected: Told, found: Told) -> Mismatch | None:
    """Return the first difference between two runs."""
    if expected.people != found.people:
        return Mismatch("people", "", f"simulated: {expected.people} is not {found.people}")
    for name, values in expected.membership.items():
        if found.membership[name] != values:
            return Mismatch("membership", "", f"membership.{name}: {values} is not {found.membership[name]}")
    if expected.twins != found.twins:
        return Mismatch("twins", "", f"twins: {expected.twins} is not {found.twins}")
    if expected.lines != found.lines:
        return _rows(expected.lines, found.lines)
    if expected.closing != found.closing:
        return Mismatch("closing", "", f"closing: {expected.closing} is not {found.closing}")
    return None


def _rows(expected: list[Line], found: list[Line]) -> Mismatch:
    place = next((n for n, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), None)
    place = min(len(expected), len(found)) if place is None else place
    rows = [*expected[place : place + 1], *found[place : place + 1]]
    person = min(rows)[1]
    parts = [f"row {place} differs, of {person}:"]
    for name, lines in (("reference", expected), ("array", found)):
        parts += [f"--- {name}", *(str(line) for line in lines if line[1] == person)]
    return Mismatch("rows", person, "\n".join(parts))


def shown(trial: Trial, found: Mismatch) -> str:
    """Return a trial and its mismatch for people: the plan without what is as by default, the people, both traces."""
    plan = "\n".join(_written(_apart(trial.plan)))
    people = "\n".join(f"  {_row(each)}" for each in trial.people)
    facts = f"seed {trial.seed}, as of {trial.as_of}, scenario {trial.scenario}, {trial.behaviour}"
    return f"the smallest plan:\n{plan}\nits people ({facts}):\n{people}\n{found.text}"


def _row(person: Person) -> str:
    columns = {name: value for name, value in _apart(person).items() if name != "id"}
    return f"{person.id}: " + ", ".join(f"{name}={value}" for name, value in columns.items())


def _apart(thing: Any) -> dict[str, Any]:
    """Return the fields of a thing that differ from their defaults, deeply."""
    found = {}
    for each in attrs.fields(type(thing)):
        value = getattr(thing, each.name)
        default = each.default.factory() if isinstance(each.default, attrs.Factory) else each.default  # type: ignore[arg-type]
        if each.name == "kind" or default is attrs.NOTHING or value != default:
            found[each.name] = _value(value)
    return found


def _value(value: Any) -> Any:
    if attrs.has(type(value)):
        return _apart(value)
    return [_value(each) for each in value] if isinstance(value, tuple) else value


def _written(tree: dict[str, Any]) -> list[str]:
    """Return one line per field, and one per element where a field is a list of things."""
    lines = []
    for name, value in tree.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"  {name}:")
            lines += [line for each in value for line in _element(each)]
        else:
            lines.append(f"  {name}: {value}")
    return lines


def _element(each: dict[str, Any]) -> list[str]:
    plain = {name: value for name, value in each.items() if name != "program"}
    return [f"    {plain}", *(f"      {number}: {step}" for number, step in enumerate(each.get("program", ())))]
