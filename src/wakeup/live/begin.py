"""The beginning of a campaign in a store, in one transaction: plan, people, addresses; and its later versions."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
from attrs import evolve, frozen

from wakeup.customers.population import Field, Population
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.live.core.enrol import Admission, admit
from wakeup.live.core.person import load, save
from wakeup.live.core.shared import read, to_json
from wakeup.live.core.versions import adoptable
from wakeup.live.core.world import terms
from wakeup.live.requests import MASK
from wakeup.live.sealed import sealed_customer
from wakeup.live.store.protocol import Customer, Store, Version, Work
from wakeup.plan.fingerprint import fingerprints
from wakeup.plan.json import plan_from_json, plan_to_json
from wakeup.plan.model import Plan
from wakeup.terms.variables import NAMES

SLICE = 5_000
"""People written at a time."""


@frozen
class Approval:
    """Who approved a version, and when (seconds UTC)."""

    who: str
    t: int


def admitted(plan: Plan, people: Population, texts: Iterable[str] = ()) -> Admission:
    """Return who takes part as the data say. States are not sealed: names are masked, and of other columns only those
    are kept that the plan names, or one of the `texts` that go out besides."""
    return admit(plan, plan.name, _masked(_named(plan, people, texts)))


def begin(
    store: Store,
    plan: Plan,
    admission: Admission,
    people: Population,
    addresses: Mapping[str, Mapping[str, str]],
    approval: Approval,
) -> int:
    """Take up a campaign: all of it is durable, or none. Returns how many are enrolled newly.

    addresses: by id of the customer, see `customers.addresses`.

    Raises:
        WakeupError: WK7164, another campaign of the store has another currency.
    """
    with store.work(plan.name) as work:
        _check_currency(work, plan)
        work.add_version(_version(plan, approval))
        shared = read(work.shared(plan.name), plan)
        shared.eligible, shared.no_journey = admission.eligible, admission.no_journey
        work.keep_shared(plan.name, to_json(shared))
        enrolled = iter(admission.people)
        new = 0
        while some := list(islice(enrolled, SLICE)):
            new += work.enrol(some)
        sealed = _sealed(store, admission, people, addresses)
        while some_people := list(islice(sealed, SLICE)):
            work.add_customers(some_people)
        work.note(approval.t, approval.who, f"begin {plan.name} {fingerprints(plan).conduct}")
    return new


def _check_currency(work: Work, plan: Plan) -> None:
    """Refuse a currency that is not that of the store's other campaigns: orders come in without saying in which."""
    for name in work.campaigns():
        other = plan_from_json(work.versions(name)[-1].plan.encode())
        if other.currency != plan.currency:
            raise WakeupError([diagnostic("WK7164", name=plan.name, own=plan.currency, other=name, its=other.currency)])


def take_up(store: Store, plan: Plan, approval: Approval, *, adopt: bool) -> int:
    """Take up a new version of a campaign that is under way. Who is under way keeps their version; with `adopt` they
    take the new wording where nothing else changes for them. Returns how many did."""
    new = fingerprints(plan).conduct
    changed = 0
    with store.work(plan.name) as work:
        work.add_version(_version(plan, approval))
        if adopt:
            own = {each.version: terms(plan_from_json(each.plan.encode()), plan) for each in work.versions(plan.name)}
            after = -1
            while found := work.people(plan.name, after=after, limit=SLICE):
                after = found[-1].customer
                waiting = [load(each) for each in found if each.version != new and each.status in ("planned", "inside")]
                adopting = [each for each in waiting if adoptable(own[each.version], own[new], each)]
                for person in adopting:
                    person.version = new
                work.keep([save(each) for each in adopting])
                changed += len(adopting)
        work.note(approval.t, approval.who, f"version {plan.name} {new}")
    return changed


def list_codes(store: Store, campaign: str, codes: Mapping[str, Sequence[str]], approval: Approval) -> dict[str, int]:
    """Add codes of the shop's list, by incentive; from now on it has no others. Returns how many are new."""
    with store.work(campaign) as work:
        plan = plan_from_json(work.versions(campaign)[-1].plan.encode())
        shared = read(work.shared(campaign), plan)
        new = {name: work.list_codes(campaign, name, each) for name, each in codes.items()}
        shared.listed = sorted({*shared.listed, *codes})
        work.keep_shared(campaign, to_json(shared))
        counts = ", ".join(f"{name}: {count}" for name, count in new.items())
        work.note(approval.t, approval.who, f"codes {campaign} {counts}")
    return new


def _version(plan: Plan, approval: Approval) -> Version:
    return Version(plan.name, fingerprints(plan).conduct, plan_to_json(plan).decode(), approval.t, approval.who)


def _sealed(
    store: Store, admission: Admission, people: Population, addresses: Mapping[str, Mapping[str, str]]
) -> Iterator[Customer]:
    places = np.searchsorted(people.key, np.array([each.customer for each in admission.people], dtype=np.uint64))
    for row, place in zip(admission.people, places.tolist(), strict=True):
        customer_id = str(people.ids[place])
        yield sealed_customer(store.keys, row.customer, customer_id, addresses.get(customer_id, {}))


def _named(plan: Plan, people: Population, texts: Iterable[str]) -> Population:
    told = "\n".join((plan_to_json(plan).decode(), *texts))
    fields = {name: each for name, each in people.fields.items() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told)}
    return evolve(people, fields=fields)


def _masked(people: Population) -> Population:
    fields = {
        name: Field("text", np.where(each.values >= 0, 0, -1).astype(np.int32), (MASK,))
        if name in NAMES and each.kind == "text"
        else each
        for name, each in people.fields.items()
    }
    return evolve(people, fields=fields)
