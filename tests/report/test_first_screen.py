"""Two readers, one of English and one of Chinese, are given only the report of a campaign: what its first screen says.

Whether to launch, the chance of each goal, the money at risk, what to find out first, what cannot be undone: the words
stand above the first chart, and they say what the JSON says.
"""

import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest

import wakeup
from wakeup.face import Forecast
from wakeup.report.basis import ranked
from wakeup.terms.language import Language

ROOT = Path(__file__).parents[2]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@cache
def forecast() -> Forecast:
    """The autumn campaign on few customers, with a scenario; enough replications for one assumption to stand out."""
    plan = wakeup.load(ROOT / "campaigns" / "beauty_autumn.wake")
    return wakeup.simulate(
        plan, wakeup.customers.synthetic(600, seed=7), seed=7, replications=10, scenarios=["rival_sale"]
    )


@cache
def first_screen(lang: Language) -> str:
    """What a person reads before the first section with a chart."""
    page = forecast().html(lang).decode()
    main = page[page.index("<main>") : page.index("<section>")]
    assert "<svg" not in main
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).replace("\xa0", " ").split())


def percent(probability: float) -> str:
    """A chance as the page writes it: whole percent, and nothing that a finite run did not refute is certain."""
    if 0 < probability < 0.005:
        return "1 %"
    return "99 %" if 0.995 <= probability < 1 else f"{probability * 100:.0f} %"


def test_whether_to_launch_comes_first() -> None:
    statuses = [each.status for each in forecast().expectations]
    failed, count = statuses.count("failed"), len(statuses)
    assert failed, "this campaign on these customers does not pass its own gates"
    assert f"Do not launch it as it is: it fails {failed} of its {count} expectations." in first_screen("en")
    assert f"按方案自己的预期，现在不宜启动：{count} 项中有 {failed} 项未达成。" in first_screen("zh")
    for lang in LANGUAGES:
        at = first_screen(lang).index("expectations." if lang == "en" else "项未达成")
        assert at < 200, "within the first lines"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_goal_has_its_chance(lang: Language) -> None:
    goals = forecast().goals
    assert goals
    for goal in goals:
        told = first_screen(lang)
        at = told.index(goal.text, told.index("Goals and expectations" if lang == "en" else "目标与预期"))
        words = "reached with probability" if lang == "en" else "达成概率"
        assert words in told[at : at + 60]
        assert percent(goal.probability) in told[at : at + 70]


def test_the_money_at_risk_at_the_tenth_percentile_is_named() -> None:
    planned = forecast().risks[0]
    assert planned.tenth is not None
    assert planned.tenth < 0
    amount = f"{abs(planned.tenth):,.0f}"
    assert f"At risk: in one run of ten it loses more than {amount} CNY" in first_screen("en")
    assert f"风险：十次里有一次亏损超过 {amount} 元" in first_screen("zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_scenario_has_its_money_at_risk_and_its_chance_of_missing_each_goal(lang: Language) -> None:
    told = first_screen(lang)
    risks = [each for each in forecast().risks if each.scenario]
    assert [each.scenario for each in risks] == ["rival_sale"]
    for each in risks:
        row = told[told.index(each.scenario) :][:160]
        assert each.tenth is not None
        assert f"{abs(each.tenth):,.0f}" in row
        assert all(percent(chance) in row for chance in each.missed.values())


def test_one_assumption_to_find_out_first_is_named() -> None:
    most = ranked(forecast())[0]
    english, chinese = first_screen("en"), first_screen("zh")
    if most.clear:
        assert f"To find out first: {_meaning(most.assumption, 'en')}" in english
        assert f"先弄清：{_meaning(most.assumption, 'zh')}" in chinese
    else:
        assert f"To find out first: perhaps {_meaning(most.assumption, 'en')}" in english
        assert f"先弄清：可能是“{_meaning(most.assumption, 'zh')}”" in chinese


def _meaning(assumption: str, lang: Language) -> str:
    from wakeup.terms.behaviour import parameters

    known = parameters()[assumption.partition(" ")[0]]
    return known.meaning if lang == "en" else known.meaning_zh


def test_what_cannot_be_undone_is_named() -> None:
    sent, discount = (forecast().figures[name].value for name in ("sent", "discount_cost"))
    assert sent
    assert discount
    assert f"What cannot be undone: {sent:,.0f} messages, and the coupons that go with them" in first_screen("en")
    assert f"无法撤回的：{sent:,.0f} 条消息，以及随之发出的优惠券" in first_screen("zh")
    assert "Nor the fixed costs, 300,000 CNY." in first_screen("en")
    assert "固定成本 300,000 元 也收不回。" in first_screen("zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chance_of_every_goal_stands_before_the_figures(lang: Language) -> None:
    top = first_screen(lang)[: first_screen(lang).index("2026")]
    for goal in forecast().goals:
        between = ": " if lang == "en" else " 为 "
        assert f"{goal.text}{between}{percent(goal.probability)}" in top
