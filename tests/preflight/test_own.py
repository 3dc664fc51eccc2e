"""The customers' block and causes of sleep against people who were counted by hand."""

import numpy as np
import pytest
from attrs import evolve
from tests.preflight.made import DAY, certain, fields, found, people, simple
from tests.sim.plans import START, nudge, sms

from wakeup.customers import Field, Population
from wakeup.plan.model import Band, Label, OwnField, Tier
from wakeup.plan.predicates import EVERYONE, Compare, InTier

SKIN = OwnField("skin", "text", (Label("dry"), Label("oily")))


def with_field(field: Field) -> Population:
    population = people(4)
    return people(4, fields={**population.fields, "skin": field})


def text(*codes: int) -> Field:
    return Field("text", np.array(codes, np.int32), ("dry", "oily", "sensitive"))


def test_what_is_declared_and_there_needs_no_word() -> None:
    told = found(certain(simple(), own=(SKIN,)), with_field(text(0, 1, -1, 0)))
    assert not {"WK3918", "WK3919", "WK3924"} & told.keys()


@pytest.mark.parametrize("own", [SKIN, OwnField("vip", "tag", (Label("vip"),)), OwnField("hats", "category", ())])
def test_what_the_data_lack(own: OwnField) -> None:
    told = fields(certain(simple(), own=(own,)), people(4), "WK3918")
    kinds = {"text": "field", "tag": "tag", "category": "category"}
    assert told == {"name": own.name, "kind": kinds[own.sort]}


def test_values_nobody_declared() -> None:
    told = fields(certain(simple(), own=(SKIN,)), with_field(text(0, 2, 2, -1)), "WK3924")
    assert told == {"name": "skin", "count": "2", "customers": "4"}


def test_numbers_out_of_their_bounds() -> None:
    own = OwnField("skin", "number", (), "0", "5")
    values = Field("number", np.array([0.0, 5.0, 5.5, np.nan]))
    assert fields(certain(simple(), own=(own,)), with_field(values), "WK3924")["count"] == "1"


def test_dates_out_of_their_bounds() -> None:
    own = OwnField("skin", "date", (), "1990-01-01", "2000-12-31")
    days = np.array(["1990-01-01", "2000-12-31", "2005-01-01", "1980-01-01"], "datetime64[s]").astype(np.int64)
    assert fields(certain(simple(), own=(own,)), with_field(Field("date", days)), "WK3924")["count"] == "2"


def test_another_type() -> None:
    own = OwnField("skin", "number", (), "0", "5")
    told = fields(certain(simple(), own=(own,)), with_field(text(0, 0, 1, 1)), "WK3919")
    assert told == {"name": "skin", "declared": "number", "found": "text"}


# --- causes ----------------------------------------------------------------------------------------------------------

LONG = Compare("days_since_order", ">=", 100 * DAY, "seconds")
LONGER = Compare("days_since_order", ">=", 200 * DAY, "seconds")


def asleep(*days: int) -> Population:
    last = START - np.array(days, np.int64) * DAY
    return people(len(days), last_order=last, last_interaction=last)


def test_a_cause_that_nobody_has() -> None:
    why = Tier(
        "why", "", "rule", (Band("long", match=LONG), Band("longer", match=LONGER), Band("rest", match=EVERYONE))
    )
    told = fields(certain(simple(match=InTier("why", "long")), tiers=(why,)), asleep(50, 150, 250, 300), "WK3916")
    assert told == {"name": "why.longer", "eligible": "4", "matching": "2"}


def test_people_without_a_cause() -> None:
    why = Tier("why", "", "rule", (Band("longer", match=LONGER),))
    told = fields(certain(simple(match=InTier("why", "longer")), tiers=(why,)), asleep(50, 150, 250, 300), "WK3917")
    assert told == {"name": "why", "count": "2", "eligible": "4", "without": "2"}


# --- consent ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["sms", "cn.sms"])
def test_hardly_anybody_has_agreed(column: str) -> None:
    given = np.full(100, 1, np.uint8)
    given[:3] = 2
    plan = certain(simple(), channels=(evolve(sms(), name="cn.sms"),), messages=(evolve(nudge(), channel="cn.sms"),))
    told = fields(plan, people(100, consents={column: given}), "WK3925")
    assert told == {"channel": "cn.sms", "willing": "3", "people": "100", "share": "3.0"}


def test_enough_have_agreed_or_nobody_was_asked() -> None:
    assert "WK3925" not in found(certain(simple()), people(100, consents={"sms": np.full(100, 2, np.uint8)}))
    assert "WK3925" not in found(certain(simple()), people(100, consents={"email": np.full(100, 1, np.uint8)}))
    assert "WK3925" not in found(certain(simple()), people(100))
