"""A store in memory with the protocol of the real ones: the seeded simulator's. The process dies and the data stay.

A transaction works on the tables and keeps what it changed; an exception puts it back. What the database itself must do
(durability, locks) is none of its business.
"""

import copy
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from wakeup.channels.protocol import Answer
from wakeup.live.rows import Enrolment, Entry, Outgoing
from wakeup.live.store.protocol import Consent, Customer, DuplicateSend, Queued, Switch, Version

ABSENT = object()


class Table(dict[Any, Any]):
    """A table that notes how to undo what is done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[tuple[Any, Any]] = []

    def put(self, key: Any, value: Any) -> None:
        self.log.append((key, self.get(key, ABSENT)))
        self[key] = value

    def undo(self) -> None:
        for key, before in reversed(self.log):
            if before is ABSENT:
                del self[key]
            else:
                self[key] = before
        self.log.clear()


class MemoryStore:
    """Tables, and the transactions on them. `durable` counts what was committed."""

    address = "memory:"

    def __init__(self) -> None:
        self.tables: dict[str, Table] = defaultdict(Table)
        self.durable = 0
        self.entered = False

    @contextmanager
    def work(self, campaign: str = "") -> Iterator["MemoryWork"]:
        assert not self.entered, "a transaction within a transaction"
        self.entered = True
        try:
            yield MemoryWork(self.tables)
        except BaseException:
            for table in self.tables.values():
                table.undo()
            raise
        else:
            for table in self.tables.values():
                table.log.clear()
            self.durable += 1
        finally:
            self.entered = False

    @contextmanager
    def read(self) -> Iterator["MemoryWork"]:
        yield MemoryWork(self.tables)

    def check(self) -> list[str]:
        return []

    def close(self) -> None:
        """Nothing to give back."""


class MemoryWork:
    """One transaction."""

    def __init__(self, tables: dict[str, Table]) -> None:
        self.t = tables

    # -- reading

    def campaigns(self) -> list[str]:
        return sorted({campaign for campaign, _ in self.t["versions"]})

    def versions(self, campaign: str) -> list[Version]:
        return [each for (name, _), each in self.t["versions"].items() if name == campaign]

    def shared(self, campaign: str) -> str:
        return str(self.t["shared"].get(campaign, ""))

    def person(self, campaign: str, customer: int, occurrence: int = 0) -> Enrolment | None:
        return copy.copy(self.t["people"].get((campaign, customer, occurrence)))

    def persons(self, campaign: str, keys: Sequence[tuple[int, int]]) -> list[Enrolment]:
        found = (self.person(campaign, *key) for key in keys)
        return [each for each in found if each is not None]

    def people(self, campaign: str, status: str | None = None, after: int = -1, limit: int = 1000) -> list[Enrolment]:
        own = [each for each in self.t["people"].values() if each.campaign == campaign and each.customer > after]
        own = [each for each in own if status is None or each.status == status]
        return [copy.copy(each) for each in sorted(own, key=lambda each: each.customer)[:limit]]

    def count(self, campaign: str) -> Mapping[str, int]:
        return Counter(each.status for each in self.t["people"].values() if each.campaign == campaign)

    def due(self, campaign: str, kind: str, now: int, limit: int) -> list[Enrolment]:
        found = []
        for each in self.t["people"].values():
            at = getattr(each, kind)
            if each.campaign == campaign and at is not None and at <= now:
                found.append((at, each.customer, each))
        return [copy.copy(each) for _, _, each in sorted(found, key=lambda row: row[:2])[:limit]]

    def next_instant(self, campaign: str) -> int | None:
        at: list[int] = []
        for each in self.t["people"].values():
            if each.campaign == campaign:
                at += [when for when in (each.due, each.lapse) if when is not None]
        at += [each.not_before for each in self.t["sends"].values() if each.campaign == campaign and _open(each)]
        taken = self.t["taken"]
        at += [each.answer.t for place, each in self.t["inbox"].items() if place not in taken]
        return min(at, default=None)

    def outgoing(self, ref: str) -> Outgoing | None:
        return copy.copy(self.t["sends"].get(ref))

    def sends(self, campaign: str, states: Iterable[str], limit: int = 1000) -> list[Outgoing]:
        wanted = set(states)
        own = [each for each in self.t["sends"].values() if each.campaign == campaign and each.state in wanted]
        own.sort(key=lambda each: (each.first_attempt, each.decided, each.customer))
        return [copy.copy(each) for each in own[:limit]]

    def sends_due(self, campaign: str, now: int, limit: int) -> list[Outgoing]:
        own = [each for each in self.t["sends"].values() if each.campaign == campaign and _open(each)]
        own = [each for each in own if each.not_before <= now]
        own.sort(key=lambda each: (each.not_before, each.decided, each.customer))
        return [copy.copy(each) for each in own[:limit]]

    def unconfirmed(self, campaign: str, before: int, limit: int) -> list[Outgoing]:
        own = [each for each in self.sends(campaign, ["waiting"], 1 << 60) if each.deadline <= before]
        return sorted(own, key=lambda each: (each.deadline, each.customer))[:limit]

    def send_counts(self, campaign: str) -> Mapping[tuple[str, str], int]:
        own = (each for each in self.t["sends"].values() if each.campaign == campaign)
        return Counter((each.channel, each.state.value) for each in own)

    def entries(self, campaign: str, after: int = 0, limit: int = 10_000) -> list[tuple[int, Entry]]:
        own = [(seq, each) for seq, each in self.t["rows"].items() if seq > after and each.campaign == campaign]
        return own[:limit]

    def entries_of(self, campaign: str, customer: int) -> list[Entry]:
        return [each for _, each in self.entries(campaign, 0, 1 << 60) if each.customer == customer]

    def waiting(self, campaign: str, now: int, limit: int) -> list[Queued]:
        taken = self.t["taken"]
        own = [each for place, each in self.t["inbox"].items() if place not in taken and each.answer.t <= now]
        own.sort(key=lambda each: (each.answer.t, -1 if each.customer is None else each.customer, each.place))
        return own[:limit]

    def customer(self, key: int) -> Customer | None:
        found: Customer | None = self.t["customers"].get(key)
        return found

    def find(self, lookup: str) -> int | None:
        return next((each.key for each in self.t["customers"].values() if each.lookup == lookup), None)

    def consents(self, customer: int) -> Mapping[str, bool]:
        return {channel: each.allowed for (who, channel), each in self.t["consents"].items() if who == customer}

    def consents_of(self, customers: Sequence[int]) -> list[Mapping[str, bool]]:
        return [self.consents(each) for each in customers]

    def switch(self, campaign: str) -> Switch:
        return Switch(self.t["switches"].get(campaign, Switch.RUNNING))

    def codes_left(self, campaign: str, incentive: str) -> int:
        return sum(each is None for each in self._listed(campaign, incentive).values())

    def owner_of(self, campaign: str, code: str) -> tuple[str, int] | None:
        found: tuple[str, int] | None = self.t["codes"].get((campaign, code))
        return found

    def _listed(self, campaign: str, incentive: str) -> dict[str, int | None]:
        return {key[2]: owner for key, owner in self.t["listed"].items() if key[:2] == (campaign, incentive)}

    # -- writing

    def keep_shared(self, campaign: str, shared: str) -> None:
        self.t["shared"].put(campaign, shared)

    def add_version(self, version: Version) -> None:
        if (version.campaign, version.version) not in self.t["versions"]:
            self.t["versions"].put((version.campaign, version.version), version)

    def enrol(self, people: Sequence[Enrolment]) -> int:
        new = [each for each in people if _key(each) not in self.t["people"]]
        self.keep(new)
        return len(new)

    def keep(self, people: Sequence[Enrolment]) -> None:
        for each in people:
            self.t["people"].put(_key(each), copy.copy(each))

    def write(self, entries: Sequence[Entry]) -> None:
        for each in entries:
            self.t["rows"].put(len(self.t["rows"]) + 1, each)

    def decide(self, send: Outgoing) -> None:
        if send.ref in self.t["sends"]:
            raise DuplicateSend(send.ref)
        self.t["sends"].put(send.ref, copy.copy(send))

    def decide_all(self, sends: Sequence[Outgoing]) -> None:
        for each in sends:
            self.decide(each)

    def settle_all(self, sends: Sequence[Outgoing], epoch: int) -> list[bool]:
        return [self.settle(each, epoch) for each in sends]

    def claim(self, send: Outgoing) -> bool:
        here = self.t["sends"].get(send.ref)
        if here is None or here.state != "ready":
            return False
        self.t["sends"].put(send.ref, copy.copy(send))
        return True

    def settle(self, send: Outgoing, epoch: int) -> bool:
        here = self.t["sends"].get(send.ref)
        if here is None or here.epoch != epoch:
            return False
        self.t["sends"].put(send.ref, copy.copy(send))
        return True

    def lease_of(self, holder: str, now: int, seconds: int) -> int:
        epoch = self.t["epochs"].get("last", 0) + 1
        self.t["epochs"].put("last", epoch)
        return int(epoch)

    def renew_lease(self, epoch: int, until: int) -> None:
        self.t["leases"].put(epoch, until)

    def give_code(self, campaign: str, incentive: str, customer: int, code: str) -> bool:
        if (campaign, code) in self.t["codes"]:
            return False
        self.t["codes"].put((campaign, code), (incentive, customer))
        return True

    def list_codes(self, campaign: str, incentive: str, codes: Sequence[str]) -> int:
        new = [each for each in codes if (campaign, incentive, each) not in self.t["listed"]]
        for each in new:
            self.t["listed"].put((campaign, incentive, each), None)
        return len(new)

    def next_code(self, campaign: str, incentive: str, customer: int) -> str | None:
        code = next((code for code, owner in self._listed(campaign, incentive).items() if owner is None), None)
        if code is not None:
            self.t["listed"].put((campaign, incentive, code), customer)
            self.give_code(campaign, incentive, customer, code)
        return code

    def receive(self, answers: Sequence[tuple[Answer, int | None]]) -> int:
        new = 0
        for answer, customer in answers:
            if (answer.source, answer.event_id) not in self.t["events"]:
                place = len(self.t["events"]) + 1
                self.t["events"].put((answer.source, answer.event_id), place)
                self.t["inbox"].put(place, Queued(place, answer, customer))
                new += 1
        return new

    def taken(self, places: Sequence[int]) -> None:
        for place in places:
            self.t["taken"].put(place, True)

    def add_customers(self, customers: Sequence[Customer]) -> None:
        for each in customers:
            self.t["customers"].put(each.key, each)

    def consent(self, consents: Sequence[Consent]) -> None:
        for each in consents:
            self.t["consents"].put((each.customer, each.channel), each)

    def order(self, campaign: str, switch: Switch, t: int, who: str) -> None:
        if self.switch(campaign) is not Switch.STOPPED:
            self.t["switches"].put(campaign, switch)
            self.note(t, who, switch.value)

    def note(self, t: int, who: str, what: str) -> None:
        self.t["audit"].put(len(self.t["audit"]), (t, who, what))


def _key(each: Enrolment) -> tuple[str, int, int]:
    return each.campaign, each.customer, each.occurrence


def _open(each: Outgoing) -> bool:
    return each.state in {"ready", "inflight", "doubt"}
