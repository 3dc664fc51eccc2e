"""`wakeup calibrate`: what a company's own logs say about behaviour, as a library that campaigns import."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from wakeup.behaviour.calibration import Calibration, calibrate
from wakeup.behaviour.calibration.learnt import Kept, Learnt
from wakeup.cli import exits
from wakeup.cli.campaign import campaign
from wakeup.cli.messages import language, say, worded
from wakeup.cli.past_campaign import assigned_of, days_of, stage_of
from wakeup.cli.screen import screen
from wakeup.customers import from_history, parse_mapping
from wakeup.customers.past import Past, PastFiles, Stage
from wakeup.customers.zones import local_day
from wakeup.diagnostics import Diagnostic, Language, Say, Severity, WakeupError, diagnostic
from wakeup.face import examine
from wakeup.files import STDOUT, check_writable, read, write
from wakeup.format import formatted
from wakeup.plan.model import Plan
from wakeup.report.assume import MARK, Importing, assumptions_json, assumptions_text, paste_text, pasted
from wakeup.report.calibration import show_calibration
from wakeup.source import Source
from wakeup.syntax import parse
from wakeup.terms.currencies import MINOR_DIGITS

CAMPAIGN: Final = ".wake"
LIBRARY: Final = ".assume.wake"
"""How the name of a library of assumptions ends: no other campaign file is ever written by a program."""

NO_CAMPAIGN: Final = "WK2010"
"""What is said of a file without a campaign: a library has none."""

_UNSAYABLE: Final = frozenset({"WK2109", "WK2116"})
"""What is said of a value, or of a range, that the language does not take."""


@frozen
class Request:
    """What the user asked for."""

    orders: Path
    touches: Path | None
    outcomes: Path | None
    campaign: Path | None
    as_of: str | None
    table: Path | None
    mapping: str | None
    zone: str | None
    currency: str | None
    output: Path


def run(request: Request) -> int:
    """Learn from the logs, write the assumptions, print what was learnt and what was not."""
    _check_goal(request)
    plan = None if request.campaign is None else campaign(request.campaign)
    zone = request.zone or ("UTC" if plan is None else plan.zone)
    currency = (request.currency or ("CNY" if plan is None else plan.currency)).upper()
    if plan is not None and currency != plan.currency:
        told = diagnostic("WK6069", file=str(request.campaign), found=plan.currency, wanted=currency)
        raise WakeupError([told])
    if currency not in MINOR_DIGITS:
        raise WakeupError([diagnostic("WK6008", currency=currency)])
    digits = MINOR_DIGITS[currency]
    mapping = parse_mapping(request.mapping) if request.mapping else None
    assigned = None
    if plan is not None and (request.touches or request.outcomes):
        history = from_history(
            request.orders, as_of=plan.start, zone=zone, minor_digits=digits, mapping=mapping, table=request.table
        )
        assigned = assigned_of(plan, history)
    past = PastFiles(
        request.orders,
        request.touches,
        request.outcomes,
        as_of=request.as_of,
        zone=zone,
        minor_digits=digits,
        mapping=mapping,
        currency=currency,
        stage=Stage() if plan is None else stage_of(plan),
        assigned=assigned,
    ).read()
    found = calibrate(past, minor_digits=digits, zone=zone, days={} if plan is None else days_of(plan))
    found = _sayable(found, currency)
    say((*past.warnings, *_elsewhere(plan, past, request.orders.name), *found.told))
    write(request.output, _bytes(request, found, currency, language()))
    if str(request.output) != STDOUT:
        show_calibration(found, screen(), currency=currency, lang=language())
        print(worded(Say("assumptions: {file}", file=str(request.output))))
    return exits.FINE


def _check_goal(request: Request) -> None:
    """Refuse an output that is neither JSON nor a library, or that would replace what calibration did not make.

    Raises:
        WakeupError: WK6001 it cannot be written, WK6100 another kind of file, WK6101 a file by people.
    """
    output = request.output
    inputs = (request.orders, request.touches, request.outcomes, request.campaign, request.table)
    if str(output) == STDOUT or output.suffix == ".json":
        check_writable(output, inputs=inputs)
        return
    if not output.name.endswith(LIBRARY) or output.name == LIBRARY:
        raise WakeupError([diagnostic("WK6100", name=str(output))])
    check_writable(output, inputs=inputs, library=True)
    if output.exists() and MARK not in read(output).decode("utf-8", "replace"):
        raise WakeupError([diagnostic("WK6101", name=str(output))])


def _elsewhere(plan: Plan | None, past: Past, log: str) -> Iterator[Diagnostic]:
    """Yield that the campaign did not run while the log was kept, where that is so."""
    if plan is None or (plan.start < past.as_of and plan.end > past.first_time):
        return
    start, end, first, last = (
        local_day(at, plan.zone).isoformat() for at in (plan.start, plan.end - 1, past.first_time, past.as_of - 1)
    )
    yield diagnostic("WK6078", file=log, start=start, end=end, first=first, last=last)


def _sayable(found: Calibration, currency: str) -> Calibration:
    """Leave out, and tell, what no campaign can say: broken logs give values beyond all sense."""
    odd = [each for each in found.learnt if not _can_be_said(each, currency)]
    if not odd:
        return found
    learnt = tuple(each for each in found.learnt if each not in odd)
    names = tuple(dict.fromkeys(each.row.parameter for each in odd))
    return evolve(found, learnt=learnt, kept=(*found.kept, Kept(names, Say("what the logs say is out of range"))))


def _can_be_said(each: Learnt, currency: str) -> bool:
    alone = evolve(each, row=evolve(each.row, scope=""))
    text = assumptions_text(evolve(_NOTHING, learnt=(alone,)), currency, Importing())
    return not any(told.code in _UNSAYABLE for told in examine(Source("row", text)).diagnostics)


_NOTHING: Final = Calibration((), ())


def _bytes(request: Request, found: Calibration, currency: str, lang: Language) -> bytes:
    if request.output.suffix == ".json" or str(request.output) == STDOUT:
        return assumptions_json(found)
    name = str(request.output)
    # A name of a library that the campaign imports can be written where that import leads to the same file from here.
    for importing in (_importing(request.campaign, found), Importing()):
        made = _canonical(name, assumptions_text(found, currency, importing, lang), lang)
        left = paste_text(found, currency, importing)
        if left:
            made += pasted(_canonical(name, left, lang), lang)
        problems = {each.code for each in examine(Source(name, made)).diagnostics if each.severity is Severity.ERROR}
        if problems <= {NO_CAMPAIGN}:
            return made.encode()
    raise AssertionError(problems)


def _canonical(name: str, text: str, lang: Language) -> str:
    made = formatted(Source(name, text), lang).text
    assert made is not None, "what is written can be read"
    return made


def _importing(file: Path | None, found: Calibration) -> Importing:
    """Return the libraries that a campaign file imports and that learnt rows are about."""
    if file is None or file.suffix != CAMPAIGN:
        return Importing()
    tree, _ = parse(Source.from_bytes(str(file), read(file)))
    paths = {} if tree is None else {each.alias.written: each.path.value for each in tree.imports}
    named = [row.scope for row in found.rows if row.scope.partition(":")[0] in ("channel", "incentive")]
    aliases = {scope: scope.partition(":")[2].rpartition(".")[0] for scope in named}
    visible = frozenset(scope for scope, alias in aliases.items() if alias in paths)
    used = sorted({aliases[scope] for scope in visible})
    return Importing(tuple((paths[alias], alias) for alias in used), visible)
