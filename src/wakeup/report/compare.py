"""What differs between two plans, in words: for a terminal, and as Markdown for a comment under a change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeGuard

from attrs import frozen
from rich.console import Console

from wakeup.figures.differences import ClaimDifference, Difference, Differences, Within
from wakeup.plan.diff import changes_text, diff
from wakeup.report import markdown as md
from wakeup.report.numbers import NOTHING, bare
from wakeup.report.prose import Prose
from wakeup.report.speech import Speech
from wakeup.report.terminal import table
from wakeup.report.words import FIGURES, GROUPS
from wakeup.terms.language import Language

KEY_FIGURES: Final = (
    "targeted", "sent", "woken", "orders", "complained", "opted_out", "spent", "profit", "wake_rate",
)  # fmt: skip
"""What a Markdown comment shows before anybody unfolds the rest."""

BY_GROUP: Final = ("sent", "wake_rate", "incremental_orders", "incremental_profit")
"""Whose change is shown of each tier, arm and scenario; more does not fit."""

_PROFIT: Final = "incremental_profit"
_MOST_RELATIVE: Final = 10.0
"""A change of more than ten times the old profit is told in money: a share of next to nothing says nothing."""


@frozen
class Sheet:
    """A table: title, head, rows; the first `words` columns are text, the others numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1


def show(found: Differences, console: Console, lang: Language = "en") -> None:
    """Print a comparison: what was edited, what that changes in a sentence, and in tables."""
    s = Speech(lang)
    for line in (*_edits(found, s).split("\n"), headline(found, s), *_remarks(found, s), ""):
        console.print(Prose(line))
    for sheet in _sheets(found, s):
        if sheet.rows:
            console.print(table(sheet.title, sheet.head, sheet.rows, words=sheet.words))
    for line in _notes(found, s):
        console.print(Prose(line))


def markdown(found: Differences, lang: Language = "en") -> str:
    """Return a comparison as Markdown: a sentence, the edits, the key figures, and the rest to be unfolded.

    Names that authors chose are escaped: they neither format anything nor call anybody.
    """
    s = Speech(lang)
    parts = [f"**{md.escaped(headline(found, s))}**"]
    parts += [md.escaped(line) for line in _remarks(found, s)]
    parts.append(md.fenced(_edits(found, s)))
    key = _figures(found, s, KEY_FIGURES)
    if key.rows:
        parts.append(md.table(key.head, key.rows, words=key.words))
    parts += [
        md.folded(sheet.title, md.table(sheet.head, sheet.rows, words=sheet.words))
        for sheet in _sheets(found, s)
        if sheet.rows
    ]
    parts += [md.escaped(line) for line in _notes(found, s)]
    return "\n\n".join(parts) + "\n"


# --- sentences -------------------------------------------------------------------------------------------------------


def headline(found: Differences, s: Speech) -> str:
    """Return the comparison in one sentence: "+12,400 sends, −3.0 % incremental profit (−5.0 to −1.0), 410 people newly
    over the cap."."""
    if not found.changes:
        return s.say("Every figure stays the same.")
    sent = found.figures["sent"].change
    sends = s.say("{number} sends", number=bare(sent, "count", change=True)) if sent else s.say("As many sends")
    parts = [sends, _profit(found.figures[_PROFIT], s)]
    cap = found.people.refused.get("cap")
    if cap is not None and cap.newly:
        parts.append(s.say("{people} newly over the cap", people=_people(cap.newly, s)))
    if cap is not None and cap.no_longer:
        parts.append(s.say("{people} no longer over the cap", people=_people(cap.no_longer, s)))
    return s.say("{sentence}.", sentence=s.say(", ").join(parts))


def _profit(profit: Difference, s: Speech) -> str:
    if not profit.changes:
        return s.say("the same incremental profit")
    if profit.relative is None or profit.change is None or not profit.old or profit.old <= 0:
        return _profit_in_money(profit, s)
    each = profit.relative / profit.change if profit.change else 1 / profit.old
    shares = [None if value is None else value * each for value in (profit.change, profit.low, profit.high)]
    if any(value is not None and abs(value) > _MOST_RELATIVE for value in shares):
        return _profit_in_money(profit, s)
    change, low, high = (_percent(value) for value in shares)
    if profit.low is None:
        return s.say("{change} % incremental profit", change=change)
    return s.say("{change} % incremental profit ({low} to {high})", change=change, low=low, high=high)


def _profit_in_money(profit: Difference, s: Speech) -> str:
    amount = s.quantity(profit.change, profit.unit, change=True)
    if profit.low is None:
        return s.say("{amount} incremental profit", amount=amount)
    interval = s.interval(profit.low, profit.high, profit.unit, change=True)
    return s.say("{amount} incremental profit ({interval})", amount=amount, interval=interval)


def _percent(share: float | None) -> str:
    """Return a share in percent with its sign, without the mark; a decimal below 10."""
    return NOTHING if share is None else bare(round(share * 1000) / 10, "count", change=True)


def _people(number: int, s: Speech) -> str:
    return s.say("1 person") if number == 1 else s.say("{number} people", number=f"{number:,}")


def _remarks(found: Differences, s: Speech) -> Iterator[str]:
    """Yield what else must be said before the tables."""
    profit, n = found.figures[_PROFIT], found.replications
    if profit.higher is not None and profit.lower is not None and profit.changes and n > 1:
        yield s.say(
            "Of {all} replications the new plan earns more in {more}, less in {less}.",
            all=n,
            more=round(profit.higher * n),
            less=round(profit.lower * n),
        )
    if profit.low is not None and profit.high is not None and profit.low < 0 < profit.high:
        yield s.say("Whether it earns more or less is not sure: the interval holds zero.")
    reached = found.people.reached
    if reached.only_old or reached.only_new:
        yield s.say(
            "Newly sent a message: {gained}. Sent none any more: {lost}.",
            gained=_people(reached.only_new, s),
            lost=_people(reached.only_old, s),
        )
    for each in found.expectations:
        if each.new_status == "failed":
            yield (
                s.say("The new plan no longer meets an expectation: {claim}.", claim=each.text)
                if each.old_status == "ok"
                else s.say("The new plan does not meet an expectation: {claim}.", claim=each.text)
            )
    if not found.same_control:
        yield s.say("Other people are held out: the campaigns differ in name or in the size of their control group.")


def _notes(found: Differences, s: Speech) -> Iterator[str]:
    unchanged = sum(not _tells(found.figures.get(name)) for name in FIGURES)
    if found.changes:
        yield s.say(
            "Figures that stay the same, or nearly, are left out: {number}. Shares change by points.", number=unchanged
        )
    yield s.say(
        "Both plans on the same {customers} customers with the same luck, {number} times (seed {seed}).",
        customers=f"{found.customers:,}",
        number=found.replications,
        seed=found.seed,
    )
    if found.replications == 1:
        yield s.say("A single replication has no intervals: simulate more of them.")
    elif found.changes:
        yield s.say(
            "Intervals hold 90 % of the differences between replications: chance in the simulation, and what nobody "
            "knows about these customers, which both plans share. They are not what a live A/B test would show: that "
            "would compare different people, and scatter more."
        )
    if any(each.newly or each.no_longer for each in found.people.refused.values()):
        yield s.say("People newly refused, or no longer: in one run with every assumption at its median.")


def _edits(found: Differences, s: Speech) -> str:
    """Return the edits, one a line, as `wakeup plan --against` prints them."""
    return changes_text(diff(*found.plans, s.lang), s.lang)


# --- tables ----------------------------------------------------------------------------------------------------------


def _sheets(found: Differences, s: Speech) -> Iterator[Sheet]:
    yield _figures(found, s, FIGURES)
    yield _claims(found, s)
    yield _groups(found, s)
    yield _scenarios(found, s)
    yield _budget(found, s)
    yield _refusals(found, s)


def _figures(found: Differences, s: Speech, names: Sequence[str] | Mapping[str, object]) -> Sheet:
    """Return the figures that change and, beneath each, how much of it the campaign causes."""
    rows: list[tuple[str, ...]] = []
    for group in GROUPS:
        for name in (each for each in names if FIGURES[each].group == group):
            label = s.told(FIGURES[name].label)
            if group == GROUPS[-1]:
                label = s.say("{figure}, after the run", figure=label)
            rows += _figure(label, found.figures.get(name), s)
            rows += _caused(found.figures.get(f"incremental_{name}"), s)
    head = (s.say("Figure"), *_before_and_after(s))
    return Sheet(s.say("Figures that change"), head, tuple(rows))


def _before_and_after(s: Speech) -> tuple[str, ...]:
    return s.say("Old"), s.say("New"), s.say("Change"), s.say("Low"), s.say("High")


def _tells(found: Difference | None) -> TypeGuard[Difference]:
    """Return whether a figure changes by more than its last digit shows."""
    if found is None or not found.changes:
        return False
    amounts = _amounts(found)
    return NOTHING in amounts[:3] or any(digit in "123456789" for digit in "".join(amounts[2:]))


def _figure(label: str, found: Difference | None, s: Speech) -> Iterator[tuple[str, ...]]:
    if _tells(found):
        # The others are told by the label.
        unit = s.unit(found.unit) if found.unit == "share" or found.unit.isupper() else ""
        named = s.say("{figure}, {unit}", figure=label, unit=unit) if unit else label
        yield (named, *_amounts(found))


def _caused(found: Difference | None, s: Speech) -> Iterator[tuple[str, ...]]:
    if _tells(found):
        yield ("  " + s.say("caused by the campaign"), *_amounts(found, change=True))


def _amounts(found: Difference, *, change: bool = False) -> tuple[str, ...]:
    """Return old, new (with a sign where they are themselves a `change`), change, low, high."""
    values = (bare(value, found.unit, change=change) for value in (found.old, found.new))
    return (*values, *(bare(value, found.unit, change=True) for value in (found.change, found.low, found.high)))


def _claims(found: Differences, s: Speech) -> Sheet:
    rows = [(s.say("goal"), *_claim(each, s), "", "") for each in found.goals]
    for each in found.expectations:
        asked = s.say("always") if each.sure is None else s.chance(each.sure)
        status = "" if each.new_status is None else s.short_status(each.new_status)
        rows.append((s.say("expect"), *_claim(each, s), asked, status))
    head = ("", s.say("What"), s.say("Old"), s.say("New"), s.say("Asked"), s.say("Status"))
    return Sheet(s.say("Goals and expectations: how often they hold"), head, tuple(rows), 2)


def _claim(each: ClaimDifference, s: Speech) -> tuple[str, ...]:
    return each.text, s.chance(each.old), s.chance(each.new)


def _groups(found: Differences, s: Speech) -> Sheet:
    shown = [each for each in found.groups if each.by.startswith(("tier:", "arm:"))]
    rows = [
        (_only(_group_name(each.by, s), each.within, s), *_changes(each.figures))
        for each in shown
        if each.within != "both" or any(each.figures[name].changes for name in BY_GROUP)
    ]
    return Sheet(s.say("Change by tier and arm"), (s.say("Group"), *_heads(s)), tuple(rows))


def _group_name(by: str, s: Speech) -> str:
    if not by.startswith("arm:"):
        return s.scope(by)
    place, arm = by.removeprefix("arm:").rsplit("=", maxsplit=1)
    return s.arm(place.rsplit("/", maxsplit=1)[-1], arm)


def _only(name: str, within: Within, s: Speech) -> str:
    match within:
        case "old":
            return s.say("{name} (only in the old plan)", name=name)
        case "new":
            return s.say("{name} (only in the new plan)", name=name)
        case "both":
            return name


def _scenarios(found: Differences, s: Speech) -> Sheet:
    groups = [(s.say("base"), found.figures), *found.scenarios.items()] if found.scenarios else []
    rows = tuple((name, *_changes(figures)) for name, figures in groups)
    return Sheet(s.say("Change by scenario"), (s.say("Scenario"), *_heads(s)), rows)


def _heads(s: Speech) -> tuple[str, ...]:
    return s.say("Sent"), s.say("Wake rate"), s.say("+ orders"), s.say("+ profit"), s.say("Low"), s.say("High")


def _changes(figures: Mapping[str, Difference]) -> tuple[str, ...]:
    told = [bare(figures[name].change, figures[name].unit, change=True) for name in BY_GROUP]
    profit = figures[_PROFIT]
    return (*told, *(bare(value, profit.unit, change=True) for value in (profit.low, profit.high)))


def _budget(found: Differences, s: Speech) -> Sheet:
    rows = [
        (
            _only(each.line or s.say("(no line)"), each.within, s),
            *_amounts(each.spent),
            bare(each.limit_old if each.within == "old" else each.limit_new, found.currency),
        )
        for each in found.budget
        if any(line.within != "both" or line.spent.changes or line.limit_old != line.limit_new for line in found.budget)
    ]
    head = (s.say("Line"), *_before_and_after(s), s.say("Limit"))
    return Sheet(s.say("Spent by budget line, {currency}", currency=s.unit(found.currency)), head, tuple(rows))


def _refusals(found: Differences, s: Speech) -> Sheet:
    rows = []
    for what, counts in ((s.say("not sent"), found.reasons), (s.say("held"), found.delays)):
        for name, each in sorted(counts.items(), key=lambda item: (-abs(item[1].change or 0.0), item[0])):
            people = found.people.refused.get(name) if counts is found.reasons else None
            moved = (NOTHING, NOTHING) if people is None else (f"{people.newly:,}", f"{people.no_longer:,}")
            if each.changes or (people is not None and (people.newly or people.no_longer)):
                rows.append((s.short_reason(name), what, *_amounts(each), *moved))
    head = (s.say("Reason"), "", *_before_and_after(s), s.say("Newly"), s.say("No longer"))
    return Sheet(s.say("Not sent, or held for a while: times, and people"), head, tuple(rows), 2)
