"""W with something changed: other words in its text, which the compiler checks."""

import re
from collections.abc import Callable
from typing import Final

from attrs import frozen

from benchmarks.w.campaign import CAMPAIGN, plan_for
from wakeup.plan.model import Plan
from wakeup.source import Source

PLENTY: Final = 100_000_000
"""More pieces, sends a second and yuan than there is use for, at any size that is played."""

GUARDS: Final = """
guard complaints { when: complaint_rate > 90% after 500 sent, do: pause channel }
guard spending { when: spent > 99% of budget, do: stop }
"""
SLACK: Final = "all limits slack"
MOST_STAFF: Final = 10_000
"""What a desk may have. In a batch one customer in 22 is to be called at once; where they are more, nobody waits for
staff in "all limits slack"."""
DRY: Final = {"top": 0.10, "mid": 0.11, "low": 0.30, "kit": 0.11}
"""Pieces per customer of each coupon and kit, fewer than are asked for."""
DRY_SENDS: Final = 0.6
"""CNY per customer for sends, of which the advisers' calls take most: fewer than are asked for."""


@frozen
class Variant:
    """A changed W. `change` makes its text of W's and the number of customers.

    one_path: whether only touches and the cap are other, so that an event takes as long as one of W.
    """

    name: str
    what: str
    change: Callable[[str, int], str]
    one_path: bool = False

    def plan(self, customers: int) -> Plan:
        """Return its plan for so many customers.

        Raises:
            WakeupError: the changed text has errors.
        """
        text = self.change(CAMPAIGN.read_text("utf-8"), customers)
        return plan_for(customers, Source(f"{self.name}.wake", text))


def _put(text: str, old: str, new: str) -> str:
    """Put words in place of others, which must be there."""
    assert old in text, f"{old!r} is no longer in W"
    return text.replace(old, new)


def _limited(text: str, pieces: Callable[[str], int], sends: int) -> str:
    """Declare a stock of everything, a budget with three lines, the rate of every channel, and guards."""
    text = re.sub(
        r"^(coupon|gift) (\w+)(.*) \}$",
        lambda found: f"{found[1]} {found[2]}{found[3]}, stock: {pieces(found[2])}, line: {found[1]}s }}",
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(r"^(channel (\w+) .*\{)$", r"\1\n  line:   sends", text, flags=re.MULTILINE)
    for kind in ("mini_program", "email", "phone"):
        text = re.sub(rf"(  kind: +{kind}\n)", rf"\1  rate: {PLENTY} per second\n", text)
    total = f"{2 * PLENTY + sends} CNY"
    lines = f"coupons: {PLENTY} CNY, gifts: {PLENTY} CNY, sends: {sends} CNY"
    return f"{text}\nbudget {total} {{ {lines} }}\n{GUARDS}"


def _others_slack(text: str, customers: int) -> str:
    return _limited(text, lambda _: PLENTY, PLENTY)


def _all_slack(text: str, customers: int) -> str:
    text = _others_slack(text, customers)
    text = _put(text, "rate:   42 per 1min", f"rate:   {PLENTY} per second")
    if customers // 20 > MOST_STAFF:
        text = _without_desk(text)
    else:
        text = _put(text, "people: 20,", f"people: {max(20, customers // 20)},")
    return _put(text, "at most 3 per 30d", "at most 30 per 30d")


def _dry(text: str, customers: int) -> str:
    return _limited(text, lambda name: int(DRY[name.split("_")[0]] * customers), int(DRY_SENDS * customers))


def _reordered(text: str, customers: int) -> str:
    """Let the second touch be the last."""
    return _touches(text, "021")


def _rate_again(text: str, customers: int) -> str:
    """Let the last touch come first: the app has no rate, so that a tier is due for its text in one second."""
    return _touches(text, "201")


def _touches(text: str, order: str) -> str:
    """Send other messages in place of the first, second and third; offers stay in their places."""
    return re.sub(r"(send [a-z]+_)(\d)", lambda found: f"{found[1]}{order[int(found[2])]}", text)


def _fourth(text: str, customers: int) -> str:
    """Let the last touch come once more, two weeks later."""
    text = re.sub(r"^(message [a-z]+_)2( .*)$", r"\g<0>\n\g<1>3\2", text, flags=re.MULTILINE)
    return re.sub(r"^( +)(send [a-z]+_)2( .*)$", r"\g<0>\n\1wait 14d\n\1\g<2>3\3", text, flags=re.MULTILINE)


def _another_cap(text: str, customers: int) -> str:
    return _put(text, "at most 3 per 30d", "at most 3 per 35d")


def _no_desk(text: str, customers: int) -> str:
    """Let nothing be shared: everybody of a batch is sent the first touch at once, and called when it is due."""
    return _without_desk(_put(text, "  rate:   42 per 1min\n", ""))


def _without_desk(text: str) -> str:
    return re.sub(r"^staff .*\n", "", _put(text, "  staff: advisers\n", ""), flags=re.MULTILINE)


VARIANTS: Final = (
    Variant("own limits, others slack", "W, and stock, budget, guards, other rates that never bind", _others_slack),
    Variant(SLACK, "the same, and W's own rate, desk and cap so wide that they never bind", _all_slack),
    Variant("running dry", "W, and stock and budget for part of what is asked for", _dry),
    Variant("reordered", "W, the second touch last", _reordered, one_path=True),
    Variant("fourth touch", "W, the last touch once more", _fourth, one_path=True),
    Variant("another cap", "W, at most 3 in 35 days", _another_cap, one_path=True),
    Variant("rate again", "W, the last touch first: most are due for their text in one second", _rate_again),
    Variant("no desk, no rate", "W, nothing shared", _no_desk),
)
