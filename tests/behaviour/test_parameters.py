import math

import numpy as np
import pytest
from attrs import evolve
from tests.behaviour.shop import PLAN, given

from wakeup.behaviour import basis, parameter_values
from wakeup.behaviour.parameters import Values, assume, value
from wakeup.diagnostics import WakeupError
from wakeup.plan.model import Assumption
from wakeup.terms.behaviour import parameters


def seen(plan_rows: tuple[Assumption, ...], channel: str = "cn.sms", kind: str = "sms") -> float:
    values = Values(assume(evolve(PLAN, assumptions=plan_rows)), 1, 0)
    return values("seen", f"channel:{channel}", f"kind:{kind}")


def test_the_most_specific_scope_wins() -> None:
    named, kind, all_ = given("seen", 0.9, "channel:cn.sms"), given("seen", 0.8, "kind:sms"), given("seen", 0.7)
    assert seen((all_, named, kind)) == 0.9
    assert seen((all_, kind)) == 0.8
    assert seen((all_,)) == 0.7
    assert seen(()) == 0.5
    assert seen((named,), "cn.email", "email") == 0.2


def test_what_is_declared_goes_before_what_is_assumed_by_itself() -> None:
    """There is a prior for SMS; yet who declares one number for all channels gets that number."""
    assert parameters()["seen"].priors[0].scope == "kind:sms"
    assert seen((given("seen", 0.33),)) == 0.33


def test_of_two_rows_for_one_scope_the_later_holds() -> None:
    assert seen((given("seen", 0.2), given("seen", 0.3))) == 0.3


@pytest.mark.parametrize(
    ("row", "code", "text"),
    [
        (Assumption("sen", "", 0.5, 0, "logit", "", "given"), "WK5201", "no parameter named 'sen'"),
        (given("seen", 0.5, "channel:cn.fax"), "WK5202", "'seen' cannot be assumed for 'channel:cn.fax'"),
        (given("lapse", 0.5, "kind:sms"), "WK5202", "'lapse' cannot be assumed for 'kind:sms'"),
        (given("offer_response", 1.0, "kind:gift"), "WK5202", "'offer_response' cannot be assumed for 'kind:gift'"),
        (given("offer_response", 1.0, "incentive:kit"), "WK5202", "cannot be assumed for 'incentive:kit'"),
        (given("subscribes", 0.5, "kind:sms"), "WK5202", "'subscribes' cannot be assumed for 'kind:sms'"),
        (given("attendance", 0.5, "kind:draw"), "WK5202", "'attendance' cannot be assumed for 'kind:draw'"),
        (given("satisfaction", 5.5, "kind:survey"), "WK5203", "'satisfaction' cannot be 5.5"),
        (given("seen", 0.5, "tier:value.high"), "WK5202", "cannot be assumed for 'tier:value.high'"),
        (given("seen", 1.5), "WK5203", "(logit): the median is no probability"),
        (given("advertising", 0.0), "WK5203", "'advertising' cannot be 0.0"),
        (Assumption("seen", "", 1.0, 0.1, "logit", "", "none"), "WK5203", "with sd 0.1 (logit): at the edge"),
        (Assumption("seen", "", 0.5, -0.1, "logit", "", "none"), "WK5203", "with sd -0.1 (logit): the sd must be"),
        (Assumption("seen", "", 0.5, math.nan, "logit", "", "none"), "WK5203", "with sd nan (logit): the sd must be"),
        (Assumption("seen", "", 0.5, 0.1, "identity", "", "none"), "WK5203", "(identity): the link must be `logit`"),
    ],
)
def test_an_assumption_that_means_nothing_is_refused(row: Assumption, code: str, text: str) -> None:
    with pytest.raises(WakeupError) as caught:
        assume(evolve(PLAN, assumptions=(row, given("lapse", 0.5))))
    (told,) = caught.value.diagnostics
    assert told.code == code
    assert text in told.message
    assert told.help


def test_a_misspelt_parameter_is_guessed() -> None:
    with pytest.raises(WakeupError) as caught:
        assume(evolve(PLAN, assumptions=(Assumption("adverticing", "", 2, 0, "log", "", "given"),)))
    assert caught.value.diagnostics[0].help == "the parameters are: `advertising`"


def test_replication_zero_takes_the_medians_and_facts_never_move() -> None:
    row = Assumption("seen", "kind:sms", 0.4, 0.5, "logit", "", "none")
    assert value(row, 7, 0) == 0.4
    assert value(row, 7, 1) != 0.4
    assert value(row, 7, 1) == value(row, 7, 1)
    assert value(given("seen", 1.0), 7, 5) == 1.0


@pytest.mark.parametrize(("link", "median"), [("identity", -0.4), ("log", 3.0), ("logit", 0.1)])
def test_values_are_normal_on_the_scale_of_the_link(link: str, median: float) -> None:
    row = Assumption("any", "", median, 0.3, link, "", "none")  # type: ignore[arg-type]  # a link that there is none of
    scale = {"identity": lambda x: x, "log": np.log, "logit": lambda x: np.log(x / (1 - x))}[link]
    drawn = scale(np.array([value(row, 1, replication) for replication in range(1, 2_001)]))
    assert drawn.mean() == pytest.approx(scale(np.float64(median)), abs=0.03)
    assert drawn.std() == pytest.approx(0.3, rel=0.06)


def test_the_basis_is_what_the_plan_uses() -> None:
    plan = evolve(PLAN, channels=PLAN.channels[:1], messages=PLAN.messages[:1], incentives=PLAN.incentives[:1])
    rows = basis(plan)
    scopes = {row.scope for row in rows}
    assert scopes == {"", "kind:sms", "kind:coupon"}
    assert len({(row.parameter, row.scope) for row in rows}) == len(rows)
    assert "take_up" not in {row.parameter for row in rows}
    lapse = next(row for row in rows if row.parameter == "lapse")
    assert lapse.low < lapse.median < lapse.high
    assert (lapse.low, lapse.high) == pytest.approx((0.272, 0.501), abs=1e-3)
    assert lapse.grade == "observational"


def test_parameter_values_follow_the_basis() -> None:
    rows = basis(PLAN)
    assert parameter_values(PLAN, 5, 0).tolist() == [row.median for row in rows]
    drawn = np.array([parameter_values(PLAN, 5, replication) for replication in range(1, 61)])
    inside = (drawn >= [row.low for row in rows]) & (drawn <= [row.high for row in rows])
    moving = np.array([row.low < row.high for row in rows])
    assert inside[:, ~moving].all()
    assert inside[:, moving].mean() == pytest.approx(0.9, abs=0.02)


def test_adding_a_channel_moves_no_other_value() -> None:
    few = evolve(PLAN, channels=PLAN.channels[:2], messages=PLAN.messages[:2], incentives=())
    known = dict(zip(((row.parameter, row.scope) for row in basis(PLAN)), parameter_values(PLAN, 5, 3), strict=True))
    for row, found in zip(basis(few), parameter_values(few, 5, 3), strict=True):
        assert known[(row.parameter, row.scope)] == found
