"""Any sequence of transactions, some of which fail, some between which the store is closed: the databases do what the
model of dictionaries does."""

import copy
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from tests.live.store.model import Model
from tests.live.store.places import CAMPAIGN, HIGH, FilePlace, Place, outgoing

from wakeup.channels.protocol import Answer, AnswerKind
from wakeup.live.rows import Enrolment, Entry, SendState
from wakeup.live.store.protocol import Consent, DuplicateSend, Store, Switch, Work
from wakeup.terms.lists import Reason, Row

CAMPAIGNS = (CAMPAIGN, "秋")
KEYS = (0, 1, 2**63, HIGH)

instants = st.integers(0, 6)
customers = st.sampled_from(KEYS)
campaigns = st.sampled_from(CAMPAIGNS)
maybe = st.none() | instants
people = st.lists(
    st.builds(
        Enrolment,
        campaigns,
        customers,
        st.integers(0, 1),
        st.sampled_from(["v1", "v2"]),
        st.just("short"),
        st.booleans(),
        st.sampled_from(["planned", "inside", "sending", "done"]),
        maybe,
        maybe,
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5),
    ),
    max_size=4,
)
sends = st.builds(
    lambda who, nth, state, t, epoch, payload: outgoing(
        who, nth, state=state, not_before=t, first_attempt=6 - t, epoch=epoch, payload=payload, channel=f"c{nth}"
    ),
    customers,
    st.integers(0, 1),
    st.sampled_from(list(SendState)),
    instants,
    st.integers(0, 2),
    st.binary(max_size=3),
)
entries = st.lists(
    st.builds(
        Entry,
        campaigns,
        customers,
        instants,
        st.sampled_from(list(Row)),
        reason=st.sampled_from(list(Reason)),
        amount=st.integers(-(2**63), 2**63 - 1),
        subsidised=st.booleans(),
    ),
    max_size=3,
)
answers = st.builds(
    Answer,
    st.sampled_from(["shop", "sms"]),
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from(list(AnswerKind)),
    instants,
    st.sampled_from(["", outgoing(1).ref, outgoing(HIGH, 1).ref]),
    campaign=st.sampled_from(["", *CAMPAIGNS]),
    amount=st.integers(-3, 3),
    redeemed=st.lists(st.tuples(st.text("ABC", max_size=2), st.integers(0, 3)), max_size=2).map(tuple),
)
codes = st.sampled_from(["A", "B", "C"])
incentives = st.sampled_from(["c8", "c9"])


class PlantedError(Exception):
    """So that a transaction is given up."""


class Machine(RuleBasedStateMachine):
    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.place.empty()
        self.store: Store = self.place.open(durable=False)
        self.model = Model()

    def teardown(self) -> None:
        try:
            self.compare()
            assert self.store.check() == []
        finally:
            self.store.close()

    def change(self, lost: bool, of: Callable[[Work, Model], None]) -> None:
        model = copy.deepcopy(self.model)
        with suppress(PlantedError), self.store.work(CAMPAIGN) as work:
            of(work, model)
            self._compare(work, model)
            if lost:
                raise PlantedError
        if not lost:
            self.model = model

    @rule(lost=st.booleans(), some=people)
    def enrol(self, lost: bool, some: list[Enrolment]) -> None:
        def of(work: Work, model: Model) -> None:
            assert work.enrol(some) == model.enrol(some)

        self.change(lost, of)

    @rule(lost=st.booleans(), some=people, rows=entries, shared=st.text("xyz", max_size=2))
    def go_on(self, lost: bool, some: list[Enrolment], rows: list[Entry], shared: str) -> None:
        def of(work: Work, model: Model) -> None:
            work.keep(some)
            model.keep(some)
            work.write(rows)
            model.entries += rows
            work.keep_shared(CAMPAIGN, shared)
            model.shared[CAMPAIGN] = shared

        self.change(lost, of)

    @rule(lost=st.booleans(), send=sends)
    def decide(self, lost: bool, send: Any) -> None:
        def of(work: Work, model: Model) -> None:
            if send.ref in model.sends:
                with pytest.raises(DuplicateSend):
                    work.decide(send)
            else:
                work.decide(send)
                model.sends[send.ref] = send

        self.change(lost, of)

    @rule(lost=st.booleans(), send=sends)
    def claim(self, lost: bool, send: Any) -> None:
        def of(work: Work, model: Model) -> None:
            assert work.claim(send) == model.claim(send)

        self.change(lost, of)

    @rule(lost=st.booleans(), some=st.lists(sends, max_size=3), epoch=st.integers(0, 2))
    def settle(self, lost: bool, some: list[Any], epoch: int) -> None:
        def of(work: Work, model: Model) -> None:
            assert work.settle_all(some, epoch) == [model.settle(each, epoch) for each in some]

        self.change(lost, of)

    @rule(lost=st.booleans(), some=st.lists(st.tuples(answers, st.none() | customers), max_size=3))
    def receive(self, lost: bool, some: list[tuple[Answer, int | None]]) -> None:
        def of(work: Work, model: Model) -> None:
            assert work.receive(some) == sum(model.receive(*each) for each in some)

        self.change(lost, of)

    @rule(lost=st.booleans(), campaign=campaigns, now=instants, limit=st.integers(1, 3))
    def take(self, lost: bool, campaign: str, now: int, limit: int) -> None:
        def of(work: Work, model: Model) -> None:
            queued = work.waiting(campaign, now, limit)
            taken = model.waiting(campaign, now)[:limit]
            assert [(each.answer, each.customer) for each in queued] == taken
            work.taken([each.place for each in queued])
            for answer, who in taken:
                model.inbox.remove((campaign, answer, who))

        self.change(lost, of)

    @rule(lost=st.booleans(), campaign=campaigns, incentive=incentives, some=st.lists(codes, max_size=2))
    def list_codes(self, lost: bool, campaign: str, incentive: str, some: list[str]) -> None:
        def of(work: Work, model: Model) -> None:
            new = {code for code in some if (campaign, code) not in model.codes}
            assert work.list_codes(campaign, incentive, some) == len(new)
            for code in some:
                model.codes.setdefault((campaign, code), (incentive, None))

        self.change(lost, of)

    @rule(lost=st.booleans(), campaign=campaigns, incentive=incentives, who=customers, code=st.none() | codes)
    def give(self, lost: bool, campaign: str, incentive: str, who: int, code: str | None) -> None:
        def of(work: Work, model: Model) -> None:
            if code is None:
                assert work.next_code(campaign, incentive, who) == model.next_code(campaign, incentive, who)
            else:
                assert work.give_code(campaign, incentive, who, code) == model.give(campaign, incentive, code, who)

        self.change(lost, of)

    @rule(
        lost=st.booleans(), who=customers, channel=st.sampled_from(["sms", "email"]), allowed=st.booleans(), t=instants
    )
    def consent(self, lost: bool, who: int, channel: str, allowed: bool, t: int) -> None:
        def of(work: Work, model: Model) -> None:
            work.consent([Consent(who, channel, allowed, t, "web")])
            model.consents.append(Consent(who, channel, allowed, t, "web"))

        self.change(lost, of)

    @rule(lost=st.booleans(), campaign=campaigns, switch=st.sampled_from([Switch.PAUSED, Switch.RUNNING]))
    def order(self, lost: bool, campaign: str, switch: Switch) -> None:
        def of(work: Work, model: Model) -> None:
            work.order(campaign, switch, 5, "Wu")
            model.switches[campaign] = switch

        self.change(lost, of)

    @rule()
    def lease(self) -> None:
        with self.store.work() as work:
            epoch = work.lease_of("me", 0, 5)
        assert epoch > self.model.epoch
        self.model.epoch = epoch

    @rule()
    def close_and_open(self) -> None:
        self.store.close()
        self.store = self.place.open(durable=False, make=False)

    @rule()
    def compare(self) -> None:
        with self.store.read() as reader:
            self._compare(reader, self.model)

    def _compare(self, reader: Any, model: Model) -> None:
        for campaign in CAMPAIGNS:
            assert reader.people(campaign) == model.of(campaign)
            for kind in ("due", "lapse"):
                assert reader.due(campaign, kind, 3, 100) == model.due(campaign, kind, 3)
            assert reader.next_instant(campaign) == model.next_instant(campaign)
            assert reader.sends_due(campaign, 3, 100) == model.sends_due(campaign, 3)
            assert reader.shared(campaign) == model.shared.get(campaign, "")
            assert reader.switch(campaign) is model.switches.get(campaign, Switch.RUNNING)
            queued = [(each.answer, each.customer) for each in reader.waiting(campaign, 4, 100)]
            assert queued == model.waiting(campaign, 4)
            rows = [each for _, each in reader.entries(campaign)]
            assert rows == [each for each in model.entries if each.campaign == campaign]
            for incentive in ("c8", "c9"):
                left = [1 for (name, _), of in model.codes.items() if (name, *of) == (campaign, incentive, None)]
                assert reader.codes_left(campaign, incentive) == len(left)
        order = sorted(
            model.sends.values(), key=lambda each: (each.first_attempt, each.decided, each.customer, each.ref)
        )
        assert reader.sends(CAMPAIGN, SendState) == order
        counts: dict[tuple[str, str], int] = {}
        for each in order:
            counts[each.channel, each.state] = counts.get((each.channel, each.state), 0) + 1
        assert reader.send_counts(CAMPAIGN) == counts
        for key in KEYS:
            assert reader.consents(key) == model.said(key)


def assert_like_the_model(place: Place, examples: int, steps: int, *, shrink: bool = True) -> None:
    machine = type("Machine", (Machine,), {"place": place})
    quiet = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        report_multiple_bugs=shrink,  # else the search goes on for a second failure
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=quiet)


def test_a_store_does_what_the_model_does(place: Place) -> None:
    assert_like_the_model(place, 8 if isinstance(place, FilePlace) else 4, 20)


@pytest.mark.proof
def test_a_store_does_what_the_model_does_for_long(place: Place) -> None:
    assert_like_the_model(place, 300, 50)


def test_the_machine_is_awake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the compare-and-set taken out, it is red."""
    from wakeup.live.store import working

    monkeypatch.setattr(working, "_SETTLE", working._SETTLE.replace("AND epoch = ?", "AND ? >= 0"))
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        assert_like_the_model(FilePlace(tmp_path), 200, 25, shrink=False)
