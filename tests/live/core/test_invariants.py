"""Whatever is told in whatever order: caps, lines, stock, codes, staff and suppression hold after every step.

The world is tight on purpose: two sends a day, a line for nine messages, three coupons, one caller, a rate. Sends are
settled late and in any order, refused, doubted, resolved, repeated; answers come late, twice, for the wrong person.
"""

from collections import Counter

from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.live.core.driving import Drive, crowd, drive, named
from tests.sim.people import key_of
from tests.sim.plans import (
    DAY,
    ENTRY,
    HOUR,
    MINUTE,
    campaign,
    coupon,
    email,
    journey,
    letter,
    nudge,
    send,
    sms,
    wait,
    window,
)

from wakeup.channels.protocol import AnswerKind, Verdict
from wakeup.live.core import versions, watch
from wakeup.live.rows import SendState
from wakeup.plan.model import (
    Activity,
    Budget,
    Cadence,
    Calendar,
    Cap,
    Elapsed,
    Gift,
    Line,
    Quiet,
    Rolling,
    Service,
    Staff,
    Wave,
)

PEOPLE = 5
PRICE = 1_000_000
NAMES = [f"p{number}" for number in range(PEOPLE)]

OLD = campaign(
    journey(
        send("call", "gift5", step="one"), wait(0.5, "click"), send("nudge", "tea", "play", step="two"), wait(0.25),
        send("letter", "gift5", "chat", step="three"), wait(0.1), send("nudge", step="four"),
        wait(0.1), send("nudge", "member", step="five", expires=6 * HOUR),
        goal="", wave=Wave(ENTRY, per_day=3),
    ),
    end=ENTRY + 14 * HOUR + 5 * DAY,
    follow_up=5 * DAY,
    channels=(
        sms(line="sending", rate=2, rate_seconds=10 * MINUTE, quiet=Quiet(window(2, 6))),
        email(line="sending", channel_kind="mini_subscribe"),
        sms(name="phone", channel_kind="phone", line="sending", staff="desk"),
    ),
    messages=(
        nudge(cost_micros=PRICE, fallback="letter"), letter(cost_micros=PRICE),
        nudge(name="call", channel="phone", cost_micros=PRICE, fallback="nudge"),
    ),
    incentives=(
        coupon(stock=3, limit=2, reserve_face=True, line="coupons", days=2),
        Gift("tea", "", 300, Elapsed(DAY), line="gifts", stock=2, bond=Elapsed(DAY)),
        Activity("play", "", "", 1, "gift5", Elapsed(DAY), kind="draw", places=2, wins=1, line="gifts"),
        Service("chat", "", 200, Elapsed(DAY), staff="desk", line="gifts"),
        coupon(name="member", reusable=True, limit=2, stock=2, line="coupons", kind="member_price"),
    ),
    staff=(Staff("desk", 2, 600, window(8, 20)),),
    cadence=Cadence((Cap(3, Rolling(DAY)), Cap(1, Calendar("day"), channel="email")), gap=MINUTE),
    budget=Budget(100_000, (Line("sending", 900), Line("coupons", 1_500), Line("gifts", 5_000)), "sending"),
)  # fmt: skip
NEW = evolve(OLD, messages=(evolve(OLD.messages[0], text="Better"), *OLD.messages[1:]))

UNDER_WAY = (SendState.INFLIGHT, SendState.READY)
NOT_SENT = (SendState.REFUSED,)


class Campaign(RuleBasedStateMachine):
    """A campaign with a world that does as it likes."""

    it: Drive

    @initialize(receipts=st.booleans())
    def begin(self, receipts: bool) -> None:
        consents = {"sms": "yes", "phone": "yes", "mini_subscribe": "yes"}
        self.it = drive(OLD, crowd(PEOPLE, consents=consents), at=ENTRY)
        self.it.receipts = receipts
        self.it.plans = {named(each).version: each for each in (OLD, NEW)}
        self.suppressed: dict[tuple[int, str], int] = {}
        self.seen = 0

    # --- time and sends

    @rule(seconds=st.sampled_from((1, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 12 * HOUR)))
    def time_goes_on(self, seconds: int) -> None:
        self.it.to(self.it.now + seconds)

    @rule(seconds=st.sampled_from((HOUR, DAY, 2 * DAY)))
    def nobody_looks_for_a_while(self, seconds: int) -> None:
        self.it.now += seconds
        self.it.second()

    def _some(self, data: st.DataObject, *states: SendState) -> str:
        return data.draw(st.sampled_from([ref for ref, each in self.it.sends.items() if each.state in states]))

    def _any(self, *states: SendState) -> bool:
        return any(each.state in states for each in self.it.sends.values())

    @precondition(lambda self: self._any(SendState.INFLIGHT))
    @rule(data=st.data(), verdict=st.sampled_from([Verdict.ACCEPTED, *Verdict]), delivered=st.booleans())
    def a_provider_reports(self, data: st.DataObject, verdict: Verdict, delivered: bool) -> None:
        ref = self._some(data, SendState.INFLIGHT)
        if verdict is Verdict.OPTED_OUT:
            self._suppress(self.it.sends[ref].customer, self.it.sends[ref].channel)
        self.it.settle(ref, verdict, delivered=delivered)
        self.it.second()

    @precondition(lambda self: self._any(SendState.INFLIGHT))
    @rule(verdict=st.sampled_from((Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.HANDED_OVER, Verdict.DOUBT)))
    def everything_goes_well(self, verdict: Verdict) -> None:
        for ref in [ref for ref, each in self.it.sends.items() if each.state is SendState.INFLIGHT]:
            self.it.settle(ref, verdict, delivered=verdict is Verdict.ACCEPTED)
            self.it.answer(AnswerKind.HANDLED, self._name(self.it.sends[ref].customer), staff="desk", ref=ref)
        self.it.second()

    @precondition(lambda self: self._any(SendState.READY))
    @rule(data=st.data())
    def a_send_is_claimed_again(self, data: st.DataObject) -> None:
        ref = self._some(data, SendState.READY)
        before = self.it.sends[ref]
        goes = self.it.again(ref)
        if goes:
            channel, customer = before.channel, before.customer
            assert (customer, channel) not in self.suppressed
            assert (customer, "") not in self.suppressed
            assert self.it.now < min(before.deadline, OLD.end)
        self.it.second()

    @precondition(lambda self: self._any(SendState.DOUBT))
    @rule(data=st.data(), sent=st.booleans())
    def a_doubt_is_resolved(self, data: st.DataObject, sent: bool) -> None:
        self.it.doubt_over(self._some(data, SendState.DOUBT), sent)

    @precondition(lambda self: self._any(SendState.DOUBT))
    @rule(data=st.data())
    def a_doubt_is_sent_again(self, data: st.DataObject) -> None:
        ref = self._some(data, SendState.DOUBT)
        before = self.it.sends[ref]
        if self.it.repeat(ref):
            assert (before.customer, before.channel) not in self.suppressed
            assert (before.customer, "") not in self.suppressed
            assert self.it.now < min(before.deadline, OLD.end)
            assert not self.it.person(self._name(before.customer)).reached

    @precondition(lambda self: self._any(SendState.WAITING))
    @rule(data=st.data(), sent=st.booleans())
    def a_person_confirms(self, data: st.DataObject, sent: bool) -> None:
        ref = self._some(data, SendState.WAITING)
        state = SendState.SENT if sent else SendState.REFUSED
        self.it.sends[ref] = evolve(self.it.sends[ref], state=state)
        who = self._name(self.it.sends[ref].customer)
        self.it.answer(AnswerKind.SENT if sent else AnswerKind.NOT_SENT, who, ref=ref)

    # --- answers

    @staticmethod
    def _name(customer: int) -> str:
        return next(name for name in NAMES if key_of(name) == customer)

    def _suppress(self, customer: int, channel: str) -> None:
        self.suppressed.setdefault((customer, channel), self.it.now)

    @precondition(lambda self: self.it.sends)
    @rule(
        data=st.data(),
        kind=st.sampled_from(AnswerKind),
        incentive=st.sampled_from(("", "gift5", "tea", "play", "chat", "member", "none")),
        late=st.sampled_from((0, 0, HOUR, 3 * DAY)),
        wrong=st.booleans(),
    )
    def somebody_answers(self, data: st.DataObject, kind: AnswerKind, incentive: str, late: int, wrong: bool) -> None:
        ref = data.draw(st.sampled_from(list(self.it.sends)))
        send_ = self.it.sends[ref]
        who = data.draw(st.sampled_from(NAMES)) if wrong else self._name(send_.customer)
        if kind in (AnswerKind.SENT, AnswerKind.NOT_SENT):
            return  # of handed-over sends only, see above
        person = self.it.person(who)
        codes = [each.code for each in person.grants.values()] or ["x"]
        redeemed = tuple((code, 500) for code in data.draw(st.lists(st.sampled_from([*codes, "x"]), max_size=2)))
        known = ref in person.touches
        if kind is AnswerKind.OPTED_OUT:
            for channel in [send_.channel] if known else [each.name for each in OLD.channels]:
                self._suppress(person.customer, channel)
        if kind is AnswerKind.COMPLAINED:
            self._suppress(person.customer, "")
        self.it.answer(
            kind, who, t=self.it.now - late, ref=ref, incentive=incentive, amount=6_000,
            redeemed=redeemed if kind is AnswerKind.ORDERED else (),
        )  # fmt: skip
        self.it.second()

    @precondition(lambda self: any(grant.open for grant in self._grants()))
    @rule(data=st.data(), twice=st.booleans(), late=st.sampled_from((0, 0, 6 * HOUR)))
    def somebody_uses_what_they_have(self, data: st.DataObject, twice: bool, late: int) -> None:
        """Claim, join and complete, or order with the code: once more than is allowed, perhaps."""
        held = [(name, each) for name in NAMES for each in self.it.person(name).grants.values() if each.open]
        who, grant = data.draw(st.sampled_from(held))
        t = self.it.now - late
        for _ in range(1 + twice):
            match grant.incentive:
                case "play":
                    self.it.answer(AnswerKind.JOINED, who, t=t, code=grant.code)
                    self.it.answer(AnswerKind.COMPLETED, who, t=t, incentive="play")
                case "tea" | "chat":
                    self.it.answer(AnswerKind.CLAIMED, who, t=t, code=grant.code)
                case _:
                    self.it.answer(AnswerKind.ORDERED, who, t=t, amount=6_000, redeemed=((grant.code, 500),))
        self.it.second()

    @rule(who=st.sampled_from(NAMES), channel=st.sampled_from(("sms", "email", "phone")), allowed=st.booleans())
    def consent_changes(self, who: str, channel: str, allowed: bool) -> None:
        self.it.consents.setdefault(key_of(who), {})[channel] = allowed

    @rule(who=st.sampled_from(NAMES))
    def wording_is_corrected(self, who: str) -> None:
        with self.it.work() as world:
            versions.adopt(world, world.person(key_of(who)), named(NEW).version)

    @rule(left=st.integers(0, 3))
    def the_shop_lists_codes(self, left: int) -> None:
        self.it.listed["gift5"] = left

    @rule(hours=st.integers(0, 3))
    def a_channel_is_out(self, hours: int) -> None:
        self.it.outages = {"sms": self.it.now + hours * HOUR} if hours else {}

    @rule(really=st.integers(0, 9))
    def somebody_stops_the_run(self, really: int) -> None:
        if really == 9:
            with self.it.work() as world:
                watch.stop(world)
            self.it.second()

    # --- what has to hold

    def _counted(self):
        """Sends that count: sent, in doubt, handed over or under way; for each (customer, channel, instant)."""
        return [
            (each.customer, each.channel, self.it.person(self._name(each.customer)).touches[ref])
            for ref, each in self.it.sends.items()
            if each.state not in NOT_SENT or self._contradicted(ref)
        ]

    @invariant()
    def new_sends_are_wanted(self) -> None:
        for ref in list(self.it.sends)[self.seen :]:
            new = self.it.sends[ref]
            for channel in ("", new.channel):
                # told strictly before: what is told in the second of the decision may come after it
                assert self.suppressed.get((new.customer, channel), new.decided) >= new.decided
            assert new.decided < OLD.end
            assert self.it.consents.get(new.customer, {}).get(new.channel, True) or new.decided <= self.it.now
        self.seen = len(self.it.sends)

    @invariant()
    def caps_hold(self) -> None:
        of_whom: dict[int, list[int]] = {}
        for customer, _, touch in self._counted():
            of_whom.setdefault(customer, []).append(touch.t)
        for times in of_whom.values():
            for t in times:
                assert sum(t - DAY < other <= t for other in times) <= 3
        daily = Counter(
            (customer, touch.t // DAY) for customer, channel, touch in self._counted() if channel == "email"
        )
        assert max(daily.values(), default=0) <= 1

    @invariant()
    def money_is_what_the_sends_cost_and_no_send_overdraws(self) -> None:
        spent = self.it.shared.ledger.spent["sending"]
        assert spent == sum(touch.cost for _, _, touch in self._counted())
        assert spent <= 900 * 10_000

    @invariant()
    def the_rest_of_the_money_is_what_the_rows_say(self) -> None:
        shared, unit = self.it.shared, 10_000
        paid: Counter[str] = Counter()
        for row in self.it.rows:
            if row.row.name in ("REDEEMED", "GIFTED", "SERVED", "COMPLETED"):
                paid["coupons" if row.row.name == "REDEEMED" else "gifts"] += row.amount * unit
        assert (shared.ledger.spent["coupons"], shared.ledger.spent["gifts"]) == (paid["coupons"], paid["gifts"])
        assert shared.ledger.in_all == sum(shared.ledger.spent.values())
        reserved = sum(grant.face for grant in self._grants() if grant.open)
        assert shared.ledger.reserved["coupons"] == reserved

    def _grants(self):
        return [grant for name in NAMES for grant in self.it.person(name).grants.values()]

    @invariant()
    def stock_holds(self) -> None:
        shelf, open_grants = self.it.shared.shelf, Counter(each.incentive for each in self._grants() if each.open)
        limits = {"gift5": 3, "tea": 2, "member": 2}
        for name in ("gift5", "tea", "play", "chat", "member"):
            assert shelf.open_grants[name] == open_grants[name] >= 0
        for name, stock in limits.items():
            # A use before the end that is told after it may come on top of what was granted meanwhile.
            late = sum(row.row.name == "LAPSED" and row.incentive == name for row in self.it.rows)
            assert shelf.open_grants[name] + shelf.uses[name] <= stock + late
        assert shelf.joined["play"] <= 2
        assert shelf.won["play"] <= 1

    @invariant()
    def codes_are_unique(self) -> None:
        codes = [grant.code for grant in self._grants()]
        assert len(codes) == len(set(codes))
        assert set(codes) <= set(self.it.codes)

    @invariant()
    def staff_are_as_many_as_there_are(self) -> None:
        desk = self.it.shared.desk("desk")
        assert 0 <= desk.free(OLD.staff[0]) <= 2
        assert desk.kept == sum(self.it.person(name).kept == "desk" for name in NAMES) == 0
        held = [each.customer for each in (self.it.person(name) for name in NAMES) if each.hold and each.hold.staff]
        assert sorted(held) == sorted(each.customer for each in desk.waiting() if not each.what)

    @invariant()
    def each_send_is_told_as_it_is(self) -> None:
        rows = Counter((row.customer, row.message, row.step) for row in self.it.rows if row.row.name == "SENT")
        assert sum(rows.values()) == len(
            [ref for ref, each in self.it.sends.items() if self._touch(ref, each.customer).written]
        )
        for ref, each in self.it.sends.items():
            touch = self._touch(ref, each.customer)
            assert touch.back == (each.state in NOT_SENT and not self._contradicted(ref))

    def _touch(self, ref: str, customer: int):
        return self.it.person(self._name(customer)).touches[ref]

    def _contradicted(self, ref: str) -> bool:
        """Whether a provider refused what somebody had already answered: it counts as sent."""
        each = self.it.sends[ref]
        return self._touch(ref, each.customer).written and not self._touch(ref, each.customer).back

    @invariant()
    def positions_make_sense(self) -> None:
        for name in NAMES:
            person = self.it.person(name)
            assert (person.status == "sending") == bool(person.sending)
            if person.sending:
                assert person.due is None
                assert self.it.sends[person.sending].state in UNDER_WAY
            if person.inside and not person.sending:
                assert person.due is not None
                assert person.due > self.it.now
            if person.begun and not person.inside:
                assert person.hold is person.awaited is person.due is None
            contacts = Counter(each.t for each in person.contacts)
            assert contacts == Counter(touch.t for touch in person.touches.values() if not touch.back)


TestCampaign = Campaign.TestCase
TestCampaign.settings = settings(stateful_step_count=40, max_examples=settings().max_examples // 3)
