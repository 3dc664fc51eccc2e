"""Where each part of the plan was written: a side table outside the fingerprints."""

from collections.abc import Iterator

from attrs import evolve

from wakeup.compile.frame import used
from wakeup.lang import checked as c
from wakeup.lang.checked import Checked
from wakeup.lang.project import Module
from wakeup.plan.model import Origin, Plan
from wakeup.source import Span


def origins(checked: Checked, plan: Plan) -> Plan:
    """Addresses are `kind:name`; steps of a journey `journey:NAME/step:STEP`."""
    return evolve(plan, origins=tuple(_origins(checked, plan)))


def _origins(checked: Checked, plan: Plan) -> Iterator[Origin]:
    yield _origin(checked, "campaign", checked.campaign.entity.module, checked.campaign.entity.span)
    for bands in checked.tiers.values():
        yield _origin(checked, f"tier:{bands.tier.name}", bands.entity.module, bands.entity.span)
    names = used(checked)
    kept = {
        "channel": names.channels,
        "message": names.messages,
        "incentive": names.incentives,
        "staff": names.staff,
    }
    for namespace in ("channel", "message", "incentive", "staff", "cost", "scenario", "guard"):
        for declared in checked.of(namespace):
            if declared.name in kept.get(namespace, {declared.name}):
                yield _origin(checked, f"{namespace}:{declared.name}", declared.entity.module, declared.entity.span)
    for journey in checked.journeys:
        yield from _journey(checked, journey)


def _journey(checked: Checked, journey: c.Journey) -> Iterator[Origin]:
    module = journey.entity.module
    yield _origin(checked, f"journey:{journey.name}", module, journey.entity.span)
    seen: dict[str, int] = {}
    for step in c.walk(journey.steps):
        if isinstance(step, c.Send):
            seen[step.message] = seen.get(step.message, 0) + 1
            name = step.message if seen[step.message] == 1 else f"{step.message}#{seen[step.message]}"
            yield _origin(checked, f"journey:{journey.name}/step:{name}", module, step.span)


def _origin(checked: Checked, address: str, module: Module, span: Span) -> Origin:
    line, column = module.source.position(span.start)
    # Relative to the root of the project: the same on every machine.
    path = module.path.removeprefix(checked.project.root.rstrip("/") + "/")
    return Origin(address, path, line, column)
