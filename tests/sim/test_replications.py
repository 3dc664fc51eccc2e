"""Many replications: equal for any number of workers, refusing what cannot be simulated, leaving nothing behind."""

import csv
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from tests.figures.small import DAY, PLAN, START

from wakeup.behaviour import DefaultBehaviour
from wakeup.customers import Field, Population, synthetic
from wakeup.diagnostics import Diagnostic, WakeupError, diagnostic
from wakeup.figures.result import Result
from wakeup.plan.model import Branch, Journey, Plan, Scenario, Wave
from wakeup.plan.predicates import EVERYONE, And, Compare, HasTag, Not
from wakeup.sim.jobs import Job, Setting, tally
from wakeup.sim.replications import simulate
from wakeup.sim.workers import hired

SCENARIOS = (
    Scenario("storm", START, START + DAY, organic="0.5"),
    Scenario("outage", START, START + 2 * DAY, down=("sms", "popup")),
)
CAMPAIGN = evolve(PLAN, scenarios=SCENARIOS)
PEOPLE = synthetic(60, seed=3, as_of=START)


def run(plan: Plan = CAMPAIGN, people: Population = PEOPLE, **options: object) -> Result:
    return simulate(plan, people, engine="reference", **({"replications": 2} | options))  # type: ignore[arg-type]


def refused(plan: Plan = CAMPAIGN, people: Population = PEOPLE, **options: object) -> Diagnostic:
    with pytest.raises(WakeupError) as caught:
        run(plan, people, **options)
    (told,) = caught.value.diagnostics
    return told


def test_workers_never_show() -> None:
    seen: list[tuple[int, int]] = []
    names = ["storm", "outage"]
    one = run(scenarios=names, progress=lambda *step: seen.append(step))
    assert seen == [(number, 6) for number in range(1, 7)]
    seen.clear()
    two = run(scenarios=names, progress=lambda *step: seen.append(step), workers=2)
    assert seen == [(number, 6) for number in range(1, 7)]
    assert two.to_json() == one.to_json()


def test_seeds_and_replications_differ_and_scenarios_do_something() -> None:
    result = run(scenarios=["outage"])
    assert run(seed=2).to_json() != run(seed=1).to_json()
    assert result.replications == 2
    assert set(result.scenarios) == {"outage"}
    assert result.figures["sent"].value
    assert result.scenarios["outage"]["sent"].value == 0
    assert result.figures == run().figures, "scenarios leave the forecast alone"


def test_figures_come_from_replication_1_on_the_medians_are_for_events() -> None:
    setting = Setting(CAMPAIGN, PEOPLE, DefaultBehaviour(), 1, "reference")
    sent = run(replications=1).figures["sent"].value
    assert sent == tally(setting, Job(1)).totals.total("sent")
    assert sent != tally(setting, Job(0)).totals.total("sent")


def test_scenarios_come_in_the_order_of_the_plan_each_with_its_own() -> None:
    both, outage = run(scenarios=["outage", "storm"]), run(scenarios=["outage"])
    assert list(both.scenarios) == ["storm", "outage"]
    assert both.scenarios["outage"] == outage.scenarios["outage"]


def test_the_basis_is_that_of_the_default_behaviour() -> None:
    basis = run(replications=10).basis
    assert all(row.source and row.grade for row in basis)
    assert any(row.influence is not None and row.influence > 0 for row in basis)


def test_events_are_those_of_the_medians(tmp_path: Path) -> None:
    paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
    assert run(events=paths[0], replications=1).to_json() == run(replications=1).to_json()
    run(events=paths[1], replications=2)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with paths[0].open(encoding="utf-8") as file:
        assert {row["kind"] for row in csv.DictReader(file)} >= {"entered", "assigned", "sent"}


def test_events_that_cannot_be_written_are_told_before_the_long_run(tmp_path: Path) -> None:
    seen: list[int] = []
    told = refused(events=tmp_path / "missing" / "events.csv", progress=lambda done, _: seen.append(done))
    assert (told.code, seen) == ("WK5106", [])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"replications": 0}, "replications is 0; it must be from 1 to 100000"),
        ({"replications": 10**20}, f"replications is {10**20}; it must be from 1 to 100000"),
        ({"workers": 0}, "workers is 0; it must be from 1 to 1000"),
        ({"workers": 10**20}, f"workers is {10**20}; it must be from 1 to 1000"),
        ({"seed": -1}, f"seed is -1; it must be from 0 to {2**63 - 1}"),
        ({"seed": 2**64}, f"seed is {2**64}; it must be from 0 to {2**63 - 1}"),
    ],
)
def test_numbers_out_of_range_are_told(options: dict[str, int], message: str) -> None:
    told = refused(**options)
    assert (told.code, told.message) == ("WK5107", message)


def test_an_unknown_scenario_is_told() -> None:
    told = refused(scenarios=["strom"])
    assert (told.code, told.help) == ("WK5101", "its scenarios are: `storm`")


def test_nobody_at_all_is_told() -> None:
    nobody = evolve(
        PEOPLE,
        **{
            name: getattr(PEOPLE, name)[:0]
            for name in ("key", "ids", "first_order", "last_order", "last_interaction", "orders", "monetary",
                         "average_order_value", "gap")
        },
        tags={},
    )  # fmt: skip
    assert refused(people=nobody).code == "WK5102"


def test_nobody_eligible_is_told() -> None:
    told = refused(evolve(CAMPAIGN, audience=Compare("orders", ">", 10**6, "count")))
    assert (told.code, told.message) == ("WK5109", "the audience selects none of the 60 customers")


@pytest.mark.parametrize("where", ["audience", "match", "branch", "tier"])
def test_an_attribute_that_nobody_has_is_told(where: str) -> None:
    asks = Not(And([Compare("shoe_size", "==", "dry", "text")]))  # type: ignore[arg-type]
    match where:
        case "audience":
            plan = evolve(CAMPAIGN, audience=asks)
        case "match":
            plan = evolve(CAMPAIGN, journeys=(evolve(CAMPAIGN.journeys[0], match=asks),))
        case "branch":
            plan = evolve(CAMPAIGN, journeys=(Journey("j", EVERYONE, Wave(START), (Branch(asks, 1),)),), promotions=())
        case _:
            plan = evolve(CAMPAIGN, tiers=(evolve(CAMPAIGN.tiers[0], attribute="shoe_size"),))
    told = refused(plan)
    assert told.code == "WK5103"
    assert "'shoe_size'" in told.message


def test_a_field_that_is_blank_for_everybody_is_one_that_nobody_has() -> None:
    plan = evolve(CAMPAIGN, audience=Compare("shoe_size", "==", "dry", "text"))
    blank = Field("text", np.full(len(PEOPLE), -1, np.int32), ("dry",))
    assert refused(plan, evolve(PEOPLE, fields={"shoe_size": blank})).code == "WK5103"
    one = Field("text", np.where(np.arange(len(PEOPLE)) == 0, 0, -1).astype(np.int32), ("dry",))
    assert run(plan, evolve(PEOPLE, fields={"shoe_size": one})).eligible == 1


def test_a_tag_is_asked_of_data_that_have_tags() -> None:
    plan = evolve(CAMPAIGN, audience=Not(HasTag("emplyee")))
    tagged = evolve(PEOPLE, tags={"employee": np.zeros(len(PEOPLE), np.bool_)})
    told = refused(plan, tagged)
    assert (told.code, told.help) == ("WK5104", "the customers have: `employee`")
    assert run(plan, evolve(PEOPLE, tags={})).eligible == len(PEOPLE)


# --- processes -------------------------------------------------------------------------------------------------------


class Refusing:
    """A behaviour that an engine cannot begin with."""

    def model(self, *_given: object) -> None:
        raise WakeupError([diagnostic("WK5102")])


class Dying:
    """A behaviour that takes its process with it."""

    def model(self, *_given: object) -> None:
        os._exit(3)


def in_workers(behaviour: object) -> None:
    setting = Setting(CAMPAIGN, PEOPLE, behaviour, 1, "reference")  # type: ignore[arg-type]
    with hired(setting, 2, None) as play:
        list(play([Job(1), Job(2)]))


def test_an_error_for_people_comes_back_whole_from_a_worker() -> None:
    with pytest.raises(WakeupError) as caught:
        in_workers(Refusing())
    assert caught.value.diagnostics == (diagnostic("WK5102"),)


def test_workers_that_die_again_and_again_are_told() -> None:
    with pytest.raises(WakeupError, match="WK5108: 3 times in a row one of 2 worker processes died"):
        in_workers(Dying())


ENDLESS = textwrap.dedent(
    """
    import sys, time
    from tests.sim.test_replications import CAMPAIGN, PEOPLE
    from wakeup.sim.jobs import Job, Setting
    from wakeup.sim.workers import hired

    class Sleeping:
        def model(self, *_given):
            open(sys.argv[1], "a").close()
            time.sleep(600)

    if __name__ == "__main__":
        with hired(Setting(CAMPAIGN, PEOPLE, Sleeping(), 1, "reference"), 2, None) as play:
            list(play([Job(1), Job(2)]))
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL], ids=["interrupted", "killed"])
def test_no_worker_outlives_its_parent(tmp_path: Path, checkout: Path, blow: signal.Signals) -> None:
    script, sign = tmp_path / "endless.py", tmp_path / "begun"
    script.write_text(ENDLESS, "utf-8")
    parent = subprocess.Popen(
        [sys.executable, str(script), str(sign)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(checkout), str(checkout / "src")))},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _assert_soon(sign.exists)
        parent.send_signal(blow)  # to the parent alone
        parent.wait(timeout=30)
        _assert_soon(lambda: not _alive(parent.pid))
    finally:
        if _alive(parent.pid):
            os.killpg(parent.pid, signal.SIGKILL)
        parent.communicate()


def _assert_soon(reached, seconds: float = 30) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_result_is_json() -> None:
    tree = json.loads(run(replications=1).to_json())
    assert tree["customers"] == 60
    assert tree["figures"]["targeted"]["value"] + tree["figures"]["held_out"]["value"] == 60
