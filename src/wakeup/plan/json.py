"""Plan <-> JSON: equal plans give equal bytes, and a plan that was read back is the plan that was written.

Keys are sorted, unions are told apart by `kind`, unknown fields are ignored (a newer minor version may have added
them), another major `format_version` is refused.
"""

import json
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.plan.model import FORMAT_VERSION, Assumption, Plan
from wakeup.plan.shapes import misshapen
from wakeup.plan.verify import verify

if TYPE_CHECKING:
    from cattrs import Converter


def plan_to_json(plan: Plan) -> bytes:
    """Return the plan as UTF-8 JSON, indented by two, with a line end at the end."""
    text = json.dumps(to_tree(plan), ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    return text.encode("utf-8") + b"\n"


def plan_from_json(data: bytes, name: str = "plan") -> Plan:
    """Read a plan; `name` is what messages call it (a file's name, as the user typed it).

    Raises:
        WakeupError: no plan (WK5001), another major format (WK5002), a plan that contradicts itself (WK5003).
    """
    tree = _parse(data, name)
    found = str(tree.get("format_version", "none"))
    if found.split(".", maxsplit=1)[0] != FORMAT_VERSION.split(".", maxsplit=1)[0]:
        raise WakeupError([diagnostic("WK5002", name=name, found=found, known=FORMAT_VERSION)])
    plan = _structure(tree, name)
    problems = verify(plan)
    if problems:
        told = diagnostic("WK5003", name=name, count=len(problems), problem=problems[0], notes=problems[1:])
        raise WakeupError([told])
    return plan


def assumptions_from_json(data: bytes, name: str = "assumptions") -> tuple[Assumption, ...]:
    """Read a list of assumptions, each an object with the fields of `Assumption`.

    Raises:
        WakeupError: it is no such list (WK5004).
    """
    from cattrs.errors import BaseValidationError

    problem: Say
    try:
        return _converter().structure(_load(data), tuple[Assumption, ...])
    except _UnreadableError as error:
        problem = error.problem
    except BaseValidationError as error:
        problem = misshapen(error, "row")
    except TypeError:
        problem = Say("it is no list")
    raise WakeupError([diagnostic("WK5004", name=name, problem=problem)])


def to_tree(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain dicts, lists, texts and numbers."""
    tree: dict[str, Any] = _converter().unstructure(plan)
    return tree


def _parse(data: bytes, name: str) -> dict[str, Any]:
    try:
        tree = _load(data)
    except _UnreadableError as error:
        _not_a_plan(name, error.problem)
    if not isinstance(tree, dict) or "journeys" not in tree:
        _not_a_plan(name, Say("it has no journeys"))
    return tree


class _UnreadableError(Exception):
    """It is no JSON; `problem` says why."""

    def __init__(self, problem: Say) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _load(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except RecursionError:
        problem = Say("it is nested too deeply")
    except UnicodeDecodeError:
        problem = Say("it is not UTF-8 text")
    except json.JSONDecodeError as error:
        problem = Say("it is no JSON at line {line}, column {column}", line=error.lineno, column=error.colno)
    except ValueError:  # Python reads no integer of more than 4300 digits
        problem = Say("a number in it has too many digits")
    raise _UnreadableError(problem)


def _structure(tree: dict[str, Any], name: str) -> Plan:
    from cattrs.errors import BaseValidationError

    try:
        return _converter().structure(tree, Plan)
    except BaseValidationError as error:
        _not_a_plan(name, misshapen(error, "plan"))
    except RecursionError:
        _not_a_plan(name, Say("it is nested too deeply"))


def _not_a_plan(name: str, problem: Say) -> NoReturn:
    raise WakeupError([diagnostic("WK5001", name=name, problem=problem)]) from None


def _no_constant(text: str) -> NoReturn:
    raise _UnreadableError(Say("{constant} is no number of JSON", constant=text))


@cache
def _converter() -> "Converter":
    # Imported late: only reading and writing JSON needs cattrs, and importing wakeup must stay quick.
    from attrs import resolve_types
    from cattrs.preconf.json import make_converter

    from wakeup.plan import predicates

    for recursive in (predicates.Not, predicates.And, predicates.Or):
        resolve_types(recursive, vars(predicates))
    converter = make_converter()
    for exact in (int, str, bool):
        converter.register_structure_hook(exact, _exactly)
    converter.register_structure_hook(float, _number)
    return converter


def _exactly(value: Any, kind: type[Any]) -> Any:
    # cattrs would turn "3" into 3 and 3 into "3"; a plan is read as it was written or not at all.
    if type(value) is not kind:
        raise TypeError(f"expected {kind.__name__}, not {type(value).__name__}")
    return value


def _number(value: Any, _kind: type[float]) -> float:
    if type(value) not in (int, float):
        raise TypeError(f"expected a number, not {type(value).__name__}")
    return float(value)
