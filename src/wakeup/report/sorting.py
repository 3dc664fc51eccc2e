"""How a campaign sorts its people, on a terminal."""

from collections.abc import Sequence

from rich.console import Console

from wakeup.customers.profile import Sorted
from wakeup.report.numbers import NOTHING, bare
from wakeup.report.speech import Speech
from wakeup.report.terminal import table
from wakeup.terms.language import Language


def show_sorting(
    tiers: Sequence[Sorted], console: Console, *, currency: str, minor_digits: int, lang: Language = "en"
) -> None:
    """Print a table for each tier and for the causes of sleep; days asleep and order value are medians."""
    s = Speech(lang)
    for each in tiers:
        people = sum(part.customers for part in each.parts)
        rows = [
            (
                part.band or s.say("in no band"),
                f"{part.customers:,}",
                s.quantity(part.customers / people if people else None, "share"),
                f"{part.taken:,}",
                NOTHING if part.days is None else f"{part.days:,}",
                NOTHING if part.value is None else bare(part.value / 10**minor_digits, currency),
            )
            for part in each.parts
        ]
        head = (s.say("Band"), s.say("People"), s.say("Share"), s.say("In a journey"), s.say("Days asleep"))
        order = s.say("Order, {currency}", currency=s.unit(currency))
        title = s.say("Causes: {name}", name=each.tier) if each.by_rule else s.say("Tier: {name}", name=each.tier)
        console.print(table(title, (*head, order), rows))
