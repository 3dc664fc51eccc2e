"""What a plan asks of the customer data: people, attributes, tags and categories, each in every place of a plan."""

import numpy as np
import pytest
from attrs import evolve
from tests.sim.people import Person, population
from tests.sim.plans import DAY, START, at, campaign, journey, nudge, send

from wakeup.customers.population import Field, Population
from wakeup.diagnostics import WakeupError
from wakeup.plan.model import Band, Branch, Elapsed, Gift, OwnField, Plan, Tier, Variant
from wakeup.plan.predicates import EVERYONE, And, Bought, Compare, HasTag, Not, Or, Predicate
from wakeup.sim.needs import require

ANN = Person("ann", last_order=at(1, year=2025), tags=frozenset({"employee"}), bought={"tea": at(1, year=2025)})
BEN = Person("ben", last_order=at(2, year=2025), texts={"skin": "dry"}, numbers={"loyalty": 2.5})
PEOPLE = population(START, (ANN, BEN))
BARE = population(START, (Person("ann", last_order=at(1, year=2025)),))

PLACES = ("audience", "match", "branch", "variant", "scene", "rule")


def asking(place: str, predicate: Predicate) -> Plan:
    """A campaign that asks a condition in one of its places, below a `not` and an `or`."""
    asked = Not(And((Or((predicate, EVERYONE)),)))
    match place:
        case "audience":
            return campaign(journey(send()), audience=asked)
        case "match":
            return campaign(journey(send(), match=asked))
        case "branch":
            return campaign(journey(Branch(asked, 1)))
        case "variant":
            return campaign(journey(send()), messages=(nudge(variants=(Variant(asked, "", 0, 1),)),))
        case "scene":
            return campaign(journey(send()), incentives=(Gift("guide", "", 0, Elapsed(DAY), scene=asked),))
        case _:
            return campaign(journey(send()), tiers=(Tier("why", "", "rule", (Band("left", match=asked),)),))


def refused(plan: Plan, people: Population = PEOPLE) -> list[tuple[str, str, str | None]]:
    """Code, message and help of what `require` raises, nothing if it is content."""
    try:
        require(plan, people)
    except WakeupError as error:
        return [(each.code, each.message, each.help) for each in error.diagnostics]
    return []


def test_a_plan_that_asks_for_nothing_is_content_with_anybody() -> None:
    assert refused(campaign(journey(send()))) == []
    assert refused(campaign(journey(send())), BARE) == []


def test_nobody_is_told_before_anything_else() -> None:
    nobody = population(START, ())
    ((code, message, _),) = refused(asking("audience", Compare("shoe_size", ">", 1, "count")), nobody)
    assert (code, message) == ("WK5102", "there are no customers to simulate")


# --- attributes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_an_attribute_that_nobody_has_is_told_wherever_it_stands(place: str) -> None:
    ((code, message, _),) = refused(asking(place, Compare("shoe_size", "==", "dry", "text")))
    assert (code, message) == ("WK5103", "the plan looks at 'shoe_size', which no customer has")


def test_a_name_that_is_nearly_right_is_suggested_alone() -> None:
    ((_, _, told),) = refused(asking("audience", Compare("loyalti", ">", 1, "count")))
    assert told == "the customers have: `loyalty`"


@pytest.mark.parametrize(("name", "unit"), [("loyalty", "count"), ("skin", "text"), ("orders", "count")])
def test_what_anybody_has_is_enough(name: str, unit: str) -> None:
    value: int | str = "dry" if unit == "text" else 1
    assert refused(asking("match", Compare(name, "==", value, unit))) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["number", "text"])
def test_an_own_field_that_is_blank_for_everybody_is_one_that_nobody_has(kind: str) -> None:
    blank = {
        "number": Field("number", np.full(len(PEOPLE), np.nan)),
        "text": Field("text", np.full(len(PEOPLE), -1, np.int32), ("dry",)),
    }
    people = evolve(PEOPLE, fields={"shoe_size": blank[kind]})
    assert [code for code, _, _ in refused(asking("match", Compare("shoe_size", ">", 1, "count")), people)] == [
        "WK5103"
    ]


def test_a_built_in_attribute_may_be_unknown_for_everybody() -> None:
    # Nobody has ordered yet: no column is missing.
    nothing_ordered = population(START, (Person("ann"),))
    assert refused(asking("audience", Compare("days_since_order", ">", DAY, "seconds")), nothing_ordered) == []


def test_a_tier_reads_its_attribute() -> None:
    tier = Tier("size", "shoe_size", "count", (Band("big", low=44),))
    assert [code for code, _, _ in refused(campaign(journey(send()), tiers=(tier,)))] == ["WK5103"]


def test_a_tier_by_rule_has_no_attribute_of_its_own() -> None:
    assert refused(asking("rule", Compare("orders", ">", 1, "count"))) == []


def test_an_attribute_is_told_once() -> None:
    size = Compare("shoe_size", ">", 1, "count")
    tier = Tier("size", "shoe_size", "count", (Band("big", low=44),))
    plan = campaign(journey(send(), match=size), audience=And((size, Not(size))), tiers=(tier,))
    assert len(refused(plan)) == 1


# --- tags ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_a_tag_that_the_data_do_not_know_is_told_wherever_it_stands(place: str) -> None:
    assert refused(asking(place, HasTag("emplyee"))) == [
        (
            "WK5104",
            "the plan looks at tag 'emplyee', which the customer data do not have",
            "the customers have: `employee`",
        )
    ]


def test_a_tag_that_the_data_have_is_enough() -> None:
    assert refused(asking("match", HasTag("employee"))) == []


def test_data_without_tags_are_asked_for_none() -> None:
    assert refused(asking("match", HasTag("emplyee")), BARE) == []


def test_a_declared_tag_may_be_an_empty_set() -> None:
    plan = asking("match", Or((HasTag("vip"), HasTag("emplyee"))))
    told = refused(evolve(plan, own=(OwnField("vip", "tag"),)))
    assert [message for _, message, _ in told] == [
        "the plan looks at tag 'emplyee', which the customer data do not have"
    ]


def test_only_tags_are_declared_as_tags() -> None:
    plan = evolve(asking("match", HasTag("loyalty")), own=(OwnField("loyalty", "number", low="0", high="5"),))
    assert [code for code, _, _ in refused(plan)] == ["WK5104"]


# --- categories ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_a_category_that_the_data_do_not_know_is_told_wherever_it_stands(place: str) -> None:
    assert refused(asking(place, Bought("coffee"))) == [
        (
            "WK5111",
            "the plan asks who bought 'coffee', which is no category of the order log",
            "the log has: tea",
        )
    ]


def test_a_category_that_the_data_have_is_enough() -> None:
    assert refused(asking("match", Bought("tea", 30 * DAY))) == []


def test_data_without_categories_are_asked_for_none() -> None:
    assert refused(asking("match", Bought("coffee")), BARE) == []


def test_a_category_is_told_once() -> None:
    assert len(refused(asking("match", Or((Bought("coffee"), Bought("coffee", DAY)))))) == 1


# --- all of it -------------------------------------------------------------------------------------------------------


def test_everything_that_is_missing_is_told_at_once() -> None:
    asked = And((Bought("coffee"), HasTag("emplyee"), Compare("shoe_size", ">", 1, "count")))
    assert [code for code, _, _ in refused(asking("audience", asked))] == ["WK5103", "WK5104", "WK5111"]
