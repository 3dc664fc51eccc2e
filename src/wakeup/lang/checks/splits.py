"""Splits whose shares add up, and promotions that come in time."""

from collections.abc import Iterator
from decimal import Decimal

from wakeup.diagnostics import Diagnostic, Label, Noun, Say, Typed, diagnostic
from wakeup.lang import clock, paths
from wakeup.lang.checked import Checked, Journey, Promote, Split, walk
from wakeup.lang.reader import plain


def arms(checked: Checked) -> Iterator[Diagnostic]:
    """Two arms or more, with different names, whose shares add up to everybody."""
    for journey in checked.journeys:
        for step in walk(journey.steps):
            if isinstance(step, Split):
                yield from _arms(step)


def _arms(split: Split) -> Iterator[Diagnostic]:
    total = sum((arm.share for arm in split.arms), Decimal(0))
    if split.arms and total != 1:
        shares = ", ".join(f"{arm.name} {plain(arm.share * 100)}%" for arm in split.arms)
        yield diagnostic("WK3201", split.span, name=split.name, total=f"{plain(total * 100)}%", shares=shares)
    if len(split.arms) < 2 or any(arm.share == 0 for arm in split.arms):
        yield diagnostic("WK3321", split.span, name=split.name)
    first = {arm.name: arm for arm in reversed(split.arms)}
    for arm in split.arms:
        if first[arm.name] is not arm:
            label = Label(first[arm.name].span, Say("first declared here"))
            yield diagnostic("WK2002", arm.span, labels=(label,), kind=Noun("arm"), name=arm.name)


def promotions(checked: Checked) -> Iterator[Diagnostic]:
    """A promotion has something to judge and somebody left to send to the winner."""
    for journey in checked.journeys:
        for step in walk(journey.steps):
            if isinstance(step, Promote):
                yield from _promotion(checked, journey, step)


def _promotion(checked: Checked, journey: Journey, promote: Promote) -> Iterator[Diagnostic]:
    split = next(each for each in walk(journey.steps) if isinstance(each, Split) and each.name == promote.split)
    first = paths.entry(checked, journey)
    if promote.after < split.within:
        days = Typed("{number}d", number=f"{split.within / clock.DAY:g}")
        note = Say("an arm is measured for {days}, and `after` is shorter: nobody can be judged yet", days=days)
    elif journey.entry is None or journey.entry.per_day is None:
        note = Say("everybody enters at once, so nobody comes after the winner is known")
    elif first + _reached(checked, journey, split) + promote.after >= checked.run.end:
        note = Say("the run ends before the winner is known")
    else:
        return
    yield diagnostic("WK3314", promote.span, notes=(note,), name=split.name)


def _reached(checked: Checked, journey: Journey, split: Split) -> int:
    """Seconds after entry at which the split is first reached."""
    stops = (stop for path in paths.paths(checked, journey) for stop in path.stops if stop.step is split)
    return min((stop.early for stop in stops), default=0)
