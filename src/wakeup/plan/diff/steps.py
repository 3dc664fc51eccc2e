"""The steps of two programs, matched: sends and grants by step name, splits by name, the rest by their place.

Jumps are no steps: what they do shows in the ways on which a step is reached.
"""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Final

from attrs import frozen

from wakeup.diagnostics import Say
from wakeup.plan.diff.words import part
from wakeup.plan.model import Branch, Exit, Grant, Instruction, Jump, Send, Split, Wait
from wakeup.terms.language import Language

Program = tuple[Instruction, ...]
Way = tuple[int, str]
"""A branch or split (its place in the program), and the side of it on which alone a step can be reached."""

YES: Final = "yes"
NO: Final = "no"


@frozen
class Matched:
    """Places in the old and the new program, paired; None where a step has no counterpart. `moved` are the places of
    the new program whose step stood elsewhere among the others."""

    pairs: tuple[tuple[int | None, int | None], ...]
    moved: frozenset[int]


def match(old: Program, new: Program) -> Matched:
    """Match the steps of two programs, in the order of the new one; what was taken away stands before what came."""
    before, after = _steps(old), _steps(new)
    matcher = SequenceMatcher(None, [_key(old[at]) for at in before], [_key(new[at]) for at in after], autojunk=False)
    blocks = [(same, before[i:j], after[k:end]) for same, i, j, k, end in matcher.get_opcodes()]
    twins: dict[int, int] = {}
    for same, gone, come in blocks:
        if same == "equal":
            twins |= zip(come, gone, strict=True)
    moved = _same_name(old, new, set(before) - set(twins.values()), set(after) - twins.keys())
    twins |= moved
    for _, gone, come in blocks:
        twins |= _same_place(
            old, new, [a for a in gone if a not in twins.values()], [b for b in come if b not in twins]
        )
    pairs: list[tuple[int | None, int | None]] = []
    for _, gone, come in blocks:
        pairs += [(a, None) for a in gone if a not in twins.values()]
        pairs += [(twins.get(b), b) for b in come]
    return Matched(tuple(pairs), frozenset(moved))


def ways(program: Program) -> Mapping[int, frozenset[Way]]:
    """For each place the sides of branches and splits on which alone it is reached."""
    reached = _reached(program)
    found: dict[int, set[Way]] = {at: set() for at in range(len(program))}
    for at, instruction in enumerate(program):
        sides = {name: reached[target] for name, target in _sides(instruction, at)}
        everywhere = frozenset.intersection(*sides.values()) if sides else frozenset()
        for name, places in sides.items():
            for place in places - everywhere:
                found[place].add((at, name))
    return {at: frozenset(each) for at, each in found.items()}


def label(program: Program, at: int, lang: Language = "en") -> str:
    """What people call a step: a send, a grant and a split by name, the rest by what stands before."""
    match program[at]:
        case Grant(step=step):  # it begins with the word `grant`
            given = step.removeprefix("grant ")
            return step if given == step else Say("grant {incentives}", incentives=given).told(lang)
        case Send(step=step):
            return Say("send {step}", step=step).told(lang)
        case Split(name=name):
            return Say("split {name}", name=name).told(lang)
        case other:
            kind = part(other.kind, lang)
    before = next((each for each in reversed(program[:at]) if isinstance(each, Send | Split)), None)
    if before is None:
        return Say("{kind} at the start", kind=kind).told(lang)
    return Say("{kind} after {step}", kind=kind, step=_name(before)).told(lang)


def _name(instruction: Send | Split | Grant) -> str:
    return instruction.name if isinstance(instruction, Split) else instruction.step


def _steps(program: Program) -> list[int]:
    return [at for at, instruction in enumerate(program) if not isinstance(instruction, Jump)]


def _key(instruction: Instruction) -> tuple[str, str]:
    return instruction.kind, _name(instruction) if isinstance(instruction, Send | Split | Grant) else ""


def _same_name(old: Program, new: Program, gone: Iterable[int], come: Iterable[int]) -> dict[int, int]:
    """Pair sends, grants and splits that stand elsewhere among the steps: new place -> old place."""
    names = {_key(old[at]): at for at in gone if isinstance(old[at], Send | Split | Grant)}
    return {at: names[_key(new[at])] for at in come if _key(new[at]) in names}


def _same_place(old: Program, new: Program, gone: list[int], come: Iterable[int]) -> dict[int, int]:
    """Pair steps of one sort that stand in the same place: new place -> old place."""
    found: dict[int, int] = {}
    for at in come:
        twin = next((each for each in gone if type(old[each]) is type(new[at])), None)
        if twin is not None:
            gone.remove(twin)
            found[at] = twin
    return found


def _sides(instruction: Instruction, at: int) -> tuple[tuple[str, int], ...]:
    match instruction:
        case Branch(otherwise=otherwise):
            return (YES, at + 1), (NO, otherwise)
        case Split(arms=arms):
            return tuple((arm.name, arm.target) for arm in arms)
    return ()


def _next(instruction: Instruction, at: int) -> tuple[int, ...]:
    match instruction:
        case Branch() | Split():
            return tuple(target for _, target in _sides(instruction, at))
        case Jump(target=target):
            return (target,)
        case Exit():
            return ()
        case Send() | Grant() | Wait():
            return (at + 1,)


def _reached(program: Program) -> list[frozenset[int]]:
    """For each place, and for the end, the places that can be reached from it, itself among them."""
    found: list[frozenset[int]] = [frozenset()] * (len(program) + 1)
    for at in range(len(program) - 1, -1, -1):
        found[at] = frozenset({at}).union(*(found[after] for after in _next(program[at], at)))
    return found
