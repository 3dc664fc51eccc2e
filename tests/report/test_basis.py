"""What a forecast stands on, in words: the order, what chance alone would show, and what a pilot would tell."""

import io
import re

import numpy as np
import pytest
from attrs import evolve
from rich.console import Console
from tests.report import made

from wakeup.figures.estimates import influences
from wakeup.figures.result import Basis, Result
from wakeup.report.basis import certain_from, parameters_of, shortlist
from wakeup.report.pilots import pilot, rounded
from wakeup.report.sections import basis as section
from wakeup.report.speech import Speech
from wakeup.report.terminal import show
from wakeup.stats import wilson
from wakeup.terms.behaviour import parameters

ENGLISH = Speech("en")
SMS = "kind:sms"


def row(assumption: str, grade: str = "none", influence: float | None = None, *, clear: bool = False) -> Basis:
    """An assumption as the default behaviour has it."""
    own = parameters()[assumption.partition(" ")[0]]
    scope = assumption.partition(" ")[2]
    prior = next(each for each in own.priors if each.scope == scope)
    shift = 1.645 * prior.sd
    if own.link == "identity":
        low, high = prior.median - shift, prior.median + shift
    elif own.link == "log":
        low, high = prior.median * np.exp(-shift), prior.median * np.exp(shift)
    else:
        odds = prior.median / (1 - prior.median)
        low, high = (odds * np.exp(step) / (1 + odds * np.exp(step)) for step in (-shift, shift))
    return Basis(assumption, prior.source, grade, influence, prior.median, float(low), float(high), clear)


def told(*rows: Basis, replications: int = 20) -> Result:
    return evolve(made.result(), basis=rows, replications=replications)


def printed(result: Result, lang: str = "en", width: int = 80) -> str:
    out = io.StringIO()
    show(result, Console(file=out, width=width), "zh" if lang == "zh" else "en")
    return out.getvalue().replace("\N{NO-BREAK SPACE}", " ")


def made_up(replications: int, weights: dict[str, float], seed: int) -> Result:
    """A forecast of 60 assumptions whose profit follows some of them with known weights and is noise else."""
    rng = np.random.default_rng(seed)
    names = [f"reach channel:c{number}" for number in range(60)]
    drawn = rng.normal(size=(60, replications))
    profit = sum((weights.get(name, 0.0) * drawn[at] for at, name in enumerate(names)), rng.normal(size=replications))
    found = zip(names, *influences([np.exp(each) for each in drawn], profit), strict=True)
    return told(
        *(Basis(name, "a guess", "none", size, 0.5, 0.4, 0.6, clear) for name, size, clear in found),
        replications=replications,
    )


def test_twenty_replications_of_nothing_call_nothing_clear() -> None:
    clear = [any(each.clear for each in made_up(20, {}, seed).basis) for seed in range(60)]
    assert sum(clear) <= 8  # 3 to 4 expected
    result = made_up(20, {}, 1)
    assert max(each.influence or 0 for each in result.basis) > 0.45  # chance alone looks like much
    assert {each.influence for each in shortlist(result, ENGLISH)} == {"unclear"}
    assert len(shortlist(result, ENGLISH)) == 5


def test_what_matters_is_clear_and_comes_first_with_enough_replications() -> None:
    weights = {"reach channel:c7": 2.0, "reach channel:c40": 1.2, "reach channel:c3": 0.8}
    first = shortlist(made_up(300, weights, 5), ENGLISH)
    assert [each.scope for each in first[:3]] == ["c7", "c40", "c3"]
    assert all(each.clear for each in first[:3])
    assert not any(each.clear for each in first[3:])
    assert float(first[0].influence) == pytest.approx(2.0 / np.sqrt(1 + 4 + 1.44 + 0.64), abs=0.08)


def test_up_to_ten_clear_ones_are_listed() -> None:
    rows = [
        Basis(f"reach channel:c{n}", "a guess", "none", 0.9 - n / 100, 0.5, 0.4, 0.6, clear=True) for n in range(14)
    ]
    assert len(shortlist(told(*rows), ENGLISH)) == 10
    assert len(shortlist(told(*rows[:2]), ENGLISH)) == 2


def test_below_ten_replications_no_assumption_is_put_first() -> None:
    assert shortlist(told(row("lapse"), replications=5), ENGLISH) == []
    assert "most influential" not in printed(told(row("lapse"), replications=5))


def test_the_terminal_says_median_range_source_grade_and_what_a_pilot_tells() -> None:
    text = printed(told(row(f"clicked {SMS}", influence=0.8, clear=True), row("lapse", "observational", 0.3)))
    assert (
        "! clicked (sms): 4.00 %, 1.20 % to 12.5 %; influence 0.80 "
        "probability that who has seen the message clicks "
        "no source: 1 to 3 % of messages to dormant people, a guess below vendors' 8 % "
        "Pilot: count it among 130 people who have seen the message. "
        "lapse (everybody): 38.0 %, 27.2 % to 50.1 %; influence unclear "
        "probability that an order after waking is the last for a long time "
        "observational data: no further order within 180 days "
    ) in re.sub(r"\s+", " ", text)
    assert "1 of 2 assumptions have no source (!)" in text
    assert "20 replications tell an influence of up to 0.27 not apart from chance, 200" in re.sub(r"\s+", " ", text)


def test_all_of_it_is_told_in_chinese() -> None:
    text = printed(told(row(f"clicked {SMS}", influence=0.8, clear=True), row("lapse", "observational", 0.3)), "zh")
    part = text[text.index("预测的依据，影响最大的在前") :]
    assert "! 点击率（短信）：4.00" in part
    assert "看到消息的人点击的概率" in part
    assert "试点：在 130 位看到消息的人中统计。" in part
    assert not re.search("[a-zA-Z]{2,}", part)


def test_the_page_lists_all_in_the_same_order_with_the_same_pilot() -> None:
    result = told(row("lapse", "observational", 0.3), row(f"clicked {SMS}", influence=0.8, clear=True), row("bond"))
    assert [each.name for each in parameters_of(result, ENGLISH)] == ["clicked", "lapse", "bond"]
    found = section(result, made.plan(), ENGLISH)
    assert found is not None
    html = found.blocks[0].table
    assert "Pilot: count it among 130 people who have seen the message." in html
    assert f"up to {certain_from(result):.2f} it may be chance" in found.note
    assert html.index("clicked") < html.index("lapse") < html.index("bond")
    assert 'class="weak"' in html


def test_without_known_influence_the_page_says_nothing_about_it() -> None:
    found = section(told(row("lapse"), replications=5), made.plan(), ENGLISH)
    assert found is not None
    assert "1 of 1 have no source" in found.note
    assert "Influence" not in found.note


def test_a_counted_pilot_halves_the_range() -> None:
    wanted = row(f"clicked {SMS}")
    people = int(re.findall(r"among ([\d,]+) people", pilot(wanted, (wanted,), ENGLISH))[0].replace(",", ""))
    assert wanted.median is not None
    assert wanted.low is not None
    assert wanted.high is not None
    found = wilson(round(wanted.median * people), people)
    assert found is not None
    assert found[1] - found[0] == pytest.approx((wanted.high - wanted.low) / 2, rel=0.1)


def test_a_comparison_by_lot_halves_the_range() -> None:
    """10,000 made-up pilots of the size told: the lift of who reads is known half as widely as assumed."""
    rows = (row(f"advertising {SMS}"), row(f"delivered {SMS}"), row(f"seen {SMS}"))
    people = int(re.findall(r"send to ([\d,]+) people", pilot(rows[0], rows, ENGLISH))[0].replace(",", ""))
    odds = np.exp(-0.1 - 0.42 * np.log(120)) * (14 / 90) ** 0.95
    seen, without, reader = 0.95 * 0.5, odds / (1 + odds), 2 * odds / (1 + 2 * odds)
    rng = np.random.default_rng(3)
    alone = rng.binomial(people, without, 10_000) / people
    sent = rng.binomial(people, without + seen * (reader - without), 10_000) / people
    share = np.clip(alone + (sent - alone) / seen, 1e-6, None)
    lift = np.log(share / (1 - share)) - np.log(alone / (1 - alone))
    assert rows[0].low is not None
    assert rows[0].high is not None
    assert np.diff(np.quantile(lift, (0.05, 0.95)))[0] == pytest.approx(
        np.log(rows[0].high / rows[0].low) / 2, rel=0.15
    )


def test_the_median_of_a_delay_is_known_half_as_widely_after_the_pilot() -> None:
    rows = (row("open_delay kind:push"), row("open_delay_spread"))
    people = int(re.findall(r"when ([\d,]+) messages", pilot(rows[0], rows, ENGLISH))[0].replace(",", ""))
    medians = np.random.default_rng(4).normal(0, 1.8, (4_000, people)).mean(axis=1)
    assert np.diff(np.quantile(medians, (0.05, 0.95)))[0] == pytest.approx(0.75 * 3.29 / 2, rel=0.06)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", parameters())
def test_every_guess_says_what_would_tell_it(name: str, lang: str) -> None:
    speech = Speech("zh" if lang == "zh" else "en")
    for prior in parameters()[name].priors:
        found = row(f"{name} {prior.scope}".rstrip(), prior.grade)
        if prior.sd > 0.0:
            assert len(pilot(found, (found,), speech)) > 10
        else:
            assert pilot(found, (found,), speech) == ""


def test_a_band_of_a_tier_is_told_by_its_name_and_by_a_comparison() -> None:
    tier = Basis("tier_response tier:value=high", "ours", "none", 0.5, 1.3, 1.1, 1.6, clear=True)
    rows = (tier, row(f"delivered {SMS}"), row(f"seen {SMS}"))
    found = shortlist(told(*rows), ENGLISH)[0]
    assert (found.name, found.scope) == ("tier_response", "value: high")
    people = int(re.findall(r"send to ([\d,]+) people", found.pilot)[0].replace(",", ""))
    wider = Basis("tier_response tier:value=high", "ours", "none", 0.5, 1.3, 0.9, 1.9)
    fewer = re.findall(r"send to ([\d,]+) people", pilot(wider, (wider, *rows[1:]), ENGLISH))[0]
    assert 1_000 < int(fewer.replace(",", "")) < people


def test_nothing_is_made_up_about_a_parameter_of_ones_own() -> None:
    assert pilot(Basis("charm", "a guess", "none", 0.5, 1.0, 0.5, 2.0), (), ENGLISH) == ""


def test_a_pilot_too_large_is_said_to_be_none() -> None:
    narrow = evolve(row(f"complaint {SMS}"), low=0.000399, high=0.000401)
    assert pilot(narrow, (narrow,), ENGLISH).startswith("No pilot tells it")


def test_numbers_of_people_are_rounded_up_to_two_digits() -> None:
    assert [rounded(each) for each in (0.2, 7, 72, 101, 4_531.2, 10_001)] == [1, 7, 72, 110, 4_600, 11_000]
