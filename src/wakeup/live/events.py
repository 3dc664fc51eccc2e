"""What a shop's own systems tell, field by field: the same words in a signed call, in a CSV and in a JSONL file.

An event says what happened (`kind`), when (`time`), and to whom: by the outbox key of a message (`ref`), by the
person's id (`customer`) or by a code that they were given (`code`, or the codes of an order under `redeemed`).
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from attrs import evolve, frozen

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.decide.calendar import instant
from wakeup.diagnostics import Diagnostic, Listed, Piece, Say, diagnostic, suggest
from wakeup.live.keys import read_code
from wakeup.terms.currencies import MINOR_DIGITS

SOURCE: Final = "shop"
"""The source of all that comes in these words: an id that was told by a call is known when a file tells it again."""

MOST_EVENTS: Final = 100
"""Most events in one call."""

EARLY: Final = 300
"""Seconds by which an event may lie ahead of our clock."""

LONGEST: Final = 200
"""Most characters of a text."""

_GREATEST: Final = Decimal(10) ** 12
_REF: Final = re.compile(r"[0-9a-f]{32}")
_OLDEST: Final = 946_684_800  # 2000: before it is a slip
_SCORES: Final = (Decimal(1), Decimal(5))


class NoValueError(Exception):
    """A value has another form; `wanted` says which it should have."""

    def __init__(self, wanted: Piece) -> None:
        super().__init__(wanted)
        self.wanted = wanted


@frozen
class Rules:
    """How events are read. currency: of every amount. zone: of times without one. now: seconds UTC."""

    currency: str
    zone: str
    now: int


@frozen
class Field:
    """A field of an event. read: the value of JSON, or the text of a file, as `Answer` has it; personal: its value is
    never shown. form: its JSON Schema."""

    name: str
    read: Callable[[Any, Rules], Any]
    meaning: str
    form: Mapping[str, Any]
    personal: bool = False


def _text(value: Any, rules: Rules) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST or not value.isprintable():
        raise NoValueError(Say("a text of 1 to {most} characters", most=LONGEST))
    return value


def _code(value: Any, rules: Rules) -> str:
    text = _text(value.strip() if isinstance(value, str) else value, rules)
    return read_code(text) or text  # ours as we gave it, however it was typed


def _kind(value: Any, rules: Rules) -> AnswerKind:
    try:
        return AnswerKind(value)
    except ValueError:
        raise NoValueError(Say("one of {names}", names=Listed(tuple(AnswerKind), "or", most=30))) from None


def _time(value: Any, rules: Rules) -> int:
    wanted = Say("a time, such as 2026-11-22T08:30:00+08:00, or whole seconds since 1970")
    if isinstance(value, str) and value.isdecimal() and value.isascii() and len(value) < 15:
        value = int(value)
    if isinstance(value, str):
        try:
            told = datetime.fromisoformat(value.strip())
        except ValueError:
            raise NoValueError(wanted) from None
        value = int(told.timestamp()) if told.tzinfo else _local(told, rules.zone)
    if not isinstance(value, int) or isinstance(value, bool) or value < _OLDEST:
        raise NoValueError(wanted)
    if value > rules.now + EARLY:
        raise NoValueError(Say("a time that has come: the clock here says {now}", now=_shown(rules.now)))
    return value


def _ref(value: Any, rules: Rules) -> str:
    if not isinstance(value, str) or not _REF.fullmatch(value):
        raise NoValueError(Say("the reference of a message, 32 hexadecimal digits"))
    return value


def _number(value: Any, wanted: Piece) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise NoValueError(wanted)
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise NoValueError(wanted) from None
    if not number.is_finite() or not 0 <= number < _GREATEST:
        raise NoValueError(wanted)
    return number


def _amount(value: Any, rules: Rules) -> int:
    wanted = Say("an amount in {currency}, such as 128.50", currency=rules.currency)
    return int(_number(value, wanted).scaleb(MINOR_DIGITS[rules.currency]).quantize(Decimal(1), ROUND_HALF_UP))


def _score(value: Any, rules: Rules) -> int:
    wanted = Say("a score from 1 to 5")
    number = _number(value, wanted)
    if not _SCORES[0] <= number <= _SCORES[1]:
        raise NoValueError(wanted)
    return int((number * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _currency(value: Any, rules: Rules) -> str:
    if value != rules.currency:
        raise NoValueError(Say("the currency of the campaigns, {currency}", currency=rules.currency))
    return rules.currency


def _redeemed(value: Any, rules: Rules) -> tuple[tuple[str, int], ...]:
    wanted = Say('a list of {{"code": …, "amount": …}}; in a file, CODE:AMOUNT with ; between')
    if isinstance(value, str):
        pairs: list[tuple[Any, Any]] = [part.rpartition(":")[::2] for part in value.split(";") if part.strip()]
    elif isinstance(value, list) and all(isinstance(each, dict) and set(each) == {"code", "amount"} for each in value):
        pairs = [(each["code"], each["amount"]) for each in value]
    else:
        raise NoValueError(wanted)
    if len(pairs) > 20:
        raise NoValueError(wanted)
    return tuple((_code(code, rules), _amount(off, rules)) for code, off in pairs)


_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": LONGEST}
_MONEY: Final = {
    "anyOf": [
        {"type": "number", "minimum": 0, "exclusiveMaximum": int(_GREATEST)},
        {"type": "string", "pattern": r"^\d{1,12}(\.\d+)?$"},
    ]
}

FIELDS: Final = (
    Field("id", _text, "Your own id of the event: one that was taken is not taken again.", _TEXT),
    Field("kind", _kind, "What happened.", {"enum": [str(each) for each in AnswerKind]}),
    Field(
        "time",
        _time,
        "When it happened: ISO 8601 (without a zone: the campaign's), or seconds since 1970.",
        {"anyOf": [{"type": "string", "minLength": 10, "maxLength": 40}, {"type": "integer", "minimum": _OLDEST}]},
    ),
    Field(
        "ref", _ref, "The reference of the message that it answers.", {"type": "string", "pattern": "^[0-9a-f]{32}$"}
    ),
    Field("customer", _text, "The person's id, as in the customer file.", _TEXT, personal=True),
    Field("code", _code, "A code that the person was given.", _TEXT, personal=True),
    Field("campaign", _text, "The campaign, where only one is meant.", _TEXT),
    Field("channel", _text, "The channel that it came over.", _TEXT),
    Field("incentive", _text, "What was claimed, joined or completed.", _TEXT),
    Field("amount", _amount, "Of an order: its value before discount, in major units (128.50).", _MONEY),
    Field("currency", _currency, "Of the amounts; it must be the campaigns' own.", {"enum": sorted(MINOR_DIGITS)}),
    Field(
        "redeemed",
        _redeemed,
        "The coupons of an order, and what each took off.",
        {
            "type": "array",
            "maxItems": 20,
            "items": {
                "type": "object",
                "properties": {"code": _TEXT, "amount": _MONEY},
                "required": ["code", "amount"],
                "additionalProperties": False,
            },
        },
        personal=True,
    ),
    Field("score", _score, "Of a survey: 1 to 5.", {"type": "number", "minimum": 1, "maximum": 5}),
    Field("staff", _text, "Who is done with a send or a service.", _TEXT),
)
_BY_NAME: Final[Mapping[str, Field]] = {each.name: each for each in FIELDS}
_NEEDED: Final = ("id", "kind", "time")
_OF_KIND: Final[Mapping[AnswerKind, str]] = {AnswerKind.ORDERED: "amount", AnswerKind.RATED: "score"}
_WHOM: Final = ("ref", "customer", "code", "redeemed")


def read_events(told: Iterable[tuple[Piece, Mapping[str, Any]]], rules: Rules) -> tuple[list[Answer], list[Diagnostic]]:
    """Read events, each with where it stands (row 7, event 3); return the answers, and what is wrong in all of them.

    An empty text or null is a field that is not there.
    """
    answers: list[Answer] = []
    wrong: list[Diagnostic] = []
    for where, event in told:
        found = _read(where, event, rules, wrong)
        if found is not None:
            answers.append(found)
    return answers, wrong


def _read(where: Piece, event: Mapping[str, Any], rules: Rules, wrong: list[Diagnostic]) -> Answer | None:
    given = {name: value for name, value in event.items() if value is not None and value != ""}
    before = len(wrong)
    for name in given.keys() - _BY_NAME.keys():
        near = suggest(name, _BY_NAME)
        help_text = Say("did you mean {candidates}?", candidates=Listed(near, "or")) if near else None
        known = Listed(tuple(_BY_NAME), most=30)
        wrong.append(diagnostic("WK7103", where=where, field=_plain(name), fields=known, help=help_text))
    values: dict[str, Any] = {}
    for each in FIELDS:
        if each.name in given:
            _take(where, each, given[each.name], rules, values, wrong)
    needed = [*_NEEDED, *([_OF_KIND[values["kind"]]] if values.get("kind") in _OF_KIND else [])]
    wrong += [diagnostic("WK7102", where=where, field=name) for name in needed if name not in given]
    if not any(name in given for name in _WHOM):
        wrong.append(diagnostic("WK7105", where=where))
    return _answer(values) if len(wrong) == before else None


def _take(where: Piece, each: Field, value: Any, rules: Rules, values: dict[str, Any], wrong: list[Diagnostic]) -> None:
    try:
        values[each.name] = each.read(value, rules)
    except NoValueError as error:
        if each.personal:
            wrong.append(diagnostic("WK7106", where=where, field=each.name, wanted=error.wanted))
        else:
            wrong.append(diagnostic("WK7104", where=where, field=each.name, value=_plain(value), wanted=error.wanted))


def _answer(values: Mapping[str, Any]) -> Answer:
    more = {name: value for name, value in values.items() if name not in ("id", "time", "score", "currency")}
    answer = Answer(source=SOURCE, event_id=values["id"], t=values["time"], **more)
    return evolve(answer, amount=values["score"]) if answer.kind is AnswerKind.RATED else answer


_PERSONAL: Final = re.compile(r"@|\d{6}")


def _plain(value: object) -> str:
    """Return a value so that it can stand in a message: one line, not long, no characters that nobody sees; in shifted
    columns it may be an address or a number of a person, which is not shown."""
    text = str(value)
    if _PERSONAL.search(text):
        return "…"
    cut = text if len(text) <= 40 else text[:40] + "…"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in cut)


def _local(told: datetime, zone: str) -> int:
    second = told.hour * 3600 + told.minute * 60 + told.second
    return instant(date(told.year, told.month, told.day), second, zone)


def _shown(t: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=t)).strftime("%Y-%m-%d %H:%M:%S UTC")


def read_body(body: bytes, rules: Rules, most: int = MOST_EVENTS) -> tuple[list[Answer], list[Diagnostic]]:
    """Read the body of a call, ``{"events": [...]}``; return the answers, and what is wrong."""
    try:
        told = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return [], [diagnostic("WK7100")]
    events = told.get("events") if isinstance(told, dict) and set(told) == {"events"} else None
    if not isinstance(events, list) or not all(isinstance(each, dict) for each in events):
        return [], [diagnostic("WK7100")]
    if len(events) > most:
        return [], [diagnostic("WK7101", count=len(events), most=most)]
    return read_events(((Say("event {number}", number=at), each) for at, each in enumerate(events, 1)), rules)


def events_schema(most: int = MOST_EVENTS) -> dict[str, Any]:
    """Return the JSON Schema of a call."""
    properties = {each.name: {"description": each.meaning, **each.form} for each in FIELDS}
    needed: Sequence[Mapping[str, Any]] = [
        {"if": {"properties": {"kind": {"const": str(kind)}}}, "then": {"required": [name]}}
        for kind, name in _OF_KIND.items()
    ]
    event = {
        "type": "object",
        "properties": properties,
        "required": list(_NEEDED),
        "anyOf": [{"required": [name]} for name in _WHOM],
        "allOf": needed,
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Events told to a live run",
        "description": "Body of POST /events, signed by Standard Webhooks 1.0.",
        "type": "object",
        "properties": {"events": {"type": "array", "maxItems": most, "items": event}},
        "required": ["events"],
        "additionalProperties": False,
    }
