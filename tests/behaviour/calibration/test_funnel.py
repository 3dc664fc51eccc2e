"""Shares and delays by channel and offer: what a log tells, and what it does not."""

import math

import numpy as np
import pytest
from attrs import evolve
from tests.behaviour.calibration.worlds import contacts_of_uses

from wakeup.behaviour.calibration.funnel import Gathering, gather_channels, gather_offers, pressures
from wakeup.behaviour.calibration.learnt import Learnt
from wakeup.behaviour.calibration.rates import learn_cells
from wakeup.customers.past import Contacts
from wakeup.customers.past.contacts import ANSWERS, Joins, Offers, Sends
from wakeup.customers.population import NEVER

HOUR, DAY = 3_600, 86_400
NOBODY = contacts_of_uses(np.empty(0))


def sent(count: int, *, kind: str = "email", over: int = 20 * DAY, **answers: np.ndarray) -> Contacts:
    """So many sends by one channel of a kind, evenly over a time; answers are instants."""
    t = np.linspace(0, over - 1, count).astype(np.int64)
    silent = {name: np.full(count, NEVER) for name in ANSWERS}
    return evolve(
        NOBODY,
        channels=("shop.one",),
        kinds={"shop.one": kind},
        end=over,
        recorded=frozenset({"sent", *answers}),
        sends=Sends(np.arange(count), t, np.zeros(count, np.int64), silent | answers),
    )


def learnt(contacts: Contacts, days: dict[str, int] | None = None) -> dict[tuple[str, str], Learnt]:
    """What the cells of contacts give, by parameter and scope."""
    gathered = Gathering()
    gather_channels(contacts, gathered)
    gather_offers(contacts, days or {}, gathered)
    rows = learn_cells(gathered.cells, "{sample}")
    return {(each.row.parameter, each.row.scope): each for each in rows}


def test_openings_that_had_no_time_yet_are_allowed_for() -> None:
    draw = np.random.default_rng(8)
    silent = sent(8_000, delivered=np.zeros(8_000, np.int64))
    t = silent.sends.t
    opened = t + (HOUR * np.exp(math.log(60.0) + 1.5 * draw.normal(size=8_000))).astype(np.int64) + 1
    opened[(draw.uniform(size=8_000) >= 0.3) | (opened >= silent.end)] = NEVER
    found = learnt(sent(8_000, delivered=t, opened=opened))
    assert (opened != NEVER).mean() < 0.24
    share = found["seen", "channel:shop.one"].row
    assert share.median == pytest.approx(0.3, abs=0.02)
    delay = found["open_delay", "channel:shop.one"].row
    assert abs(math.log(delay.median / 60.0)) < 2.0 * delay.sd
    assert delay.median > 45.0


def test_a_channel_that_never_marks_openings_keeps_the_assumed_share() -> None:
    t = sent(2_000, kind="sms").sends.t
    clicked = np.where(np.arange(2_000) % 50 == 0, t + 60, NEVER)
    found = learnt(sent(2_000, kind="sms", delivered=t, clicked=clicked))
    assert ("seen", "channel:shop.one") not in found
    assert found["clicked", "channel:shop.one"].row.median == pytest.approx(0.02 / 0.5, rel=0.15)


def test_a_click_without_a_mark_of_opening_is_an_opening_where_others_are_marked() -> None:
    t = sent(1_000).sends.t
    opened = np.where(np.arange(1_000) % 5 == 0, t + HOUR, NEVER)
    clicked = np.where(np.arange(1_000) % 10 == 1, t + HOUR, NEVER)
    found = learnt(sent(1_000, delivered=t, opened=opened, clicked=clicked))
    assert found["seen", "channel:shop.one"].row.median == pytest.approx(0.3, abs=0.02)


def test_what_the_log_does_not_record_teaches_nothing() -> None:
    t = sent(1_000).sends.t
    found = learnt(sent(1_000, opened=np.where(np.arange(1_000) % 5 == 0, t + HOUR, NEVER)))
    assert {parameter for parameter, _ in found} == {"seen", "open_delay", "open_delay_spread"}
    few = learnt(sent(19, delivered=sent(19).sends.t))
    assert few == {}


def test_harm_is_told_without_the_pressure_that_raised_it() -> None:
    contacts = sent(4_000, over=40 * DAY, delivered=sent(4_000, over=40 * DAY).sends.t)
    crowded = evolve(contacts, sends=evolve(contacts.sends, person=np.arange(4_000) % 100))
    left = np.where(np.arange(4_000) % 40 == 0, crowded.sends.t + 60, NEVER)
    answers = crowded.sends.answers | {"opted_out": left}
    recorded = frozenset({"opted_out", "delivered"})
    told = [
        learnt(evolve(each, recorded=recorded, sends=evolve(each.sends, answers=answers)))[
            "opt_out", "channel:shop.one"
        ]
        for each in (contacts, crowded)
    ]
    alone, pressed = (each.row.median for each in told)
    assert pressed < 0.6 * alone
    felt = pressures(crowded.sends)
    assert felt[:100].max() == 0.0
    assert felt[100:200].mean() == pytest.approx(0.5 ** (1 / 14), abs=0.01)


def test_offers_taken_before_are_not_asked_again_and_coupons_are_not_claimed() -> None:
    t = sent(600).sends.t
    contacts = sent(600, opened=t + HOUR)
    shown = np.arange(600)
    had = shown % 2 == 1
    taken = np.where(shown % 6 == 0, t + 3 * HOUR, NEVER)
    offers = Offers(np.concatenate([shown, shown]), np.repeat([0, 1], 600), np.tile(taken, 2), np.tile(had, 2))
    kinds = {"kit": "gift", "off": "coupon"}
    found = learnt(
        evolve(
            contacts,
            incentives=("kit", "off"),
            incentive_kinds=kinds,
            offers=offers,
            recorded=contacts.recorded | {"claimed"},
        )
    )
    assert found["take_up", "incentive:kit"].sample.number == 300
    assert found["take_up", "incentive:kit"].row.median == pytest.approx(1 / 3, abs=0.05)
    assert found["take_delay", "incentive:kit"].row.median == pytest.approx(2.0, rel=0.05)
    assert ("take_up", "incentive:off") not in found


def test_attendance_and_challenges() -> None:
    begun = np.arange(400, dtype=np.int64) * HOUR
    done = np.where(np.arange(400) % 4 == 0, begun + 30 * DAY, NEVER)
    for kind, days, parameter, value in (("event", 0, "attendance", 0.25), ("challenge", 3, "keeps_up", 0.5)):
        contacts = evolve(
            NOBODY, incentives=("it",), incentive_kinds={"it": kind}, joins=Joins(np.zeros(400, np.int64), begun, done)
        )
        found = learnt(contacts, {"it": days})
        row = found[parameter, "incentive:it"].row
        assert row.median == pytest.approx(value, abs=0.06)
        assert found[parameter, "incentive:it"].sample.thing == "join"
