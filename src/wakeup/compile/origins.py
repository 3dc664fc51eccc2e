"""Where each part of the plan was written: a side table outside the fingerprints."""

from collections.abc import Iterator

from attrs import evolve

from wakeup.compile.frame import used
from wakeup.compile.journeys import StepNames
from wakeup.lang import checked as c
from wakeup.lang.checked import Checked
from wakeup.lang.project import Module
from wakeup.plan.model import Origin, Plan
from wakeup.source import Span

_COUNTED = ("stock", "codes", "count", "seats", "places")
"""Properties that preflight points at: how many there are."""


def origins(checked: Checked, plan: Plan) -> Plan:
    """Addresses are `kind:name`; parts of it follow a slash: `journey:NAME/step:STEP`, `tier:NAME/band:BAND`."""
    return evolve(plan, origins=tuple(_origins(checked, plan)))


def _origins(checked: Checked, plan: Plan) -> Iterator[Origin]:
    yield from _campaign(checked)
    yield from _customers(checked)
    for bands in checked.tiers.values():
        yield _origin(checked, f"tier:{bands.tier.name}", bands.entity.module, bands.entity.span)
        for band, span in bands.of():
            yield _origin(checked, f"tier:{bands.tier.name}/band:{band.name}", bands.entity.module, span)
    names = used(checked)
    kept = {
        "channel": names.channels,
        "message": names.messages,
        "incentive": names.incentives,
        "staff": names.staff,
    }
    for namespace in ("channel", "message", "incentive", "staff", "cost", "scenario", "guard", "phase"):
        for declared in checked.of(namespace):
            if declared.name in kept.get(namespace, {declared.name}):
                yield _origin(checked, f"{namespace}:{declared.name}", declared.entity.module, declared.entity.span)
                yield from _properties(checked, f"{namespace}:{declared.name}", declared, _COUNTED)
    for journey in checked.journeys:
        yield from _journey(checked, journey)


def _campaign(checked: Checked) -> Iterator[Origin]:
    module = checked.campaign.entity.module
    yield _origin(checked, "campaign", module, checked.campaign.entity.span)
    yield from _properties(checked, "campaign", checked.campaign, ("audience", "holdout"))
    if checked.budget is not None:
        at = checked.budget.span
        module = next(each for each in checked.project if each.source.name == at.source)
        yield _origin(checked, "budget", module, at)
        for line in checked.budget.lines:
            yield _origin(checked, f"budget/line:{line.name}", module, line.span)


def _customers(checked: Checked) -> Iterator[Origin]:
    """Own fields, tags and categories, where they were declared."""
    own = checked.names.own
    if own is None:
        return
    modules = {module.source.name: module for module in checked.project}
    for (_, name), place in own.places.items():
        yield _origin(checked, f"customers/{name}", modules[place.source], place)


def _properties(checked: Checked, address: str, declared: c.Declared, keys: tuple[str, ...]) -> Iterator[Origin]:
    """The values of some properties, where they were said."""
    for key in keys:
        if declared.entity.decl.prop(key) is not None:
            yield _origin(checked, f"{address}/{key}", declared.entity.module, declared.span(key))


def _journey(checked: Checked, journey: c.Journey) -> Iterator[Origin]:
    module = journey.entity.module
    yield _origin(checked, f"journey:{journey.name}", module, journey.entity.span)
    if journey.entry is not None:
        yield _origin(checked, f"journey:{journey.name}/start", module, journey.entry.span)
    names = StepNames()
    for step in c.walk(journey.steps):
        if isinstance(step, c.Send | c.Grant):
            yield _origin(checked, f"journey:{journey.name}/step:{names.of(step)}", module, step.span)
        elif isinstance(step, c.Split):
            yield _origin(checked, f"journey:{journey.name}/split:{step.name}", module, step.span)


def _origin(checked: Checked, address: str, module: Module, span: Span) -> Origin:
    line, column = module.source.position(span.start)
    return Origin(address, checked.project.below_root(module), line, column)
