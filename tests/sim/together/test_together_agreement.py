"""What campaigns must agree in, and what is said where they do not quite."""

import pytest
from attrs import evolve
from tests.sim.plans import at, email, send, sms, window
from tests.sim.together.runs import first, second

from wakeup.diagnostics import Diagnostic, WakeupError
from wakeup.plan.model import Assumption, Plan, Scenario, Staff
from wakeup.sim.together.agreement import agree, remarks
from wakeup.sim.together.one_world import one_event, one_life

A, B = first(send()), second(send("call"))


def row(parameter: str, median: float) -> Assumption:
    """An assumption about everybody."""
    return Assumption(parameter, "", median, 0.1, "log", "a guess", "none")


def told(*plans: Plan) -> dict[str, Diagnostic]:
    """The remarks about some plans by code, each of which comes once."""
    found = list(remarks(plans))
    assert len({each.code for each in found}) == len(found)
    return {each.code: each for each in found}


def refused(*plans: Plan, scenarios: tuple[str, ...] = ()) -> list[str]:
    """The codes of what keeps plans from running together."""
    with pytest.raises(WakeupError) as error:
        agree(plans, scenarios)
    return [each.code for each in error.value.diagnostics]


def test_two_plain_campaigns_agree() -> None:
    agree([A, B])
    assert told(A, B) == {}


def test_names_money_and_zone_must_agree() -> None:
    assert refused(A, evolve(B, name=A.name)) == ["WK5124"]
    assert refused(A, evolve(B, currency="USD")) == ["WK5125"]
    assert refused(A, evolve(B, zone="Europe/London", currency="USD")) == ["WK5125", "WK5125"]
    assert refused(A, B, scenarios=("flood",)) == ["WK5101"]
    agree([A, evolve(B, scenarios=(Scenario("flood", at(2), at(3)),))], ["flood"])


def test_campaigns_that_follow_each_other_are_told_of() -> None:
    late = evolve(B, start=A.end, end=A.end + 86_400)
    assert "spring is over before summer begins" in told(A, late)["WK5126"].message
    assert "spring is over before summer begins" in told(late, A)["WK5126"].message


def test_the_first_one_s_assumptions_about_life_hold() -> None:
    own = evolve(A, assumptions=(row("lapse", 0.2), row("clicked", 0.1)))
    other = evolve(B, assumptions=(row("lapse", 0.4), row("season_may", 1.2), row("clicked", 0.3)))
    message = told(own, other)["WK5127"].message
    assert "`lapse` and `season_may`" in message
    assert "clicked" not in message
    shared = one_life([own, other])
    assert shared[0] == own
    assert shared[1].assumptions == (row("lapse", 0.2), row("clicked", 0.3))
    same = evolve(other, assumptions=own.assumptions)
    assert "WK5127" not in told(own, same)


def test_two_margins_are_told_of() -> None:
    assert "50 %" in told(A, evolve(B, margin="0.4"))["WK5128"].message


def test_one_name_declared_twice_is_told_of() -> None:
    slow, slower = ((sms(rate=rate), email()) for rate in (10, 5))
    assert "`sms`" in told(evolve(A, channels=slow), evolve(B, channels=slower))["WK5129"].message
    assert told(evolve(A, channels=slow), evolve(B, channels=slow)) == {}
    desk = Staff("advisers", 1, 600, window(0, 24))
    staffed = evolve(A, staff=(desk,)), evolve(B, staff=(evolve(desk, people=2),))
    assert "`advisers`" in told(*staffed)["WK5129"].message


def test_a_scenario_is_one_event() -> None:
    storm = Scenario("storm", at(2), at(5), response="0.5", down=("sms",))
    plans = evolve(A, scenarios=(storm,)), evolve(B, scenarios=(Scenario("storm", at(9), at(10), down=("email",)),))
    own, other = one_event(plans, "storm")
    assert own == other == evolve(storm, down=("sms", "email"))
    alone = one_event([evolve(A, channels=(sms(),)), plans[1]], "storm")
    assert [each.down for each in alone] == [(), ("email",)]
