"""A text for one person: variables filled in, nothing run. A template has no loops, no conditions and no code.

What a person's data say is cleaned before it stands in a text: one line, no control characters, no address of a page,
and never longer than `LONGEST`: data must not be able to change the message around them.
"""

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from attrs import frozen

from wakeup.channels.protocol import Offered
from wakeup.decide.calendar import DAY, local
from wakeup.decide.incentives import rung_of
from wakeup.plan.model import Activity, Coupon, Incentive, Plan
from wakeup.plan.offers import discount_told
from wakeup.plan.template import Template, Variable, read

LONGEST: Final = 100
"""Most characters that a value of a person's data takes in a text."""

_CJK: Final = re.compile(r"[\u3400-\u9fff]")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_ADDRESS: Final = re.compile(r"(?i)\b(?:https?://|www\.)\S*")

_read = lru_cache(maxsize=4_096)(read)


class UnfilledError(Exception):
    """A variable without a default has nothing to say for this person; `name` is the variable."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@frozen
class Filling:
    """What texts may say of a person at an instant.

    zone: the person's. last_order: seconds UTC, None without one. fields: values of the customer table and own columns
    by name, as texts; a blank one is missing. bands: per tier at run start. offers: what the message shows, in order.
    """

    plan: Plan
    t: int
    zone: str
    last_order: int | None
    orders: int
    fields: Mapping[str, str]
    bands: Mapping[str, str]
    offers: tuple[Offered, ...] = ()


def fill(text: str, about: Filling, *, markup: bool = False) -> str:
    """Return the text with its variables filled in; in `markup` (HTML) values are escaped.

    Raises:
        UnfilledError: a variable has no value and no default.
    """
    template = _read(text)
    chinese = _CJK.search(text) is not None
    pieces, at = [], 0
    for variable in template.variables:
        value = _value(variable, about, chinese=chinese)
        pieces += [text[at : variable.start], html.escape(value) if markup else value]
        at = variable.end
    return "".join((*pieces, text[at:]))


def variables(text: str) -> Template:
    """Return the text with its variables found."""
    return _read(text)


def clean(value: str) -> str:
    """Return a value of a person's data as it may stand in a text."""
    return _ADDRESS.sub("", _CONTROL.sub(" ", value)).strip()[:LONGEST]


def _value(variable: Variable, about: Filling, *, chinese: bool) -> str:
    value = _told(variable, about, chinese=chinese)
    if value:
        return value
    if variable.default is None:
        raise UnfilledError(variable.name)
    return variable.default


def _told(variable: Variable, about: Filling, *, chinese: bool) -> str:
    match variable.name:
        case "days_since_order":
            return "" if about.last_order is None else str(max(0, about.t - about.last_order) // DAY)
        case "orders":
            return str(about.orders)
        case "offer" | "offer_ends" | "code":
            return _offered(variable.name, about, chinese=chinese)
        case "event_starts":
            return _event(about)
        case _:
            return clean(about.fields.get(variable.field or "", ""))


def _offered(name: str, about: Filling, *, chinese: bool) -> str:
    """What a text says of the first incentive that the message shows."""
    if not about.offers:
        return ""
    match name:
        case "offer":
            return _offer(about, chinese=chinese)
        case "offer_ends":
            return f"{local(about.offers[0].end - 1, about.zone):%Y-%m-%d}"
        case _:
            return about.offers[0].code


def _offer(about: Filling, *, chinese: bool) -> str:
    """How the first incentive that the message shows is named: its title, else its discount for this person."""
    for shown in _shown(about):
        if shown.title:
            return shown.title
        rung = rung_of(shown, about.bands) if isinstance(shown, Coupon) and not shown.rebate else None
        if rung is None:
            return shown.name
        return discount_told(rung.discount, about.plan.currency, about.plan.minor_digits, chinese=chinese)
    return ""


def _event(about: Filling) -> str:
    starts = next((each.at for each in _shown(about) if isinstance(each, Activity) and each.at is not None), None)
    return "" if starts is None else f"{local(starts, about.zone):%Y-%m-%d %H:%M}"


def _shown(about: Filling) -> list[Incentive]:
    by_name = {each.name: each for each in about.plan.incentives}
    return [by_name[each.incentive] for each in about.offers if each.incentive in by_name]
