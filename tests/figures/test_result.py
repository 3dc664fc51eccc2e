import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from attrs import evolve, fields, frozen
from tests.figures.small import PLAN, totals

from wakeup.figures.assemble import Assumed, assemble
from wakeup.figures.result import Result, Timing
from wakeup.figures.totals import METRICS, Totals
from wakeup.plan.fingerprint import fingerprints
from wakeup.stats import interval


def with_orders(more: int) -> Totals:
    """The hand-made sums, with more profit."""
    found = totals()
    found.sums[0, :, 0, METRICS.index("value")] += more
    return evolve(found, reasons={"cap": more}, tripped=(("spending", "sms", 1),) if more else ())


def result(replications: int = 2) -> Result:
    parts = [with_orders(number) for number in range(replications)]
    open_rate = Assumed("open", "kind:sms", 0.3, 0.2, 0.4, "a trial", "rct", np.arange(float(replications)))
    return assemble(
        PLAN,
        seed=7,
        customers=6,
        replications=parts,
        scenarios={"storm": parts},
        basis=[open_rate],
    )


def schema(checkout: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((checkout / "docs" / "schema" / "result.schema.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("replications", [1, 2, 40])
def test_the_json_is_as_published(checkout: Path, replications: int) -> None:
    tree = json.loads(result(replications).timed(population_s=None, simulate_s=2, wall_s=3).to_json())
    jsonschema.Draft202012Validator.check_schema(schema(checkout))
    jsonschema.validate(tree, schema(checkout))


def test_the_schema_refuses_what_is_no_result(checkout: Path) -> None:
    tree = result().to_dict()
    for broken in ({**tree, "format_version": "2"}, {**tree, "figures": {"aov": 3}}, {}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema(checkout))


def test_the_schema_names_every_field(checkout: Path) -> None:
    assert set(schema(checkout)["required"]) == set(result().to_dict())
    assert set(schema(checkout)["properties"]) == set(result().to_dict())


def test_equal_results_are_equal_bytes_but_for_timing() -> None:
    first, second = result(), result()
    assert first.to_json() == second.to_json()
    timed = second.timed(population_s=1, simulate_s=2, wall_s=3)
    assert timed.timing == Timing(1, 2, 3, 6 * 2 * 2 / 2)
    trees = [json.loads(each.to_json()) for each in (first, timed)]
    assert trees[0] != trees[1]
    for tree in trees:
        del tree["timing"]
    assert trees[0] == trees[1]


def test_it_says_what_was_simulated() -> None:
    tree = result().to_dict()
    ids = fingerprints(PLAN)
    assert tree["plan"] == {"name": "small", "behaviour_id": ids.conduct, "forecast_id": ids.forecast}
    assert [tree[key] for key in ("seed", "replications", "customers", "eligible", "currency")] == [7, 2, 6, 6, "CNY"]


def test_money_is_in_major_units() -> None:
    tree = result(1).to_dict()
    assert tree["figures"]["profit"]["value"] == 181.85
    assert tree["figures"]["profit"]["unit"] == "CNY"
    assert tree["budget"] == [
        {"line": "promotion", "limit": 5_000, "spent": 50.14, "open": 50, "tail": 50},
        {"line": "gifts", "limit": 1_000, "spent": 118.01, "open": 0, "tail": 0},
        {"line": "", "limit": None, "spent": 35, "open": 0, "tail": 0},
    ]
    models = {"last_touch": 1, "first_touch": 2, "linear": 1.5, "time_decay": 1.5, "position": 1.5, "shapley": 1.5}
    assert tree["attribution"][0] == {"channel": "sms", "orders": 1, "revenue": 250, "models": models}
    untouched = {"channel": None, "orders": 1, "revenue": 200, "models": dict.fromkeys(models, 1)}
    assert tree["attribution"][-1] == untouched
    assert tree["days"][0] == {
        "date": "2026-09-01", "sent": 3, "orders": 1, "revenue": 250, "twin_orders": 1, "twin_revenue": 300,
        "sent_low": None, "sent_high": None, "orders_low": None, "orders_high": None,
    }  # fmt: skip
    assert [day["date"] for day in tree["days"]] == ["2026-09-01", "2026-09-02"]


def test_days_have_a_band_where_there_are_several_replications() -> None:
    counts = (3, 5, 4, 8, 1)
    parts = [evolve(totals(), days=totals().days * count) for count in counts]
    found = assemble(PLAN, seed=7, customers=6, replications=parts, scenarios={}, basis=()).days[0]
    ends = interval([3.0 * count for count in counts])  # three sends on the first day of the hand-made sums
    assert ends is not None
    assert (found.sent_low, found.sent_high) == pytest.approx((max(ends[0], 0.0), ends[1]))
    ends = interval(list(map(float, counts)))
    assert ends is not None
    assert found.orders_low == max(ends[0], 0.0) == 0.0, "no fewer than none"
    assert found.orders_high == pytest.approx(ends[1])


def test_parts_of_the_people() -> None:
    tree = result().to_dict()
    assert [each["by"] for each in tree["segments"]] == [
        "tier:value=high",
        "tier:value=low",
        "journey:main",
        "journey:other",
        "channel:sms",
        "channel:popup",
    ]
    assert tree["segments"][0]["figures"]["woken"]["value"] == 2
    assert tree["segments"][4]["figures"]["sent"]["value"] == 3
    assert [(each["journey"], each["split"], each["arm"], each["customers"]) for each in tree["arms"]] == [
        ("main", "ab", "a", 1),
        ("main", "ab", "b", 1),
    ]
    assert "incremental_profit" in tree["arms"][0]["figures"]
    assert not any(name.startswith(("uplift_", "held_out")) for name in tree["arms"][0]["figures"])


def test_counts_are_means_over_replications() -> None:
    tree = result().to_dict()
    assert tree["reasons"] == {"cap": 0.5}
    assert tree["delays"] == {"quiet": 1}
    assert tree["tripped"] == {"spending/sms": 0.5}
    assert tree["promoted"] == {"main/ab": {"a": 1}}
    assert tree["unclassified"] == {"value": 1}


def test_claims_and_scenarios() -> None:
    tree = result().to_dict()
    assert tree["goals"] == [{"text": "wake_rate >= 50%", "probability": 1}]
    assert [(each["text"], each["status"]) for each in tree["expectations"]] == [
        ("incremental_profit >= 0", "undecided"),
        ("at most 2 a day", "ok"),
    ]
    assert tree["scenarios"]["storm"]["figures"] == tree["figures"]


def test_a_failed_expectation_is_seen() -> None:
    assert not result().failed
    verdict = evolve(result().expectations[0], status="failed")
    assert evolve(result(), expectations=(verdict,)).failed


def test_the_basis_tells_influence_from_ten_replications_on() -> None:
    assert result(9).to_dict()["basis"] == [
        {"assumption": "open kind:sms", "source": "a trial", "grade": "rct", "influence": None,
         "median": 0.3, "low": 0.2, "high": 0.4, "clear": False, "worth": None,
         "profit_at_low": None, "profit_at_high": None},
    ]  # fmt: skip
    assert result(20).to_dict()["basis"][0]["influence"] > 0.9
    assert result(20).to_dict()["basis"][0]["clear"]


def test_numbers_are_rounded_and_never_minus_zero() -> None:
    figure = evolve(result().figures["roi"], value=-0.0, low=0.1 + 0.2, high=None)
    tree = evolve(result(), figures={"roi": figure}).to_dict()
    assert str(tree["figures"]["roi"]["value"]) == "0.0"
    assert tree["figures"]["roi"]["low"] == 0.3


def test_what_a_subclass_carries_is_no_part_of_the_form() -> None:
    @frozen
    class Annotated(Result):
        note: str = "private"

    plain = result()
    annotated = Annotated(**{each.name: getattr(plain, each.name) for each in fields(Result)})
    assert annotated.to_json() == plain.to_json()
