"""The changes of `protocol.Work`, written once for both databases."""

from collections.abc import Iterable, Sequence
from typing import Final

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.live.rows import Enrolment, Entry, Outgoing
from wakeup.live.store import audit, erasing
from wakeup.live.store.answers import to_text
from wakeup.live.store.protocol import Consent, Customer, DuplicateSend, Switch, Version
from wakeup.live.store.reading import OPEN_STATES, Reading
from wakeup.live.store.session import Session, Value, signed, unsigned

_ENROL: Final = (
    "INSERT INTO enrolments (version, journey, held_out, status, due, lapse, state, campaign, customer, occurrence)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_KEEP: Final = (
    "UPDATE enrolments SET version = ?, journey = ?, held_out = ?, status = ?, due = ?, lapse = ?, state = ?"
    " WHERE campaign = ? AND customer = ? AND occurrence = ?"
)
_WRITE: Final = (
    "INSERT INTO entries (campaign, customer, t, kind, journey, step, message, channel, incentive, reason, arm, amount,"
    " subsidised) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_DECIDE: Final = (
    "INSERT INTO sends (state, live, attempt, not_before, first_attempt, lease, epoch, fingerprint, payload,"
    " provider_id, evidence, settled, claim, ref, campaign, customer, occurrence, journey, step, nth, message, channel,"
    " variant, decided, deadline)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_CHANGE_SEND: Final = (
    "UPDATE sends SET state = ?, live = ?, attempt = ?, not_before = ?, first_attempt = ?, lease = ?, epoch = ?,"
    " fingerprint = ?, payload = ?, provider_id = ?, evidence = ?, settled = ?, claim = ? WHERE ref = ?"
)
_CLAIM: Final = f"{_CHANGE_SEND} AND state = 'ready'"
_SETTLE: Final = f"{_CHANGE_SEND} AND epoch = ?"
_GIVE: Final = (
    "INSERT INTO codes (campaign, incentive, code, customer) VALUES (?, ?, ?, ?) ON CONFLICT (code, campaign)"
    " DO UPDATE SET customer = excluded.customer"
    " WHERE codes.customer IS NULL AND codes.incentive = excluded.incentive"
)
_NEXT_CODE: Final = (
    "SELECT place, code FROM codes WHERE campaign = ? AND incentive = ? AND customer IS NULL ORDER BY place LIMIT 1"
)
_ONCE: Final = "INSERT INTO events (source, event_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
_RECEIVE: Final = "INSERT INTO inbox (campaign, t, customer, known, taken, body) VALUES (?, ?, ?, ?, 0, ?)"
_CAMPAIGNS_OF: Final = "SELECT DISTINCT campaign FROM enrolments WHERE customer = ? ORDER BY campaign"
_REFUSALS: Final = frozenset({AnswerKind.OPTED_OUT, AnswerKind.COMPLAINED})
_ADD_CUSTOMER: Final = (
    "INSERT INTO customers (customer, sealed_id, sealed_addresses, lookup) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (customer) DO UPDATE SET sealed_id = excluded.sealed_id,"
    " sealed_addresses = excluded.sealed_addresses, lookup = excluded.lookup"
)


class Working(Reading):
    """Questions and changes in one transaction; see `protocol.Work`."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._noted: set[str] = set()

    def keep_shared(self, campaign: str, shared: str) -> None:
        """Replace the shared state."""
        self._campaigns([campaign])
        self.session.change(
            "INSERT INTO shared (campaign, state) VALUES (?, ?)"
            " ON CONFLICT (campaign) DO UPDATE SET state = excluded.state",
            (campaign, shared),
        )

    def add_version(self, version: Version) -> None:
        """Take up a plan version as the newest; the newest again changes nothing."""
        self._campaigns([version.campaign])
        sql = "SELECT version FROM versions WHERE campaign = ? ORDER BY place DESC LIMIT 1"
        if self.session.rows(sql, (version.campaign,)) == [(version.version,)]:
            return
        # A version that comes back is the newest again: whoever starts `run` with its file must not be asked for ever.
        named = (version.campaign, version.version)
        self.session.change("DELETE FROM versions WHERE campaign = ? AND version = ?", named)
        self.session.change(
            "INSERT INTO versions (campaign, version, plan, since, approved) VALUES (?, ?, ?, ?, ?)",
            (version.campaign, version.version, version.plan, version.since, version.approved),
        )

    def enrol(self, people: Sequence[Enrolment]) -> int:
        """Add enrolments; returns how many are new."""
        self._campaigns(each.campaign for each in people)
        gone = self._forgotten([each.customer for each in people])
        return self.session.many(_ENROL, [_person_values(each) for each in people if each.customer not in gone])

    def keep(self, people: Sequence[Enrolment]) -> None:
        """Replace enrolments; who was erased meanwhile stays erased."""
        self.session.many(_KEEP, [_person_values(each) for each in people])

    def write(self, entries: Sequence[Entry]) -> None:
        """Append rows to the trace."""
        self.session.many(_WRITE, [_entry_values(each) for each in entries])

    def decide(self, send: Outgoing) -> None:
        """Add a send.

        Raises:
            DuplicateSend: there is one with this key.
        """
        self.decide_all([send])

    def decide_all(self, sends: Sequence[Outgoing]) -> None:
        """Add sends.

        Raises:
            DuplicateSend: there is one with such a key.
        """
        added = self.session.many(_DECIDE, [(*_send_changes(each), *_send_values(each)) for each in sends])
        if added != len(sends):
            raise DuplicateSend(sends[0].ref if len(sends) == 1 else f"one of {len(sends)} sends")

    def claim(self, send: Outgoing) -> bool:
        """READY -> INFLIGHT; False if it is not READY any more."""
        return self.session.change(_CLAIM, (*_send_changes(send), send.ref)) == 1

    def settle(self, send: Outgoing, epoch: int) -> bool:
        """Replace a send by its new state if its epoch is still `epoch`; else False."""
        return self.settle_all([send], epoch)[0]

    def settle_all(self, sends: Sequence[Outgoing], epoch: int) -> list[bool]:
        """`settle` for many at once."""
        rows = [(*_send_changes(each), each.ref, epoch) for each in sends]
        return [changed == 1 for changed in self.session.each(_SETTLE, rows)]

    def lease_of(self, holder: str, now: int, seconds: int) -> int:
        """Give an executor a new fencing epoch."""
        self.session.decide_alone()
        sql = "INSERT INTO leases (holder, since, until) VALUES (?, ?, ?) RETURNING epoch"
        return int(self.session.rows(sql, (holder, now, now + seconds))[0][0])

    def renew_lease(self, epoch: int, until: int) -> None:
        """Note that an executor lives until an instant."""
        self.session.change("UPDATE leases SET until = ? WHERE epoch = ?", (until, epoch))

    def give_code(self, campaign: str, incentive: str, customer: int, code: str) -> bool:
        """Note a code as given, for good; False if it was ever given before."""
        return self.session.change(_GIVE, (campaign, incentive, code, signed(customer))) == 1

    def list_codes(self, campaign: str, incentive: str, codes: Sequence[str]) -> int:
        """Add codes to give; known ones are left out. Returns how many are new."""
        sql = "INSERT INTO codes (campaign, incentive, code) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        return self.session.many(sql, [(campaign, incentive, code) for code in codes])

    def next_code(self, campaign: str, incentive: str, customer: int) -> str | None:
        """Give the next listed code, None if there is none."""
        rows = self.session.rows(_NEXT_CODE, (campaign, incentive))
        if not rows:
            return None
        place, code = rows[0]
        self.session.change("UPDATE codes SET customer = ? WHERE place = ?", (signed(customer), place))
        return str(code)

    def owner_of(self, campaign: str, code: str) -> tuple[str, int] | None:
        """(incentive, customer) to whom a code was given."""
        owners = [(incentive, who) for name, incentive, who in self.owners_of(code) if name == campaign]
        return owners[0] if owners else None

    def receive(self, answers: Sequence[tuple[Answer, int | None]]) -> int:
        """Put answers with their customer into the inbox; returns how many events are new."""
        fresh = self._fresh(answers)
        refs = sorted({answer.ref for answer, _ in fresh if answer.ref})
        told = self.session.found(
            "SELECT campaign, customer, channel FROM sends WHERE ref = ?", [(ref,) for ref in refs]
        )
        sends = dict(zip(refs, told, strict=True))
        gone = self._forgotten([key for _, key in fresh if key is not None])
        people = [None if key in gone else key for _, key in fresh]
        known = sorted({signed(key) for key in people if key is not None})
        found = self.session.found(_CAMPAIGNS_OF, [(key,) for key in known])
        campaigns: dict[int | None, list[str]] = {
            unsigned(key): [name for (name,) in each] for key, each in zip(known, found, strict=True)
        }
        rows: list[tuple[Value, ...]] = []
        refusals: list[Consent] = []
        for (answer, _), key in zip(fresh, people, strict=True):
            send = sends.get(answer.ref)
            who = unsigned(send[0][1]) if key is None and send else key
            named = [answer.campaign] if answer.campaign else [send[0][0]] if send else campaigns.get(key, [])
            body = to_text(answer)
            rows += [(name, answer.t, signed(who or 0), int(who is not None), body) for name in named]
            if answer.kind in _REFUSALS and who is not None:
                channel = send[0][2] if send else answer.channel
                everywhere = answer.kind is AnswerKind.COMPLAINED
                refusals.append(Consent(who, "" if everywhere else channel, False, answer.t, answer.source))
        self.session.many(_RECEIVE, rows)
        self.consent(refusals)
        return len(fresh)

    def once(self, source: str, event_id: str) -> bool:
        """Note that something was told; False if it was told before."""
        return self.session.change(_ONCE, (source, event_id)) == 1

    def taken(self, places: Sequence[int]) -> None:
        """Note that answers have been worked into the campaign."""
        self.session.many("UPDATE inbox SET taken = 1 WHERE place = ?", [(place,) for place in places])

    def add_customers(self, customers: Sequence[Customer]) -> None:
        """Add people, or replace their sealed parts; who was erased is not added again."""
        gone = self._forgotten([each.key for each in customers])
        staying = [each for each in customers if each.key not in gone]
        rows = [(signed(each.key), each.sealed_id, each.sealed_addresses, each.lookup) for each in staying]
        self.session.many(_ADD_CUSTOMER, rows)
        self.session.many("DELETE FROM addresses WHERE customer = ?", [(signed(each.key),) for each in staying])
        addresses = [(lookup, signed(each.key)) for each in staying for lookup in each.found_by]
        self.session.many("INSERT INTO addresses (lookup, customer) VALUES (?, ?) ON CONFLICT DO NOTHING", addresses)

    def reseal(self, customers: Sequence[Customer]) -> None:
        """Replace the sealed parts of people and nothing else."""
        sql = "UPDATE customers SET sealed_id = ?, sealed_addresses = ? WHERE customer = ?"
        self.session.many(sql, [(each.sealed_id, each.sealed_addresses, signed(each.key)) for each in customers])

    def consent(self, consents: Sequence[Consent]) -> None:
        """Note what people allow or forbid."""
        self.session.many(
            "INSERT INTO consents (customer, channel, allowed, t, source) VALUES (?, ?, ?, ?, ?)",
            [(signed(each.customer), each.channel, int(each.allowed), each.t, each.source) for each in consents],
        )

    def order(self, campaign: str, switch: Switch, t: int, who: str) -> None:
        """Pause, resume, stop.

        Raises:
            WakeupError: WK7031, the campaign was stopped, which is for good.
        """
        self._campaigns([campaign])
        now = self.switch(campaign)
        if now is switch:
            return
        if now is Switch.STOPPED:
            raise WakeupError([diagnostic("WK7031", campaign=campaign)])
        # Compared again as it is written: on a server somebody else may have stopped it this very moment.
        sql = "UPDATE campaigns SET switch = ?, since = ?, who = ? WHERE name = ? AND switch <> 'stopped'"
        if self.session.change(sql, (str(switch), t, who, campaign)) != 1:
            raise WakeupError([diagnostic("WK7031", campaign=campaign)])
        self.note(t, who, f"{switch} {campaign}")

    def erase(self, key: int, t: int, who: str) -> bool:
        """Forget a person; False if unknown."""
        if not erasing.erase(self.session, key):
            return False
        self.note(t, who, "erased a person")
        return True

    def purge(self, before: int) -> int:
        """Empty payloads and inbox bodies of what was settled before an instant."""
        return erasing.purge(self.session, before)

    def note(self, t: int, who: str, what: str) -> None:
        """Append to the audit log."""
        audit.append(self.session, t, who, what)

    def _campaigns(self, names: Iterable[str]) -> None:
        new = sorted(set(names) - self._noted)
        if new:
            sql = "INSERT INTO campaigns (name, switch, since, who) VALUES (?, 'running', 0, '') ON CONFLICT DO NOTHING"
            self.session.many(sql, [(name,) for name in new])
            self._noted.update(new)

    def _fresh(self, answers: Sequence[tuple[Answer, int | None]]) -> list[tuple[Answer, int | None]]:
        # In one order for everybody, so that two processes that are told the same do not wait for each other in a ring.
        order = sorted(range(len(answers)), key=lambda at: (answers[at][0].source, answers[at][0].event_id))
        added = self.session.each(_ONCE, [(answers[at][0].source, answers[at][0].event_id) for at in order])
        return [answers[at] for at in sorted(at for at, new in zip(order, added, strict=True) if new)]

    def _forgotten(self, keys: Sequence[int]) -> set[int]:
        if not keys or not self.session.rows("SELECT 1 FROM forgotten LIMIT 1"):
            return set()
        marks = [(erasing.mark_of(self.session.keys, key),) for key in keys]
        found = self.session.found("SELECT 1 FROM forgotten WHERE mark = ?", marks)
        return {key for key, rows in zip(keys, found, strict=True) if rows}


def _person_values(each: Enrolment) -> tuple[Value, ...]:
    return (
        each.version,
        each.journey,
        int(each.held_out),
        each.status,
        each.due,
        each.lapse,
        each.state,
        each.campaign,
        signed(each.customer),
        each.occurrence,
    )


def _entry_values(each: Entry) -> tuple[Value, ...]:
    return (
        each.campaign,
        signed(each.customer),
        each.t,
        each.row.name.lower(),
        each.journey,
        each.step,
        each.message,
        each.channel,
        each.incentive,
        each.reason.name.lower(),
        each.arm,
        each.amount,
        int(each.subsidised),
    )


def _send_changes(each: Outgoing) -> tuple[Value, ...]:
    return (
        str(each.state),
        int(each.state in OPEN_STATES),
        each.attempt,
        each.not_before,
        each.first_attempt,
        each.lease,
        each.epoch,
        each.fingerprint,
        each.payload,
        each.provider_id,
        each.evidence,
        each.settled,
        each.claim,
    )


def _send_values(each: Outgoing) -> tuple[Value, ...]:
    return (
        each.ref,
        each.campaign,
        signed(each.customer),
        each.occurrence,
        each.journey,
        each.step,
        each.nth,
        each.message,
        each.channel,
        each.variant,
        each.decided,
        each.deadline,
    )
