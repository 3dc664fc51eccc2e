"""`--codes NAME=FILE`: the codes that a shop's own system has made and will take."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from wakeup.diagnostics import Diagnostic, Listed, Say, Text, WakeupError, diagnostic
from wakeup.files import read
from wakeup.plan.model import Coupon, Plan

LONGEST: Final = 64
"""Most characters of a code."""


def read_codes(given: Sequence[str]) -> dict[str, list[str]]:
    """Return the codes by incentive: a file has one code a line, blank lines do not count.

    Raises:
        WakeupError: WK7161 not NAME=FILE, WK7163 a code that cannot be or stands there twice; or there is no file.
    """
    codes: dict[str, list[str]] = {}
    for each in given:
        name, equals, file = each.partition("=")
        if not (name and equals and file):
            raise WakeupError([diagnostic("WK7161", given=each)])
        codes.setdefault(name, []).extend(_lines(Path(file)))
    return codes


def check_codes(codes: Mapping[str, Sequence[str]], plan: Plan) -> None:
    """See to it that there are such coupons.

    Raises:
        WakeupError: WK7162.
    """
    known = [each.name for each in plan.incentives if isinstance(each, Coupon)]
    for name in codes:
        if name not in known:
            raise WakeupError([diagnostic("WK7162", name=name, known=Listed(known))])


def _lines(file: Path) -> list[str]:
    try:
        text = read(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WakeupError([_wrong(file, 1, Say("it is not UTF-8"))]) from None
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        code = line.strip()
        if not code:
            continue
        if len(code) > LONGEST or not code.isprintable() or "," in code or " " in code:
            problem = Say("a code is one word of at most {most} characters", most=LONGEST)
            raise WakeupError([_wrong(file, number, problem)])
        if code in found:
            raise WakeupError([_wrong(file, number, Say("the same code stands in line {line}", line=found[code]))])
        found[code] = number
    if not found:
        raise WakeupError([_wrong(file, 1, Say("there is no code in it"))])
    return list(found)


def _wrong(file: Path, row: int, problem: Text) -> Diagnostic:
    return diagnostic("WK7163", file=file.name, row=row, problem=problem)
