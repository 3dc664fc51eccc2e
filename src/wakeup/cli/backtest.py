"""`wakeup backtest`: how well forecasts held in the past of a log, or of a randomised campaign."""

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

from wakeup.cli import exits
from wakeup.cli.messages import language, say, worded
from wakeup.cli.progress import progress
from wakeup.cli.reports import check_form
from wakeup.cli.screen import screen
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.files import STDOUT, check_writable, write
from wakeup.terms.currencies import MINOR_DIGITS

ORIGINS: Final = 12
HORIZON: Final = "90d"
SPLITS: Final = 100

MOST_ORIGINS: Final = 200
LONGEST: Final = 1_000
"""Days that may be forecast at most."""

_DAYS: Final = re.compile(r"(\d{1,6}) ?(?:d|days?|天|日)?")


@frozen
class Request:
    """What the user asked for; None where nothing was said. `json` and `report` may be `-` for standard output."""

    orders: Path | None
    campaign: Path | None
    origins: int | None
    horizon: str | None
    as_of: str | None
    mapping: str | None
    zone: str | None
    currency: str | None
    splits: int | None
    control: str | None
    shares: str | None
    seed: int
    json: Path | None
    report: Path | None


def run(request: Request) -> int:
    """Backtest an order log or a campaign, write what was asked for and print the tables.

    Raises:
        WakeupError: WK6147 none or both are given, WK6149 an option of the other; what reading and forecasting raise.
    """
    if (request.orders is None) == (request.campaign is None):
        given = Say("neither is given") if request.orders is None else Say("both are given")
        raise WakeupError([diagnostic("WK6147", given=given)])
    if request.campaign is not None:
        return _campaign(request, request.campaign)
    assert request.orders is not None
    return _orders(request, request.orders)


def _campaign(request: Request, table: Path) -> int:
    from wakeup.cli.backtest_campaign import run as trial

    for_logs = {
        "--origins": request.origins,
        "--horizon": request.horizon,
        "--as-of": request.as_of,
        "--zone": request.zone,
    }
    _refuse(for_logs, goes="--orders", given="--campaign")
    splits = _within("--splits", SPLITS if request.splits is None else request.splits, 1, 100_000)
    return trial(
        table,
        splits=splits,
        control=request.control,
        mapping=request.mapping,
        seed=request.seed,
        json=request.json,
        report=request.report,
        shares=request.shares,
        currency=request.currency or "CNY",
    )


def _orders(request: Request, log: Path) -> int:
    for_campaigns = {"--splits": request.splits, "--control": request.control, "--shares": request.shares}
    _refuse(for_campaigns, goes="--campaign", given="--orders")
    check_writable(request.json, request.report, inputs=(log,))
    check_form(request.report)
    count = _within("--origins", ORIGINS if request.origins is None else request.origins, 1, MOST_ORIGINS)
    horizon = _days(request.horizon or HORIZON)
    digits = _digits(request.currency or "CNY")
    from wakeup.behaviour.backtest.origins import CLOSEST
    from wakeup.behaviour.backtest.record import to_json
    from wakeup.behaviour.backtest.rolling_origin import backtest
    from wakeup.behaviour.backtest.summary import summarise
    from wakeup.customers import parse_mapping
    from wakeup.customers.rolling import rolling

    begun = time.perf_counter()
    mapping = parse_mapping(request.mapping) if request.mapping else None
    with rolling(log, as_of=request.as_of, zone=request.zone or "UTC", minor_digits=digits, mapping=mapping) as opened:
        say(opened.warnings)
        read = time.perf_counter()
        with progress(Say("forecasting")) as tell:
            test = backtest(opened, count=count, horizon_days=horizon, seed=request.seed, progress=tell)
    found = len(test.origins.instants)
    if found < count:
        say([diagnostic("WK6141", number=found, asked=count, least=CLOSEST)])
    told = summarise(test)
    done = time.perf_counter()
    timing = {"read_s": read - begun, "backtest_s": done - read, "wall_s": done - begun}
    if request.report is not None:
        from wakeup.report.backtest import html

        write(request.report, html(test, told, log.name, language()))
    if request.json is not None:
        write(request.json, to_json(test, told, timing))
    if STDOUT not in {str(request.json), str(request.report)}:
        from wakeup.report.backtest import show

        show(test, told, log.name, screen(), language())
        if request.report is not None:
            print(worded(Say("report: {file}", file=str(request.report))))
    return exits.FINE


def _refuse(options: Mapping[str, object], *, goes: str, given: str) -> None:
    for option, value in options.items():
        if value is not None:
            raise WakeupError([diagnostic("WK6149", option=option, goes=goes, given=given)])


def _within(option: str, value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise WakeupError([diagnostic("WK6004", option=option, least=least, most=most, value=value)])
    return value


def _days(text: str) -> int:
    found = _DAYS.fullmatch(text.strip())
    if found is None or not 1 <= int(found[1]) <= LONGEST:
        raise WakeupError([diagnostic("WK6148", least=1, most=LONGEST, found=text)])
    return int(found[1])


def _digits(currency: str) -> int:
    try:
        return MINOR_DIGITS[currency.upper()]
    except KeyError:
        raise WakeupError([diagnostic("WK6008", currency=currency)]) from None
