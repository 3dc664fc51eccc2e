"""What the Python face is given: an argument of a wrong kind is named, before it breaks something far inside."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from numbers import Integral
from typing import Any, Final

from wakeup.diagnostics import Listed, Say, Text, WakeupError, diagnostic
from wakeup.plan.model import Assumption, Plan


def check_arguments(**given: object) -> None:
    """See that arguments are of the kinds that their names stand for; None is right where it means "unless said".

    Raises:
        WakeupError: some are not (WK5205).
    """
    problems = [
        diagnostic("WK5205", argument=name, wanted=_KINDS[name][1], found=_shown(name, value))
        for name, value in given.items()
        if not (value is None and name in _OPTIONAL) and not _KINDS[name][0](value)
    ]
    if problems:
        raise WakeupError(problems)


def _plan(given: object) -> bool:
    return isinstance(given, Plan)


def _several_plans(given: object) -> bool:
    return isinstance(given, Sequence) and len(given) > 1 and all(map(_plan, given))


def _people(given: object) -> bool:
    from wakeup.customers import History, Population, Shards  # these load NumPy

    return isinstance(given, (History, Population, Shards))


def _whole(given: object) -> bool:
    return isinstance(given, Integral) and not isinstance(given, bool)


def _behaviour(given: object) -> bool:
    return not isinstance(given, type) and callable(getattr(given, "model", None))


def _executor(given: object) -> bool:
    return isinstance(given, Executor)


def _all(kind: type) -> Callable[[Any], bool]:
    return lambda given: isinstance(given, Sequence) and all(isinstance(each, kind) for each in given)


def _one_of(*names: str) -> tuple[Callable[[Any], bool], Text]:
    return lambda given: isinstance(given, str) and given in names, Listed(names, "or")


_A_PLAN: Final = (_plan, Say("a plan, as `wakeup.load` returns it"))
_A_NUMBER: Final = (_whole, Say("a whole number"))
_KINDS: Final[Mapping[str, tuple[Callable[[Any], bool], Text]]] = {
    "plan": _A_PLAN,
    "plans": (_several_plans, Say("two plans or more, as `wakeup.load` returns them")),
    "old": _A_PLAN,
    "new": _A_PLAN,
    "people": (_people, Say("customers, as `wakeup.customers.from_history` or `synthetic` returns them")),
    "seed": _A_NUMBER,
    "replications": _A_NUMBER,
    "workers": _A_NUMBER,
    "engine": _one_of("array", "reference"),
    "executor": (_executor, Say("an executor of `concurrent.futures`")),
    "precision": (lambda given: isinstance(given, Mapping), Say("a mapping from figures to half-widths")),
    "scenarios": (_all(str), Say("a list of scenarios by name")),
    "assume": (_all(Assumption), Say("a list of assumptions")),
    "behaviour": (_behaviour, Say("a behaviour: an object with a method `model`")),
    "lang": _one_of("en", "zh"),
}
_OPTIONAL: Final = frozenset({"replications", "executor", "precision", "behaviour"})


def _shown(name: str, given: object) -> Text:
    """What was given: numbers and choices as they are, all else by its type: it may hold people."""
    if isinstance(given, type):
        return Say("the class {name} itself", name=given.__name__)
    if isinstance(given, (int, float)) or (isinstance(given, str) and name in ("engine", "lang")):
        return repr(given)
    return type(given).__name__
