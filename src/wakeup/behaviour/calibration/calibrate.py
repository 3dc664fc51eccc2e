"""All of calibration: from a company's past to rows."""

from collections.abc import Mapping
from datetime import UTC, datetime

from wakeup.behaviour.calibration.believed import Believed
from wakeup.behaviour.calibration.coming import REDEMPTION
from wakeup.behaviour.calibration.effects import INCREMENTAL, learn_effects
from wakeup.behaviour.calibration.funnel import FUNNEL, Gathering, gather_channels, gather_offers
from wakeup.behaviour.calibration.learnt import Calibration, Kept, Learnt, in_order
from wakeup.behaviour.calibration.orders import learn_orders
from wakeup.behaviour.calibration.rates import learn_cells
from wakeup.behaviour.calibration.redeeming import learn_redemption
from wakeup.customers.past import Contacts, Past
from wakeup.customers.zones import local_day
from wakeup.diagnostics import Diagnostic, Say
from wakeup.terms.behaviour import parameters


def calibrate(past: Past, *, minor_digits: int, zone: str, days: Mapping[str, int] | None = None) -> Calibration:
    """Return what the logs say; amounts have `minor_digits`, days are those of the IANA `zone`.

    days: length of each challenge by the name of its activity.
    """
    before = local_day(past.as_of, zone).isoformat()
    learnt, kept = learn_orders(past.snapshots, past.baskets, minor_digits=minor_digits, before=before)
    told: tuple[Diagnostic, ...] = ()
    if past.contacts is not None:
        source = _source(past.contacts)
        learnt += _contacts(past.contacts, days or {}, source)
        learnt += learn_redemption(past.contacts, Believed.of(learnt), source)
        found = learn_effects(past.contacts, past.units, Believed.of(learnt), minor_digits=minor_digits, source=source)
        learnt, kept, told = [*learnt, *found.learnt], [*kept, *found.kept], found.told
    return Calibration(in_order(learnt), (*kept, *_left(learnt, kept, past)), told)


def _contacts(contacts: Contacts, days: Mapping[str, int], source: str) -> list[Learnt]:
    gathered = Gathering()
    gather_channels(contacts, gathered)
    gather_offers(contacts, days, gathered)
    return learn_cells(gathered.cells, source)


def _source(contacts: Contacts) -> str:
    before = datetime.fromtimestamp(contacts.end, UTC).date().isoformat()
    campaigns = "1 campaign" if contacts.campaigns == 1 else f"{contacts.campaigns} campaigns"
    return f"fitted to {{sample}} of {campaigns} before {before}"


def _left(learnt: list[Learnt], kept: list[Kept], past: Past) -> list[Kept]:
    told = {each.row.parameter for each in learnt} | {name for each in kept for name in each.parameters}
    left = [name for name in parameters() if name not in told]
    known = (*FUNNEL, *INCREMENTAL, *REDEMPTION)
    missing = Say(
        "there is no log of touches and outcomes" if past.contacts is None else "the logs tell too little of it"
    )
    groups = (
        (tuple(name for name in left if name in known), missing),
        (tuple(name for name in left if name not in known), Say("no log tells it: declare it, or run a pilot")),
    )
    return [Kept(names, why) for names, why in groups if names]
