"""Tuning a campaign: what is best is found, told honestly, and written into the file."""

from pathlib import Path

import numpy as np
import pytest

import wakeup
from wakeup.customers import Population, synthetic
from wakeup.diagnostics import WakeupError
from wakeup.source import Source
from wakeup.tuning import tune

TEXT = """wakeup 1
campaign c "C" {
  currency: CNY, timezone: "Asia/Shanghai", run: 2026-09-01 through 2026-09-30
  audience: days_since_order >= 30d, holdout: 10%%, margin: 50%%   # kept
}
coupon off { discount: %s off 200 CNY, valid: %s }
channel post { kind: email, cost: %s per message, optout: none }
message hello via post { text: "Hello {{ offer }}" }
journey all { send hello with off }
%s
"""


@pytest.fixture(scope="module")
def people() -> Population:
    return synthetic(1_500, seed=5)


def _source(discount: str = "20 CNY", valid: str = "7d", cost: str = "0 CNY", more: str = "") -> Source:
    return Source("c.wake", TEXT % (discount, valid, cost, more))


def test_what_costs_more_and_brings_nothing_is_not_picked(people: Population) -> None:
    # The price of a message changes no customer: a cent more a message is a cent less, to the last replication.
    found = tune(_source(cost="tune(1 CNY..9 CNY step 2 CNY)"), people, replications=4)
    assert found.chosen == ("1 CNY",)
    by_price = {found.numbers[0].values[each.picks[0]]: each for each in found.found.trials}
    sent = by_price["1 CNY"].profit[:2] - by_price["3 CNY"].profit[:2]
    assert (sent > 0).all()
    assert np.allclose(by_price["3 CNY"].profit[:2] - by_price["5 CNY"].profit[:2], sent)  # the same luck for all
    assert not found.found.best.gain.any()


def test_the_file_stays_but_for_the_number(people: Population) -> None:
    source = _source(discount="tune(20 CNY..60 CNY step 40 CNY)", valid="tune(7d..14d step 7d)")
    found = tune(source, people, replications=3)
    assert len(found.found.trials) == 4
    assert found.text == _source(discount=found.chosen[0], valid=found.chosen[1]).text
    assert wakeup.load(Source("c.wake", found.text)).name == "c"


def test_the_best_is_what_a_full_search_finds_and_its_gain_is_told_again(people: Population) -> None:
    found = tune(_source(discount="tune(10 CNY..190 CNY step 60 CNY)"), people, replications=6).found
    whole = [each for each in found.trials if len(each.profit) == 6]
    assert found.best.found.mean() == max(each.profit.mean() for each in whole)
    fresh = wakeup.simulate(wakeup.load(_source(discount="10 CNY")), people, replications=12)
    assert fresh.figures["incremental_profit"].value == pytest.approx(
        float(np.concatenate((found.best.first, found.best.first_again)).mean())
    )
    assert not np.array_equal(found.best.again, found.best.found)


def test_expectations_come_first(people: Population) -> None:
    text = "expect redemption_rate <= 0% sure 90%"
    offered = _source(discount="tune(100 CNY..190 CNY step 90 CNY)", more=text)
    found = tune(offered, people, replications=3)
    assert found.found.best.broken >= 1


def test_variants_that_contradict_themselves_are_left_out(people: Population) -> None:
    found = tune(_source(discount="tune(50 CNY..250 CNY step 100 CNY)"), people, replications=2)
    assert found.found.invalid == 1  # 250 off 200
    assert found.found.space == 3
    with pytest.raises(WakeupError) as error:
        tune(_source(discount="tune(250 CNY..350 CNY step 100 CNY)"), people)
    assert error.value.diagnostics[0].severity.name == "ERROR"  # the first values are the file's own


def test_nothing_open_is_an_error(people: Population, tmp_path: Path) -> None:
    with pytest.raises(WakeupError) as error:
        tune(_source(), people)
    assert [each.code for each in error.value.diagnostics] == ["WK5123"]
    with pytest.raises(WakeupError) as error:
        tune(tmp_path / "plan.json", people)
    assert [each.code for each in error.value.diagnostics] == ["WK5123"]
