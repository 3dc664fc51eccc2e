"""The Python face: check, load, simulate, as a program of the user's own calls them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.made import CAMPAIGN, LOG

import wakeup
from wakeup.behaviour import DefaultBehaviour
from wakeup.lang.attributes import ATTRIBUTES
from wakeup.plan.json import plan_to_json
from wakeup.plan.model import Assumption
from wakeup.source import Source

STORM = "scenario storm { from: 2026-09-20 through 2026-09-27, response: 0.8x }\n"
PEOPLE = "customers, as `wakeup.customers.from_history` or `synthetic` returns them"
BEHAVIOUR = "a behaviour: an object with a method `model`"


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """A good campaign in a folder of its own."""
    path = tmp_path / "spring.wake"
    path.write_text(CAMPAIGN, encoding="utf-8")
    return path


def test_from_campaign_to_report(campaign: Path) -> None:
    plan = wakeup.load(campaign)
    people = wakeup.customers.synthetic(400, seed=7)
    result = wakeup.simulate(plan, people, seed=7, replications=3)
    profit = result.figures["incremental_profit"]
    assert profit.low is not None
    assert profit.high is not None
    assert profit.value is not None
    assert profit.low < profit.value < profit.high
    assert profit.unit == "CNY"
    result.to_html(campaign.parent / "report.html")
    assert "Spring" in (campaign.parent / "report.html").read_text(encoding="utf-8")


def test_check_returns_what_load_raises(campaign: Path) -> None:
    campaign.write_text(CAMPAIGN.replace("with off", "with of"), encoding="utf-8")
    (found,) = wakeup.check(campaign)
    with pytest.raises(wakeup.WakeupError) as raised:
        wakeup.load(campaign)
    assert raised.value.diagnostics == (found,)
    assert "`off`" in str(found.help) or "off" in str(found.help)


def test_a_text_in_memory_is_a_campaign(campaign: Path) -> None:
    assert wakeup.check(Source("memory.wake", CAMPAIGN)) == ()
    assert wakeup.load(Source("spring.wake", CAMPAIGN)).name == wakeup.load(campaign).name


def test_a_plan_written_as_json_is_the_plan(campaign: Path) -> None:
    plan = wakeup.load(campaign)
    saved = campaign.parent / "plan.json"
    saved.write_bytes(plan_to_json(plan))
    assert wakeup.load(saved) == plan


def test_a_log_fits_the_organic_part_unless_told_otherwise(campaign: Path) -> None:
    log = campaign.parent / "orders.csv"
    log.write_text(LOG, encoding="utf-8")
    plan = wakeup.load(campaign)
    people = wakeup.customers.from_history(log, as_of="2026-01-01", zone=plan.zone)
    own = Assumption("organic_level", "", -3.0, 0.0, "identity", "our own", "given")
    results = [wakeup.simulate(plan, people, replications=2, assume=rows) for rows in ((), (own,))]
    sources = [{row.assumption: row.source for row in each.basis}["organic_level"] for each in results]
    assert "fitted" in sources[0]
    assert sources[1] == "our own"
    assert results[0].figures["orders"] != results[1].figures["orders"]


@pytest.mark.parametrize("name", [name for name, measure in ATTRIBUTES.items() if measure != "text"])
def test_every_attribute_of_the_language_can_be_simulated(campaign: Path, name: str) -> None:
    value = {"duration": "1d", "money": "1 CNY", "count": "1"}[ATTRIBUTES[name]]
    tier = f"tier t by {name} {{ low: below {value}, high: {value} and up }}\n"
    campaign.write_text(CAMPAIGN.replace("days_since_order >= 180d", f"{name} >= {value}") + tier, encoding="utf-8")
    result = wakeup.simulate(wakeup.load(campaign), wakeup.customers.synthetic(50), replications=1)
    (high,) = [each.figures["targeted"].value for each in result.segments if each.by == "tier:t=high"]
    assert high == result.figures["targeted"].value
    assert high


def test_customers_from_after_the_start_are_refused(campaign: Path) -> None:
    people = wakeup.customers.anchored(wakeup.customers.synthetic(10), wakeup.load(campaign).start + 1)
    with pytest.raises(wakeup.WakeupError, match="WK6005"):
        wakeup.simulate(wakeup.load(campaign), people)


def test_a_tag_of_the_shop_s_own_is_no_fault_of_made_up_customers(campaign: Path) -> None:
    campaign.write_text(CAMPAIGN.replace(">= 180d", ">= 180d and not tag(员工)"), encoding="utf-8")
    plan = wakeup.load(campaign)
    result = wakeup.simulate(plan, wakeup.customers.synthetic(200), replications=1)
    assert result.figures["targeted"].value
    dated = wakeup.customers.anchored(wakeup.customers.synthetic(200), plan.start)
    with pytest.raises(wakeup.WakeupError, match="员工"):
        wakeup.simulate(plan, dated, replications=1)


def test_import_is_light() -> None:
    program = (
        "import sys, wakeup; print([name for name in ('numpy', 'lark', 'simpy', 'duckdb') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "[]"


def test_unknown_names_are_told() -> None:
    with pytest.raises(AttributeError, match="simulat"):
        wakeup.simulat  # noqa: B018
    assert set(wakeup.__all__) <= set(dir(wakeup))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"people": 1000}, f"people must be {PEOPLE}, not 1000"),
        ({"plan": "x.wake"}, "plan must be a plan, as `wakeup.load` returns it, not str"),
        ({"engine": "fast"}, "engine must be `array` or `reference`, not 'fast'"),
        ({"seed": 1.5}, "seed must be a whole number, not 1.5"),
        ({"workers": "2"}, "workers must be a whole number, not str"),
        ({"behaviour": object()}, f"behaviour must be {BEHAVIOUR}, not object"),
        ({"behaviour": DefaultBehaviour}, f"behaviour must be {BEHAVIOUR}, not the class DefaultBehaviour itself"),
        ({"scenarios": 3}, "scenarios must be a list of scenarios by name, not 3"),
        ({"assume": ["seen"]}, "assume must be a list of assumptions, not list"),
        ({"precision": 0.5}, "precision must be a mapping from figures to half-widths, not 0.5"),
        ({"executor": 4}, "executor must be an executor of `concurrent.futures`, not 4"),
    ],
)  # fmt: skip
def test_an_argument_of_a_wrong_kind_is_named(campaign: Path, options: dict[str, Any], told: str) -> None:
    arguments = {"plan": wakeup.load(campaign), "people": wakeup.customers.synthetic(5), **options}
    plan, people = arguments.pop("plan"), arguments.pop("people")
    with pytest.raises(wakeup.WakeupError) as raised:
        wakeup.simulate(plan, people, **arguments)
    (found,) = raised.value.diagnostics
    assert (found.code, found.message) == ("WK5205", told)


def test_what_is_compared_must_be_plans() -> None:
    with pytest.raises(wakeup.WakeupError) as raised:
        wakeup.compare("a", "b", wakeup.customers.synthetic(5))  # type: ignore[arg-type]  # refused
    assert [each.message.split()[0] for each in raised.value.diagnostics] == ["old", "new"]


def test_a_scenario_may_be_told_by_its_name_or_all(campaign: Path) -> None:
    campaign.write_text(f"{CAMPAIGN}\n{STORM}", encoding="utf-8")
    plan, people = wakeup.load(campaign), wakeup.customers.synthetic(50)
    for scenarios in ("all", "storm", ["storm"]):
        result = wakeup.simulate(plan, people, replications=1, scenarios=scenarios)
        assert list(result.scenarios) == ["storm"]
    assert list(wakeup.compare(plan, plan, people, replications=2, scenarios="all").scenarios) == ["storm"]
    with pytest.raises(wakeup.WakeupError, match="WK5101"):
        wakeup.simulate(plan, people, replications=1, scenarios="strom")
    with pytest.raises(wakeup.WakeupError, match="lang must be `en` or `zh`, not 'fr'"):
        wakeup.simulate(plan, people, replications=1).html("fr")  # type: ignore[arg-type]  # refused
