"""People whom nothing can reach: conditions nobody meets, journeys behind others."""

from collections.abc import Iterator, Mapping

from wakeup.diagnostics import Bag, Diagnostic, Label, Say, diagnostic
from wakeup.lang.checked import Checked, Journey
from wakeup.lang.predicates import Conditions
from wakeup.lang.reader import Reader
from wakeup.plan import sets
from wakeup.plan.model import Tier
from wakeup.plan.shadows import Taken
from wakeup.source import Span


def tiers_of(checked: Checked) -> Mapping[str, Tier]:
    """The tiers by name."""
    return {name: bands.tier for name, bands in checked.tiers.items()}


def nobody(checked: Checked) -> Iterator[Diagnostic]:
    """The audience, and every segment, can hold somebody."""
    tiers = tiers_of(checked)
    if not sets.satisfiable(checked.audience, tiers):
        yield diagnostic("WK3301", checked.campaign.span("audience"))
    for segment in checked.names.of("segment"):
        where = segment.decl.prop("where")
        if where is None:
            continue
        reader = Reader(Bag(), checked.names, segment.module, checked.currency, checked.zone)
        predicate = Conditions(reader, events=False).read(where.value.head)
        if predicate is not None and not sets.satisfiable(predicate, tiers):
            yield diagnostic("WK3301", where.value.span)


def journeys(checked: Checked) -> Iterator[Diagnostic]:
    """Every journey can get somebody: of the audience, and left over by those before it."""
    tiers = tiers_of(checked)
    if not sets.satisfiable(checked.audience, tiers):
        return
    taken = Taken(tiers)
    for journey in checked.journeys:
        mine = sets.both(checked.audience, journey.match)
        if not sets.satisfiable(mine, tiers):
            label = Label(checked.campaign.span("audience"), Say("the audience"))
            yield diagnostic("WK3302", _place(journey), labels=(label,), name=journey.name)
        elif by := tuple(checked.journeys[number] for number in taken.whole(mine)):
            yield diagnostic("WK3303", _place(journey), labels=_taken_by(by), name=journey.name)
        taken.add(journey.match)


def _taken_by(journeys: tuple[Journey, ...]) -> tuple[Label, ...]:
    if len(journeys) == 1:
        (first,) = journeys
        return (Label(_place(first), Say("`{name}` takes them first", name=first.name)),)
    return tuple(Label(_place(each), Say("takes some of them first")) for each in journeys)


def _place(journey: Journey) -> Span:
    return journey.entity.span if journey.scope is None else journey.scope.span
