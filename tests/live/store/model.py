"""What a store is, in dictionaries: the model that the databases are held against."""

from attrs import define, evolve, field

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.live.rows import Enrolment, Entry, Outgoing, SendState
from wakeup.live.store.protocol import Consent, Switch

LOOKED_AT = (SendState.READY, SendState.INFLIGHT, SendState.DOUBT)


@define
class Model:
    people: dict[tuple[str, int, int], Enrolment] = field(factory=dict)
    shared: dict[str, str] = field(factory=dict)
    entries: list[Entry] = field(factory=list)
    sends: dict[str, Outgoing] = field(factory=dict)
    codes: dict[tuple[str, str], tuple[str, int | None]] = field(factory=dict)
    events: set[tuple[str, str]] = field(factory=set)
    inbox: list[tuple[str, Answer, int | None]] = field(factory=list)
    consents: list[Consent] = field(factory=list)
    switches: dict[str, Switch] = field(factory=dict)
    epoch: int = 0

    def of(self, campaign: str) -> list[Enrolment]:
        found = [each for each in self.people.values() if each.campaign == campaign]
        return sorted(found, key=lambda each: (each.customer, each.occurrence))

    def due(self, campaign: str, kind: str, now: int) -> list[Enrolment]:
        found = [each for each in self.of(campaign) if getattr(each, kind) is not None and getattr(each, kind) <= now]
        return sorted(found, key=lambda each: getattr(each, kind))

    def next_instant(self, campaign: str) -> int | None:
        people = [t for each in self.of(campaign) for t in (each.due, each.lapse) if t is not None]
        ready = [
            each.not_before for each in self.sends.values() if each.campaign == campaign and each.state in LOOKED_AT
        ]
        answers = [answer.t for name, answer, _ in self.inbox if name == campaign]
        return min([*people, *ready, *answers], default=None)

    def sends_due(self, campaign: str, now: int) -> list[Outgoing]:
        mine = [each for each in self.sends.values() if (each.campaign, each.not_before <= now) == (campaign, True)]
        order = sorted(mine, key=lambda each: (each.not_before, each.decided, each.customer, each.ref))
        return [each for each in order if each.state in LOOKED_AT]

    def enrol(self, people: list[Enrolment]) -> int:
        before = len(self.people)
        for each in people:
            self.people.setdefault((each.campaign, each.customer, each.occurrence), each)
        return len(self.people) - before

    def keep(self, people: list[Enrolment]) -> None:
        for each in people:
            if (each.campaign, each.customer, each.occurrence) in self.people:
                self.people[each.campaign, each.customer, each.occurrence] = each

    def claim(self, send: Outgoing) -> bool:
        there = self.sends.get(send.ref)
        if there is None or there.state is not SendState.READY:
            return False
        self.sends[send.ref] = send
        return True

    def settle(self, send: Outgoing, epoch: int) -> bool:
        there = self.sends.get(send.ref)
        if there is None or there.epoch != epoch:
            return False
        self.sends[send.ref] = send
        return True

    def receive(self, answer: Answer, customer: int | None) -> int:
        if (answer.source, answer.event_id) in self.events:
            return 0
        self.events.add((answer.source, answer.event_id))
        send = self.sends.get(answer.ref)
        who = send.customer if customer is None and send else customer
        member = sorted({each.campaign for each in self.people.values() if each.customer == customer})
        names = [answer.campaign] if answer.campaign else [send.campaign] if send else member
        self.inbox += [(name, evolve(answer, customer=""), who) for name in names]
        if who is not None and answer.kind in (AnswerKind.OPTED_OUT, AnswerKind.COMPLAINED):
            channel = "" if answer.kind is AnswerKind.COMPLAINED else send.channel if send else answer.channel
            self.consents.append(Consent(who, channel, False, answer.t, answer.source))
        return 1

    def waiting(self, campaign: str, now: int) -> list[tuple[Answer, int | None]]:
        mine = [(answer, who) for name, answer, who in self.inbox if name == campaign and answer.t <= now]
        return sorted(mine, key=lambda each: (each[0].t, each[1] or 0))

    def give(self, campaign: str, incentive: str, code: str, customer: int) -> bool:
        listed = self.codes.get((campaign, code))
        if listed is not None and listed != (incentive, None):
            return False
        self.codes[campaign, code] = incentive, customer
        return True

    def next_code(self, campaign: str, incentive: str, customer: int) -> str | None:
        for (name, code), (of, who) in self.codes.items():
            if (name, of, who) == (campaign, incentive, None):
                self.codes[name, code] = incentive, customer
                return code
        return None

    def said(self, customer: int) -> dict[str, bool]:
        mine = sorted((each for each in self.consents if each.customer == customer), key=lambda each: each.t)
        said: dict[str, bool] = {}
        for each in mine:
            said = said if each.channel else dict.fromkeys(said, each.allowed)
            said[each.channel] = each.allowed
        return said
