"""What is said about figures and frequencies: goals, expectations, guards, caps, assumptions."""

from collections.abc import Mapping
from typing import Final, Literal

from wakeup.diagnostics import Fix, Noun, Say, Typed, Word, diagnostic
from wakeup.lang.predicates import Conditions
from wakeup.lang.reader import Reader, plain
from wakeup.lang.values import Alarm, Limit, Measured, Op, Reaction
from wakeup.plan.model import Calendar, Expectation, Goal, Rolling
from wakeup.plan.values import MAX_CAP
from wakeup.syntax import nodes
from wakeup.syntax.nodes import Phrase, Ref
from wakeup.terms.lists import FIGURES_COUNT, FIGURES_GUARD, FIGURES_MONEY, FIGURES_RATIO

_OPS: Final[Mapping[str, Op]] = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_WATCHED: Final = Noun("figure for guards")
_PLAIN_RATIOS: Final = frozenset({"touches_per_person", "active_months"})
_PREFIXES: Final = ("incremental_", "uplift_")

COMPARED: Final = (
    "woken", "converted", "orders", "revenue", "margin", "profit", "wake_rate", "conversion", "aov", "aov_change",
    "active_months",
)  # fmt: skip
"""Figures that are also told as what the campaign adds: `incremental_…` against the twins, `uplift_…` against the
control group."""

CHANNEL_FIGURES: Final = frozenset(
    {"sent", "delivered", "opened", "clicked", "claimed", "joined", "completed", "attended", "opted_out", "complained",
     "send_cost", "complaint_rate", "opt_out_rate"}
)  # fmt: skip
"""Figures that one channel has."""


def base(figure: str) -> str:
    """The figure without `incremental_` or `uplift_`."""
    for prefix in _PREFIXES:
        figure = figure.removeprefix(prefix)
    return figure


def known_figures() -> tuple[str, ...]:
    """Every figure a goal or an expectation may name."""
    plain_figures = (*FIGURES_COUNT, *FIGURES_MONEY, *FIGURES_RATIO)
    return (*plain_figures, *(prefix + figure for prefix in _PREFIXES for figure in COMPARED))


def _measured(reader: Reader, key: str, value: nodes.Value, known: tuple[str, ...]) -> Measured | None:
    """`wake_rate >= 12%`."""
    if not isinstance(value, nodes.Compare) or not isinstance(value.left, Ref) or value.op not in _OPS:
        reader.shape(key, Typed("wake_rate >= 8%"), value.span)
        return None
    figure = reader.figure(value.left, known, _WATCHED if known == FIGURES_GUARD else Noun("figure"))
    if figure is None:
        return None
    name = base(figure)
    if name == "aov" or name in FIGURES_MONEY:
        amount = reader.money(value.right, figure, negative=True)
        return None if amount is None else Measured(figure, _OPS[value.op], str(amount), "money")
    if name in FIGURES_COUNT:
        number = reader.count(value.right, figure, least=0)
        return None if number is None else Measured(figure, _OPS[value.op], str(number), "count")
    if name in _PLAIN_RATIOS:
        return _plain_ratio(reader, figure, value)
    most = 10_000 if name in ("roi", "aov_change") else 100
    share = reader.percent(value.right, figure, most=most)
    unit: Literal["share", "ratio"] = "ratio" if most > 100 else "share"
    return None if share is None else Measured(figure, _OPS[value.op], plain(share), unit)


def _plain_ratio(reader: Reader, figure: str, value: nodes.Compare) -> Measured | None:
    if not isinstance(value.right, nodes.Number):
        reader.shape(figure, Typed("3"), value.right.span)
        return None
    return Measured(figure, _OPS[value.op], plain(value.right.value), "ratio")


# --- goals and expectations ------------------------------------------------------------------------------------------


def goal(reader: Reader, subject: Phrase) -> Goal | None:
    """`goal wake_rate >= 12%`."""
    reader.tails(subject, "goal")
    found = _measured(reader, "goal", subject.head, known_figures())
    if found is None or found.unit == "budget_share":
        return None
    return Goal(found.figure, found.op, found.value, found.unit, reader.text(subject.span))


def expectation(reader: Reader, subject: Phrase) -> Expectation | None:
    """`expect wake_rate >= 8% sure 90%`, `expect touches_per_person <= 3 per 30d always`."""
    always = subject.tail("always") is not None
    reader.tails(subject, "expect", *(("always", "per") if always else ("sure",)))
    found = _measured(reader, "expect", subject.head, known_figures())
    text = reader.text(subject.span)
    if always:
        return _always(reader, subject, found, text)
    sure = subject.tail("sure")
    if sure is None:
        end = subject.span.end
        fix = Fix(reader.module.source.span(end, end), Typed(" sure 80%"), Say("add"))
        reader.bag.add(diagnostic("WK2113", subject.span, fix=fix, found=text))
        return None
    share = reader.percent(sure.value, "sure")
    if found is None or share is None or found.unit == "budget_share":
        return None
    return Expectation(found.figure, found.op, found.value, found.unit, text, plain(share))


def _always(reader: Reader, subject: Phrase, found: Measured | None, text: str) -> Expectation | None:
    """For every person in every replication: only contacts per window can be held to that."""
    per = subject.tail("per")
    if found is None:
        return None
    if found.figure != "touches_per_person" or found.op not in ("<", "<=") or per is None:
        reader.shape("always", Typed("touches_per_person <= 3 per 30d always"), subject.span)
        return None
    length = reader.elapsed(per.value, "per")
    if length is None or found.unit == "budget_share":
        return None
    return Expectation(found.figure, found.op, found.value, found.unit, text, always=True, per=length.seconds)


# --- guards ----------------------------------------------------------------------------------------------------------


def alarm(reader: Reader, prop: nodes.Property) -> Alarm | None:
    """`complaint_rate > 0.3% after 500 sent`, `spent > 95% of budget`."""
    key, phrase = prop.key.text, prop.value
    reader.tails(phrase, key, "after", "of")
    share = phrase.tail("of")
    test = _budget_share(reader, key, phrase) if share else _measured(reader, key, phrase.head, FIGURES_GUARD)
    after = phrase.tail("after")
    if after is None:
        return None if test is None else Alarm(test, 0, "")
    if not isinstance(after.value, nodes.Quantity):
        reader.shape(key, Typed("after 500 sent"), after.span)
        return None
    unit = after.value.unit
    counted = [figure for figure in FIGURES_GUARD if figure in FIGURES_COUNT]
    figure = reader.figure(Ref((unit,), unit.span), counted, _WATCHED)
    if test is None or figure is None:
        return None
    if after.value.value != int(after.value.value) or after.value.value < 0:
        reader.outside(key, ">= 0", after.value.span)
        return None
    return Alarm(test, int(after.value.value), figure)


def _budget_share(reader: Reader, key: str, phrase: Phrase) -> Measured | None:
    of, head = phrase.tail("of"), phrase.head
    if of is None or reader.word(of.value, key, ("budget",), "word") is None:
        return None
    if not isinstance(head, nodes.Compare) or not isinstance(head.left, Ref) or head.op not in _OPS:
        reader.shape(key, Typed("spent > 95% of budget"), phrase.span)
        return None
    costs = tuple(figure for figure in FIGURES_GUARD if figure in FIGURES_MONEY)
    figure = reader.figure(head.left, costs, _WATCHED)
    share = reader.percent(head.right, key)
    if figure is None or share is None:
        return None
    return Measured(figure, _OPS[head.op], plain(share), "budget_share")


_REACTIONS = (Typed("pause channel"), Typed("stop"))


def reaction(reader: Reader, prop: nodes.Property) -> Reaction | None:
    """`pause channel`, `pause channel for 24h`, `stop`."""
    key, phrase = prop.key.text, prop.value
    if isinstance(phrase.head, nodes.Action):
        reader.tails(phrase, key, "for")
        target = phrase.head.target
        if target is None or target.text != "channel":
            reader.shape(key, _REACTIONS, phrase.span)
            return None
        lasts = phrase.tail("for")
        length = None if lasts is None else reader.elapsed(lasts.value, key)
        if lasts is not None and length is None:
            return None
        return Reaction("pause_channel", 0 if length is None else length.seconds)
    reader.tails(phrase, key)
    if isinstance(phrase.head, Ref) and phrase.head.text == "stop":
        return Reaction("stop", 0)
    if isinstance(phrase.head, Ref):
        reader.unknown_word(phrase.head.written, phrase.head.span, _REACTIONS, "action")
    else:
        reader.shape(key, _REACTIONS, phrase.span)
    return None


# --- caps ------------------------------------------------------------------------------------------------------------


def limit(reader: Reader, statement: nodes.AtMost) -> Limit | None:
    """`at most 2 per calendar month for value.regular`, `at most 1 per 7d via cn.sms`."""
    key, phrase = "at most", statement.limit
    reader.tails(phrase, key, "per", "for", "via")
    number = reader.count(phrase.head, key, most=MAX_CAP)
    window = _cap_window(reader, key, phrase)
    whom, via = phrase.tail("for"), phrase.tail("via")
    band: tuple[str, str] | None = ("", "")
    if whom is not None:
        band = None
        if isinstance(whom.value, Ref):
            band = Conditions(reader, events=False).band(whom.value)
        else:
            reader.shape(key, Typed("for value.regular"), whom.span)
    channel: str | None = ""
    if via is not None and isinstance(via.value, Ref):
        entity = reader.names.resolve(reader.bag, reader.module, via.value, "channel")
        channel = None if entity is None else entity.name
    if number is None or window is None or band is None or channel is None:
        return None
    return Limit(number, window, band[0], band[1], channel, statement.span)


def own_cap(reader: Reader, prop: nodes.Property) -> Limit | None:
    """`4 per calendar month`: what the platform of a channel delivers to one person."""
    key, phrase = prop.key.text, prop.value
    reader.tails(phrase, key, "per")
    number = reader.count(phrase.head, key, most=MAX_CAP)
    window = _cap_window(reader, key, phrase, (Typed("4 per calendar month"), Typed("1 per 7d")))
    return None if number is None or window is None else Limit(number, window, "", "", "", prop.value.span)


_AT_MOST: Final = (Typed("at most 3 per 30d"), Typed("at most 2 per calendar month"))


def _cap_window(
    reader: Reader, key: str, phrase: Phrase, examples: tuple[Typed, ...] = _AT_MOST
) -> Rolling | Calendar | None:
    per = phrase.tail("per")
    if per is None:
        reader.shape(key, examples, phrase.span)
        return None
    match per.value:
        case nodes.Unit(name="day" | "week" | "month" as unit, calendar=True):
            return Calendar("day" if unit == "day" else "week" if unit == "week" else "month")
        case nodes.Unit(name="day" | "week" | "month" as unit):
            # Vendors differ on what "per week" means: a window that moves, or the week of the calendar.
            days = {"day": Typed("1d"), "week": Typed("7d"), "month": Typed("30d")}[unit]
            told = diagnostic("WK2114", per.span, unit=Word(unit), days=days)
            reader.bag.add(told)
            return None
        case _:
            length = reader.elapsed(per.value, key) if not isinstance(per.value, nodes.Unit) else None
            if isinstance(per.value, nodes.Unit):
                reader.shape(key, (Typed("per 30d"), Typed("per calendar month")), per.span)
            return None if length is None else Rolling(length.seconds)
