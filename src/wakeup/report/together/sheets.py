"""What several campaigns come to, in tables that a terminal and a page share."""

from collections.abc import Iterator, Mapping
from typing import Final

from wakeup.figures.differences import Difference
from wakeup.figures.together import Presence, Together
from wakeup.report.compare import Sheet
from wakeup.report.numbers import bare
from wakeup.report.speech import Speech
from wakeup.report.together.sentences import PROFIT

SIDE_BY_SIDE: Final = (
    "targeted", "held_out", "touched", "sent", "touches_per_person", "orders", "redemptions", "opted_out", "complained",
    "spent", "incremental_woken", "incremental_orders", "incremental_profit",
)  # fmt: skip
"""Figures that stand side by side, of each campaign and of all."""

_LEAST: Final = 0.5
"""Fewer times more or less are not told: it is luck that decides about them."""

_HELD: Final = frozenset({"held_out"})
"""Figures that are told of a campaign only: of all together, whom nobody treats says little."""


def sheets(found: Together, s: Speech) -> Iterator[Sheet]:
    """Give the tables in order; one without rows is not shown."""
    yield _side_by_side(found, s)
    yield _brought(found, s)
    yield _presence(found, s)
    yield _claims(found, s)
    yield _scenarios(found, s)


def _side_by_side(found: Together, s: Speech) -> Sheet:
    rows: list[tuple[str, ...]] = []
    for name in SIDE_BY_SIDE:
        figures = [each.figures.get(name) for each in found.campaigns]
        whole = None if name in _HELD else found.figures.get(name)
        change = name.startswith("incremental_")
        unit = next((each.unit for each in (*figures, whole) if each is not None), "")
        cells = (None if each is None else each.value for each in (*figures, whole))
        rows.append((_named(name, unit, s), *(bare(each, unit, change=change) for each in cells)))
    profits = [each[PROFIT] for each in (*(one.figures for one in found.campaigns), found.figures)]
    for label, ends in (
        (s.say("low"), [each.low for each in profits]),
        (s.say("high"), [each.high for each in profits]),
    ):
        rows.append((f"  {label}", *(bare(each, found.currency, change=True) for each in ends)))
    return Sheet(s.say("Side by side"), (s.say("Figure"), *found.names, s.say("All")), tuple(rows))


def _named(name: str, unit: str, s: Speech) -> str:
    told = s.unit(unit) if unit == "share" or unit.isupper() else ""
    label = s.say("+ profit") if name == PROFIT else s.label(name)
    return s.say("{figure}, {unit}", figure=label, unit=told) if told else label


def _brought(found: Together, s: Speech) -> Sheet:
    rows = [(each.campaign, *_brings(each.adds)) for each in found.presence]
    rows.append((s.say("All"), *_brings(found.overlap)))
    head = (
        s.say("Campaign"), s.say("orders alone"), s.say("added to it"), s.say("profit alone"), s.say("added to it"),
        s.say("Change"),
    )  # fmt: skip
    title = s.say("What each brings alone, and adds to the others ({currency})", currency=s.unit(found.currency))
    return Sheet(title, head, tuple(rows))


def _brings(adds: Mapping[str, Difference]) -> tuple[str, ...]:
    orders, profit = adds["incremental_orders"], adds[PROFIT]
    return (
        *(bare(value, orders.unit, change=True) for value in (orders.old, orders.new)),
        *(bare(value, profit.unit, change=True) for value in (profit.old, profit.new, profit.change)),
    )


def _presence(found: Together, s: Speech) -> Sheet:
    rows = [(each.campaign, *row) for each in found.presence for row in _moved(each, s)]
    head = (
        s.say("Campaign"), s.say("What"), "", s.say("Alone"), s.say("Together"), s.say("Change"), s.say("Newly"),
    )  # fmt: skip
    return Sheet(s.say("What the others do to it: times, and people newly refused"), head, tuple(rows), 3)


def _moved(each: Presence, s: Speech) -> Iterator[tuple[str, ...]]:
    """Give what differs between a campaign alone and beside the others: sends, people reached, refusals, holds."""
    figures = each.beside.figures
    for name in ("sent", "touched", "redemptions"):
        if figures[name].changes:
            yield (s.label(name), "", *_both(figures[name]), "")
    for what, counts in ((s.say("not sent"), each.beside.reasons), (s.say("held"), each.beside.delays)):
        for name, one in sorted(counts.items(), key=lambda item: (-abs(item[1].change or 0.0), item[0])):
            people = each.beside.people.refused.get(name) if counts is each.beside.reasons else None
            if abs(one.change or 0.0) >= _LEAST or (people is not None and people.newly):
                yield (s.short_reason(name), what, *_both(one), "" if people is None else f"{people.newly:,}")


def _both(found: Difference) -> tuple[str, ...]:
    return bare(found.old, "count"), bare(found.new, "count"), bare(found.change, "count", change=True)


def _claims(found: Together, s: Speech) -> Sheet:
    rows = []
    for result in found.campaigns:
        name = result.plan["name"]
        rows += [(name, s.say("goal"), each.text, s.chance(each.probability), "") for each in result.goals]
        rows += [
            (name, s.say("expect"), each.text, s.chance(each.probability), s.short_status(each.status))
            for each in result.expectations
        ]
    head = (s.say("Campaign"), "", s.say("What"), s.say("Holds"), s.say("Status"))
    return Sheet(s.say("Goals and expectations, beside the others"), head, tuple(rows), 3)


def _scenarios(found: Together, s: Speech) -> Sheet:
    groups = [(s.say("base"), found.figures), *found.scenarios.items()] if found.scenarios else []
    rows = tuple(
        (
            name,
            bare(figures["sent"].value, "count"),
            bare(figures["incremental_orders"].value, "count", change=True),
            bare(figures[PROFIT].value, found.currency, change=True),
            s.interval(figures[PROFIT].low, figures[PROFIT].high, "count", change=True),
        )
        for name, figures in groups
    )
    head = (s.say("Scenario"), s.say("Sent"), s.say("+ orders"), s.say("+ profit"), "90 %")
    return Sheet(s.say("All together under scenarios"), head, rows)
