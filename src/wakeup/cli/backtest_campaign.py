"""`wakeup backtest --campaign`: a randomised campaign of the past in, how well forecasts of it hold out."""

from pathlib import Path
from typing import Final

from wakeup.cli import exits
from wakeup.cli.messages import language, say, worded
from wakeup.cli.progress import progress
from wakeup.cli.reports import check_form
from wakeup.cli.screen import screen
from wakeup.diagnostics import Say, WakeupError, diagnostic
from wakeup.files import STDOUT, check_writable, write
from wakeup.terms.currencies import MINOR_DIGITS

_ROUNDED: Final = 0.015
"""By which shares that were rounded may miss 100 %."""


def run(
    path: Path,
    *,
    splits: int,
    control: str | None,
    mapping: str | None,
    seed: int,
    json: Path | None,
    report: Path | None,
    shares: str | None = None,
    currency: str = "CNY",
) -> int:
    """Backtest the campaign, write what was asked for, print the tables; return 1 if its arms are not random.

    shares: planned share of each arm, `ARM=SHARE,…`; None: not stated. json and report may be `-`: standard output.
    """
    check_writable(json, report, inputs=(path,))
    check_form(report)
    from wakeup.behaviour.backtest.trial import trial
    from wakeup.behaviour.backtest.trial_json import to_json
    from wakeup.customers.trial_columns import parse_trial_mapping
    from wakeup.customers.trial_table import read_trial
    from wakeup.report.trial import Money, show_trial, trial_html, why_not_random

    money = Money(currency.upper(), _digits(currency))
    table = read_trial(
        path,
        mapping=parse_trial_mapping(mapping) if mapping else None,
        control=control,
        minor_digits=money.digits,
    )
    say(table.warnings)
    with progress(Say("splitting")) as tell:
        found = trial(
            table, splits=splits, seed=seed, shares=_shares(shares), progress=tell
        )  # fmt: skip
    say(found.warnings)
    if report is not None:
        write(report, trial_html(found, money, language()))
    if json is not None:
        write(json, to_json(found, currency=money.currency, minor_digits=money.digits))
    if STDOUT not in {str(json), str(report)}:
        show_trial(found, screen(), money, language())
        if report is not None:
            print(worded(Say("report: {file}", file=str(report))))
    if not found.checked.random:
        say([diagnostic("WK6165", reason=why_not_random(found))])
        return exits.WRONG_INPUT
    return exits.FINE


def _digits(currency: str) -> int:
    try:
        return MINOR_DIGITS[currency.upper()]
    except KeyError:
        raise WakeupError([diagnostic("WK6008", currency=currency)]) from None


def _shares(text: str | None) -> dict[str, float] | None:
    """Read `control=20,mail=80`: the shares of the arms, which add up to 100 (or to 1)."""
    if text is None:
        return None
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, _, number = part.rpartition("=")
        try:
            share = float(number.strip().removesuffix("%"))
        except ValueError:
            share = 0.0
        if not name.strip() or not 0.0 < share < float("inf"):
            wanted = Say("`ARM=SHARE` is wanted, with a share above 0")
            raise WakeupError([diagnostic("WK6160", part=part.strip(), option="--shares", wanted=wanted)])
        shares[name.strip()] = share
    total = sum(shares.values())
    # A third each may be written 33, 33, 33.
    if not min(abs(total - whole) / whole for whole in (1.0, 100.0)) <= _ROUNDED:
        wanted = Say("the shares add up to 100 %, and these to {total}", total=f"{total:g}")
        raise WakeupError([diagnostic("WK6160", part=text, option="--shares", wanted=wanted)])
    return shares
