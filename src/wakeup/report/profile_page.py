"""A portrait of customers as one page: pictures where people would rather look, the same tables below them."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from wakeup.customers.causes import ASLEEP_DAYS, RULES
from wakeup.customers.profile import Cell, Histogram, Profile
from wakeup.report.charts import BLUE, Bar, bars
from wakeup.report.markup import Safe, element, join, void
from wakeup.report.numbers import NOTHING
from wakeup.report.page import framed
from wakeup.report.parts import Block, Section
from wakeup.report.profile import Edge, band, count, head_line, money_of
from wakeup.report.speech import Speech
from wakeup.report.tables import table
from wakeup.terms.language import Language

Each = TypeVar("Each")

_PALEST: Final = 0.08
_DARKEST: Final = 0.6
"""How much blue the emptiest and the fullest cell of a heat map have; on both, black letters are read easily."""


def profile_html(
    profile: Profile, *, currency: str, minor_digits: int, zone: str, lang: Language = "en", causes: bool = True
) -> bytes:
    """Return a portrait as one UTF-8 HTML page; arguments of `report.profile.show_profile`.

    Raises:
        WakeupError: WK6009, the extra `wakeup[report]` is not installed.
    """
    s, money = Speech(lang), money_of(currency, minor_digits)
    unit = s.unit(currency)
    sections = [
        *_histograms(profile, s, unit, money),
        _grid(profile, s, unit, money),
        _crossed(profile, s, unit, money),
        *_causes(profile, s, unit, money, shown=causes),
        *_reach(profile, s),
        *_known(profile, s),
    ]
    title = s.say("Your customers")
    first = join(element("h1", title), element("p", head_line(profile, s, zone), class_="lead"))
    return framed(title, first, sections, Safe(""), element("footer", "wakeup"), lang)


def _histograms(profile: Profile, s: Speech, unit: str, money: Edge) -> list[Section]:
    wanted = (
        (s.say("Days since the last order"), profile.dormancy, count),
        (s.say("Number of orders"), profile.orders, count),
        (s.say("Average order value, {currency}", currency=unit), profile.value, money),
    )
    return [
        Section(title, _quantiles(histogram, s, edge), (_picture(histogram, s, edge),))
        for title, histogram, edge in wanted
        if histogram.quantiles
    ]


def _picture(histogram: Histogram, s: Speech, edge: Edge) -> Block:
    whole = sum(histogram.counts)
    rows = [
        (band(s, each, edge), number, s.quantity(number / whole, "share"))
        for each, number in zip(histogram.bands, histogram.counts, strict=True)
        if number or each.low is not None
    ]
    picture = bars([Bar(name, number, share) for name, number, share in rows], {"": BLUE})
    head = ("", s.say("Customers"), s.say("Share"))
    return Block(table(head, [(name, f"{number:,}", share) for name, number, share in rows]), (picture,))


def _quantiles(histogram: Histogram, s: Speech, edge: Edge) -> str:
    parts = [
        s.say("{share} have at most {value}", share=f"{share:.0%}", value=edge(value))
        for share, value in histogram.quantiles
    ]
    return s.say("Of them {parts}.", parts=s.say("; ").join(parts))


def _grid(profile: Profile, s: Speech, unit: str, money: Edge) -> Section:
    """Return recency by frequency scores as a heat map: how many, and what an order of theirs is worth."""
    scores = range(1, len(profile.rfm) + 1)
    head = [s.say("frequency {score}", score=score) for score in scores]
    names = [s.say("recency {score}", score=score) for score in reversed(scores)]
    note = s.say(
        "Customers, and below the median of their average order value in {currency}. Score 5: the fifth that ordered "
        "last, or most often; equal numbers share a score, so some cells are empty.",
        currency=unit,
    )

    def shown(cell: Cell) -> Safe:
        value = NOTHING if cell.value is None else money(cell.value)
        return join(f"{cell.customers:,}", void("br"), element("small", value))

    heat = _heat(head, names, profile.rfm, lambda cell: cell.customers, shown)
    return Section(s.say("Recency by frequency"), note, (Block(heat),))


def _crossed(profile: Profile, s: Speech, unit: str, money: Edge) -> Section:
    heat = _heat(
        [band(s, each, money) for each in profile.value.bands],
        [band(s, each, count) for each in profile.dormancy.bands],
        profile.table,
        lambda cell: cell,
        lambda cell: Safe(f"{cell:,}"),
    )
    title = s.say("Days since the last order by average order value")
    return Section(title, s.say("days, by {currency}", currency=unit), (Block(heat),))


def _heat(
    head: Sequence[str],
    names: Sequence[str],
    cells: Sequence[Sequence[Each]],
    size: Callable[[Each], int],
    shown: Callable[[Each], Safe],
) -> Safe:
    """Return a table whose cells are the bluer the more people they have."""
    most = max((size(cell) for row in cells for cell in row), default=0) or 1

    def coloured(cell: Each) -> Safe:
        part = size(cell) / most
        depth = f"rgba(0, 114, 178, {_PALEST + (_DARKEST - _PALEST) * part**0.5:.2f})" if part else ""
        return element("td", shown(cell), class_="number", style=f"background: {depth}" if depth else "")

    top = element("tr", element("th", ""), *(element("th", each, scope="col", class_="number") for each in head))
    rows = [
        element("tr", element("th", name, scope="row"), *(coloured(cell) for cell in row))
        for name, row in zip(names, cells, strict=True)
    ]
    box = element("table", element("thead", top), element("tbody", *rows), class_="heat")
    return element("div", box, class_="scroll", tabindex="0")


def _causes(profile: Profile, s: Speech, unit: str, money: Edge, *, shown: bool) -> list[Section]:
    asleep = sum(cell.customers for cell in profile.causes)
    if not shown or not asleep:
        return []
    head = (s.say("Cause"), s.say("Rule"), s.say("People"), s.say("Share"), s.say("Days asleep"))
    rows = [
        (
            s.told(rule.title),
            s.told(rule.told),
            f"{cell.customers:,}",
            s.quantity(cell.customers / asleep, "share"),
            NOTHING if cell.days is None else count(cell.days),
            NOTHING if cell.value is None else money(cell.value),
        )
        for rule, cell in zip(RULES, profile.causes, strict=True)
    ]
    note = s.say(
        "A guess for those asleep {days} days or more: the first rule that fits. Days and order value are medians. A "
        "campaign may declare rules of its own.",
        days=ASLEEP_DAYS,
    )
    made = table((*head, s.say("Order, {currency}", currency=unit)), rows, words=2)
    return [Section(s.say("Why they may sleep"), note, (Block(made),))]


def _reach(profile: Profile, s: Speech) -> list[Section]:
    if not profile.reach:
        return []
    head = (s.say("Channel"), s.say("Yes"), s.say("No"), s.say("Blank (means no)"), s.say("Reached"))
    rows = [
        (
            s.word(each.channel) if s.lang == "zh" else each.channel,
            *(f"{number:,}" for number in (each.yes, each.no, each.blank)),
            s.quantity(each.yes / profile.customers, "share"),
        )
        for each in profile.reach
    ]
    anyhow = profile.reachable or 0
    rows.append((s.say("any of them"), f"{anyhow:,}", "", "", s.quantity(anyhow / profile.customers, "share")))
    return [Section(s.say("Consent by channel"), "", (Block(table(head, rows)),))]


def _known(profile: Profile, s: Speech) -> list[Section]:
    def told(name: str, number: int) -> tuple[str, str, str]:
        return name, f"{number:,}", s.quantity(number / profile.customers, "share")

    found = []
    if profile.tags:
        rows = [told(tag, number) for tag, number in profile.tags]
        made = table((s.say("Tag"), s.say("Customers"), s.say("Share")), rows)
        found.append(Section(s.say("Tags"), "", (Block(made),)))
    if profile.fields:
        rows = [told(name, number) for name, _, number in profile.fields]
        made = table((s.say("Field"), s.say("Known for"), s.say("Share")), rows)
        found.append(Section(s.say("Own fields"), "", (Block(made),)))
    return found
