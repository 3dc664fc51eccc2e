"""Learnt assumptions as a table and as a file."""

import json
from io import StringIO

import pytest
from rich.console import Console

from wakeup.behaviour.calibration.learnt import Calibration, Kept, Learnt, fitted
from wakeup.diagnostics import Count, Language, Say
from wakeup.plan.json import assumptions_from_json
from wakeup.report.assume import Importing, assumptions_json, assumptions_text, paste_text, pasted, written_value
from wakeup.report.calibration import show_calibration
from wakeup.terms.behaviour import Unit

FOUND = Calibration(
    (
        Learnt(fitted("lapse", "", 0.31, 0.1, "a log"), Count(900, "customer")),
        Learnt(fitted("seen", "kind:email", 0.2, 0.3, "a log"), Count(5_000, "delivered message"), "email"),
        Learnt(fitted("seen", "channel:email", 0.21, 0.02, "a log"), Count(5_000, "delivered message"), "email"),
        Learnt(fitted("open_delay", "channel:our.mail", 4.2, 0.1, "a log"), Count(1_000, "opened message"), "email"),
        Learnt(fitted("offer_response", "incentive:c20", 1.4, 0.3, "a log"), Count(2_000, "customer"), "coupon"),
    ),
    (Kept(("bond",), Say("no log tells it: declare it, or run a pilot")),),
)


def shown(lang: Language) -> str:
    out = StringIO()
    show_calibration(FOUND, Console(file=out, width=80), currency="GBP", lang=lang)
    return out.getvalue()


def test_the_table_tells_assumed_learnt_interval_and_sample() -> None:
    lines = [" ".join(line.split()) for line in shown("en").splitlines()]
    assert "lapse 38% 31% 27.6% to 34.6% 900" in lines
    assert "open_delay 4.2h 4.2h 3.56h to 4.95h 1,000" in lines
    assert lines.index("all email") < lines.index("email") < lines.index("our.mail")
    assert "`bond`: no log tells it: declare it, or run a pilot" in lines
    chinese = [" ".join(line.split()) for line in shown("zh").splitlines()]
    assert "打开延迟 4.2小时 4.2小时 3.56小时 到 4.95小时 1,000" in chinese
    assert "“维系效应”：记录无法说明：请在活动中声明，或先做试点" in chinese


def test_a_name_goes_before_its_kind_and_what_is_the_campaign_s_own_is_to_be_pasted() -> None:
    text = assumptions_text(FOUND, "GBP", Importing())
    assert "assume for email {\n  seen: 21% between 20.46% and 21.55%" in text
    assert text.count("seen:") == 1
    assert "c20" not in text
    left = paste_text(FOUND, "GBP", Importing())
    assert "assume for c20 {" in left
    assert "assume for our.mail {" in left
    assert all(not line or line.startswith("#") for line in pasted(left, "en").splitlines())
    seen = Importing((("lib.wake", "our"),), frozenset({"channel:our.mail"}))
    assert 'import "lib.wake" as our\n' in assumptions_text(FOUND, "GBP", seen)
    assert "assume for our.mail {" in assumptions_text(FOUND, "GBP", seen)
    assert "our.mail" not in paste_text(FOUND, "GBP", seen)


def test_json_is_read_back() -> None:
    data = assumptions_json(FOUND)
    assert assumptions_from_json(data) == FOUND.rows
    assert json.loads(data)[1]["count"] == 5_000


@pytest.mark.parametrize(
    ("value", "unit", "step", "text"),
    [
        (0.000123, "probability", 0.00002, "0.0123%"),
        (0.5, "probability", 0.2, "50%"),
        (62.456, "money", 1.0, "62.46 GBP"),
        (0.01, "hours", 0.001, "36s"),
        (4.2, "hours", 1.0, "4.2h"),
        (0.43, "hours", 0.2, "25.8min"),
        (70.34, "days", 10.0, "70.3d"),
        (-0.4187, "slope", 0.01, "-0.4187"),
        (1.5, "multiplier", 0.0, "1.5x"),
    ],
)
def test_values_are_written_as_exactly_as_they_are_known(value: float, unit: Unit, step: float, text: str) -> None:
    assert written_value(value, unit, "GBP", step=step) == text
