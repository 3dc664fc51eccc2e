"""The likelihood of effects: its slopes are its slopes, planted effects are found, none is found where none is."""

from pathlib import Path

import duckdb
import numpy as np
import pytest
from attrs import evolve
from tests.behaviour.calibration.worlds import World, make_world
from tests.sim.plans import START

from wakeup.behaviour.calibration import Calibration, calibrate
from wakeup.behaviour.calibration.believed import Believed
from wakeup.behaviour.calibration.effect import Study, likelihood
from wakeup.behaviour.calibration.effects import _study, _worths, thinned
from wakeup.cli.past_campaign import assigned_of
from wakeup.customers import from_history
from wakeup.customers.imported import Snapshots
from wakeup.customers.past import Contacts, Past, PastFiles, Stage, Units
from wakeup.plan.model import Assumption


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A campaign whose customers are just what is assumed."""
    return make_world(tmp_path_factory.mktemp("world"), 21, people=6_000, replication=0)


@pytest.fixture(scope="module")
def past(world: World) -> Past:
    """Its logs, read."""
    return world.past()


def study_of(past: Past) -> Study:
    assert past.contacts is not None
    assert past.units is not None
    believed = Believed()
    worth = _worths(past.contacts, past.units, believed, 2)
    return _study(past.contacts, past.units, believed, worth)[0]


def test_slopes_are_those_of_the_likelihood(past: Past) -> None:
    study = study_of(past)
    place = np.array([term.centre for term in study.terms]) + 0.07
    _, scores = likelihood(study, place)
    for number in range(len(study.terms)):
        step = 1e-5 * (np.arange(len(study.terms)) == number)
        ahead, behind = (likelihood(study, place + sign * step)[0] for sign in (1.0, -1.0))
        assert scores[:, number].sum() == pytest.approx((ahead - behind) / 2e-5, rel=1e-4, abs=1e-3)


def row(found: Calibration, parameter: str, scope: str) -> Assumption:
    """The row of a parameter for a scope."""
    (one,) = [each for each in found.rows if (each.parameter, each.scope) == (parameter, scope)]
    return one


def test_effects_that_are_there_are_found(world: World, past: Past) -> None:
    found = calibrate(past, minor_digits=2, zone="UTC")
    for parameter, scope, kind in (
        ("advertising", "channel:email", "kind:email"),
        ("advertising", "channel:sms", "kind:sms"),
        ("offer_response", "incentive:gift5", "kind:coupon"),
    ):
        learnt = row(found, parameter, scope)
        assert abs(np.log(world.truth(parameter, kind) / learnt.median)) < 2.0 * learnt.sd
        assert learnt.sd < 0.9 * {"advertising": 0.6, "offer_response": 0.7}[parameter]
    asleep = row(found, "dormancy_lift", "")
    assert abs(world.truth("dormancy_lift", "") - asleep.median) < 2.0 * asleep.sd < 0.24
    assert all(each.grade == "fitted" for each in found.rows)


def test_where_contacts_do_nothing_no_effect_is_found(tmp_path: Path) -> None:
    """The same people, but what was done to them is not: who was contacted is told anew, by lot."""
    world = make_world(tmp_path, 22, people=8_000, holdout="0.97")
    past = world.past()
    assert past.units is not None
    # Almost nobody was contacted: their orders are organic. Half of the held out are said to have had the mails.
    alone = np.flatnonzero(past.units.held_out)
    told = alone[np.random.default_rng(4).uniform(size=len(alone)) < 0.5]
    past = evolve(past, units=_said_to_be_contacted(past, alone, told), contacts=_with_mails(past, told))
    found = calibrate(past, minor_digits=2, zone="UTC")
    learnt = row(found, "advertising", "kind:sms")
    low, high = (np.log(learnt.median) + sign * 1.645 * learnt.sd for sign in (-1.0, 1.0))
    assert low < np.log(1.3)
    assert high < np.log(2.2)


def _said_to_be_contacted(past: Past, alone: np.ndarray, told: np.ndarray) -> Units:
    units = past.units
    assert units is not None
    place = np.full(len(units.held_out), -1)
    place[alone] = np.arange(len(alone))
    picked = {
        name: getattr(units, name)[alone]
        for name in ("campaign", "origin", "orders", "last_order", "basket", "ordered", "until")
    }
    held = ~np.isin(alone, told)
    ends = np.full(len(alone), units.until.max())
    return evolve(
        units,
        **{**picked, "until": ends},
        held_out=held,
        unit=place[told],
        send=np.arange(len(told)),
        value=np.zeros(len(told), np.int64),
        terms={},
        bands={},
    )


def _with_mails(past: Past, told: np.ndarray) -> Contacts:
    contacts, units = past.contacts, past.units
    assert contacts is not None
    assert units is not None
    sms = contacts.channels.index("sms")
    sent = units.origin[told]
    silent = {kind: np.full(len(told), np.iinfo(np.int64).min) for kind in contacts.sends.answers}
    empty = np.empty(0, np.int64)
    sends = evolve(
        contacts.sends, person=told.astype(np.int64), t=sent, channel=np.full(len(told), sms), answers=silent
    )
    offers = evolve(contacts.offers, send=empty, incentive=empty, taken=empty, had=np.empty(0, np.bool_))
    return evolve(contacts, sends=sends, offers=offers, recorded=frozenset({"ordered"}))


def test_every_third_person_is_a_smaller_comparison_of_the_same(past: Past) -> None:
    units = past.units
    assert units is not None
    few = thinned(units, len(units.origin) // 3 + 1)
    assert len(few.origin) == -(-len(units.origin) // 3)
    assert few.ordered.tolist() == units.ordered[::3].tolist()
    assert few.terms["gift5"][0].tolist() == units.terms["gift5"][0][::3].tolist()
    mine = units.unit % 3 == 0
    assert few.send.tolist() == units.send[mine].tolist()
    assert units.origin[units.unit[mine]].tolist() == few.origin[few.unit].tolist()
    assert thinned(units, len(units.origin)) is units


def test_without_a_holdout_nothing_is_said_of_effects(tmp_path: Path) -> None:
    world = make_world(tmp_path, 23, people=1_500, replication=0, holdout="0")
    found = world.calibrated()
    assert {"seen", "clicked", "delivered"} <= {each.parameter for each in found.rows}
    assert not {"advertising", "offer_response", "fatigue"} & {each.parameter for each in found.rows}
    (why,) = [each.why for each in found.kept if "advertising" in each.parameters]
    assert str(why).startswith("nobody was held out")


def test_a_holdout_that_was_not_drawn_by_lot_teaches_nothing(past: Past) -> None:
    units = past.units
    assert units is not None
    early = units.last_order < np.quantile(units.last_order, 0.3)
    found = calibrate(evolve(past, units=evolve(units, held_out=early)), minor_digits=2, zone="UTC")
    assert not {"advertising", "offer_response"} & {each.parameter for each in found.rows}
    assert [each.code for each in found.told] == ["WK6109"]


def test_a_log_that_says_who_was_held_out_tells_the_same_as_the_campaign_s_rules(
    world: World, past: Past, tmp_path: Path
) -> None:
    assigned = assigned_of(world.plan, from_history(world.orders, as_of=START))
    log = tmp_path / "touches.csv"
    columns = "customer_id,t,kind,channel,message,incentive,value"
    with duckdb.connect() as connection:
        # A coupon's send says what it takes off; who was granted what stands in rows of its own, as in any such log.
        connection.sql(
            f"select {columns.replace('value', 'amount_minor / 100 as value')} from '{world.events}'"
            " where kind <> 'sent'"
            f" union all select s.customer_id, s.t, 'sent', s.channel, s.message, g.incentive,"
            f" case when g.incentive = 'gift5' then 20 else null end from '{world.events}' s left join"
            f" (from '{world.events}' where kind = 'granted') g"
            f" on g.customer_id = s.customer_id and g.t = s.t and g.message = s.message where s.kind = 'sent'"
        ).write_csv(str(log))
    alone = zip(assigned.ids[assigned.held_out], assigned.origin[assigned.held_out], strict=True)
    with log.open("a", encoding="utf-8") as file:
        file.writelines(f"{who},{at},held_out,,,,\n" for who, at in alone)
    stage = Stage(incentives={"gift5": "coupon", "sample": "gift"})
    told = evolve(PastFiles(world.orders, log, stage=stage).read(), snapshots=Snapshots.none())
    assert told.units is not None
    assert past.units is not None
    assert told.units.held_out.sum() == past.units.held_out.sum()
    assert len(told.units.origin) == len(past.units.origin)
    by_log, by_rules = (calibrate(each, minor_digits=2, zone="UTC") for each in (told, past))
    for parameter, scope in (("advertising", "channel:email"), ("advertising", "channel:sms")):
        one, other = row(by_log, parameter, scope), row(by_rules, parameter, scope)
        assert abs(np.log(one.median / other.median)) < other.sd
        assert 0.7 * other.sd < one.sd < 1.1 * other.sd  # it knows of no tiers, so it is surer
    # The log does not tell thresholds: the coupon seems to be worth more than it is, so that it moves people less.
    assert row(by_log, "offer_response", "incentive:gift5").median > 0.5
