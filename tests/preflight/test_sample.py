"""Everybody of a sample does what they would do among all."""

import numpy as np
import pytest
from tests.preflight.made import people
from tests.sim.people import Person, population
from tests.sim.plans import DAY, ENTRY, START, campaign, coupon, email, journey, letter, nudge, send, sms, wait, window

from wakeup.behaviour import DefaultBehaviour
from wakeup.customers.slices import taken
from wakeup.figures.trace import Trace
from wakeup.plan.model import Band, Branch, Budget, Elapsed, Gift, Guard, Plan, Staff, Tier, Variant, Wave
from wakeup.plan.predicates import And, Compare, InTier, Not, Or
from wakeup.preflight import rehearsal
from wakeup.preflight.rehearsal import rehearse, unlimited
from wakeup.preflight.sample import by_columns, sampled
from wakeup.sim import reference
from wakeup.sim.array.people import cast
from wakeup.sim.task import Task
from wakeup.terms.lists import Row

FRESH = Compare("recency_score", ">=", 2, "count")
RICH = Compare("monetary_score", ">=", 4, "count")
PLAN = campaign(
    journey(
        send("nudge", "gift5"), wait(3, "order"), Branch(Not(FRESH), 4), send("letter"), match=InTier("fresh", "old")
    ),
    audience=Or((Compare("recency_score", "<=", 4, "count"), And((Compare("monetary_score", ">=", 3, "count"),)))),
    tiers=(Tier("fresh", "recency_score", "count", (Band("old", 1, 4), Band("new", 4))),),
    incentives=(coupon(),),
    holdout="0.1",
)  # fmt: skip
ELSEWHERE = campaign(
    journey(send("nudge", "gift5"), wait(3, "order"), send("letter", "guide"), match=InTier("why", "old"), goal=""),
    audience=And((Compare("recency_score", ">=", 3, "count"), Compare("frequency_score", ">=", 3, "count"))),
    tiers=(Tier("why", "", "rule", (Band("new", match=RICH), Band("old", match=FRESH))),),
    messages=(nudge(variants=(Variant(Compare("frequency_score", ">=", 3, "count"), "Come again"),)), letter()),
    incentives=(coupon(), Gift("guide", "", 300, Elapsed(7 * DAY), scene=FRESH, kind="content")),
    holdout="0.1",
)  # fmt: skip
"""Scores in a tier by rules, in the variants of a message and in what content suits."""


def test_a_sample_is_a_part_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = people(3_000)
    model = DefaultBehaviour().model(PLAN, crowd, rehearsal.SEED, 0, None)
    players = cast(PLAN, crowd, model)
    monkeypatch.setattr(rehearsal, "SAMPLE", 400)
    found = rehearse(PLAN, crowd, players.people, players.treated)
    assert (found.people, found.scale) == (400, len(players.treated) / 400)

    # The whole of them, with scores among everybody: the rehearsal of all those who enter.
    monkeypatch.setattr(rehearsal, "SAMPLE", 10**6)
    whole = rehearse(PLAN, crowd, players.people, players.treated)
    chosen = sampled(crowd.key, players.treated, 400)
    place = np.searchsorted(players.treated, chosen)
    there = np.isin(whole.rows["who"], place)
    assert there.sum() == len(found.rows["who"]) > 400
    for name in ("t", "row", "step", "message", "incentive", "reason", "amount"):
        assert np.array_equal(whole.rows[name][there], found.rows[name]), name
    assert np.array_equal(whole.rows["who"][there], place[found.rows["who"]])


@pytest.mark.parametrize("plan", [PLAN, ELSEWHERE], ids=["audience", "elsewhere"])
def test_the_rehearsal_is_the_reference_scores_and_all(plan: Plan) -> None:
    crowd = people(2_000)
    trace = Trace()
    reference.run(Task(plan, crowd, DefaultBehaviour(), rehearsal.SEED, 0), trace)
    rows = trace.table()
    model = DefaultBehaviour().model(plan, crowd, rehearsal.SEED, 0, None)
    players = cast(plan, crowd, model)
    found = rehearse(plan, crowd, players.people, players.treated)
    mine = np.isin(rows["who"], players.treated)
    assert (rows["row"][mine] == Row.SENT).sum() > 300
    for name in ("t", "row", "step", "message", "incentive", "reason", "amount", "occurrence", "arm"):
        assert np.array_equal(rows[name][mine], found.rows[name]), name
    assert np.array_equal(rows["who"][mine], players.treated[found.rows["who"]])


def test_no_score_is_left_and_nothing_else_is_changed() -> None:
    text = repr(by_columns(ELSEWHERE))
    assert text.count("_score'") == text.count("'preflight:") == 6
    assert text.replace("'preflight:", "'") == repr(ELSEWHERE)
    plain = campaign(journey(send()))
    assert by_columns(plain) is plain


def test_the_same_people_every_time_and_more_are_the_same_and_others() -> None:
    keys = people(1_000).key
    everybody = np.arange(1_000)
    few, more = (sampled(keys, everybody, n) for n in (50, 200))
    assert len(few) == 50
    assert np.isin(few, more).all()
    assert (np.diff(few) > 0).all()
    assert sampled(keys, everybody, 1_000) is everybody


def test_touches_zones_and_columns_go_with_their_people() -> None:
    whole = population(
        START,
        [
            Person("ann", START - 10, touches=((5, "sms"), (9, "email")), zone="Asia/Tokyo", consents={"sms": "yes"}),
            Person("bob", START - 10, touches=((7, "sms"),), texts={"skin": "dry"}),
            Person("cid", START - 10, tags=frozenset({"vip"}), touches=((8, "email"),)),
        ],
    )
    for who in ([0, 2], [1], [0, 1, 2]):
        some = taken(whole, np.array(who))
        assert some.touches is not None
        assert whole.touches is not None
        for place, one in enumerate(who):
            mine, theirs = (
                (each.touches.t[each.touches.offset[i] : each.touches.offset[i + 1]].tolist())
                for each, i in ((some, place), (whole, one))
            )
            assert mine == theirs
        assert some.ids.tolist() == whole.ids[who].tolist()
        assert some.tags["vip"].tolist() == whole.tags["vip"][who].tolist()
        assert some.zones is not None
        assert whole.zones is not None
        assert some.zones.tolist() == whole.zones[who].tolist()
        assert some.fields["skin"].values.tolist() == whole.fields["skin"].values[who].tolist()
        assert some.consents["sms"].tolist() == whole.consents["sms"][who].tolist()


def test_desks_and_waves_shrink_with_the_sample() -> None:
    plan = campaign(
        journey(wave=Wave(START, 55)), staff=(Staff("desk", 20, 600, window(9, 18)), Staff("one", 1, 60, window(0, 24)))
    )
    small = unlimited(plan, 0.13)
    assert small.journeys[0].wave.per_day == 8
    # 2.6 people at 600 s are 3 at 692 s; 0.13 people at 60 s are 1 at 462 s
    assert [(each.people, each.handles) for each in small.staff] == [(3, 692), (1, 462)]
    assert unlimited(plan, 1.0).staff == plan.staff


def test_nothing_runs_out_and_nothing_stops_it() -> None:
    stop = Guard("stop", "sent", ">", "10", "count", "stop")
    plan = campaign(
        journey(send("nudge", "gift5"), wait(1), send(step="again"), goal=""),
        channels=(sms(rate=1, rate_seconds=86_400), email()),
        incentives=(coupon(stock=3),),
        budget=Budget(100, ()),
        guards=(stop,),
    )
    crowd = people(300)
    players = cast(plan, crowd, DefaultBehaviour().model(plan, crowd, rehearsal.SEED, 0, None))
    found = rehearse(plan, crowd, players.people, players.treated)
    sent = found.rows["row"] == Row.SENT
    reached = DefaultBehaviour().model(plan, crowd, rehearsal.SEED, 0, None).reach(0, np.arange(300, dtype=np.int32))
    assert (found.rows["t"][sent] == ENTRY).sum() == reached.sum() > 100
    assert (found.rows["t"][sent] == ENTRY + 86_400).sum() > 0.9 * reached.sum()
