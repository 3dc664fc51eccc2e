"""A portrait as a page and as JSON."""

import json

import pytest
from attrs import evolve
from tests.report.test_profile import portrait

from wakeup.customers.causes import RULES
from wakeup.report.profile_json import profile_json
from wakeup.report.profile_page import profile_html

LONDON = {"currency": "GBP", "minor_digits": 2, "zone": "Europe/London"}


@pytest.fixture(scope="module")
def page() -> str:
    return profile_html(portrait(), **LONDON).decode()


def test_the_page_has_pictures_heat_maps_and_no_request(page: str) -> None:
    assert page.count("<svg") == 3
    assert page.count('class="heat"') == 2
    assert "6 customers as of 2011-06-01: 5 have ordered, 1 never." in page
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
    assert "[bold]vip" in page


def test_the_fullest_cell_is_the_bluest(page: str) -> None:
    row = page[page.rindex("below 30</th>") :].split("</tr>")[0]
    one, two, none = row.split("<td")[1:]
    assert "0.60" in two
    assert "0.4" in one
    assert "background" not in none


def test_the_page_in_chinese() -> None:
    told = profile_html(portrait(), **LONDON, lang="zh").decode()
    assert 'lang="zh-CN"' in told
    assert "最近一次下单 × 下单频次" in told
    for rule in RULES:
        assert rule.told.told("zh") in told
    assert "Days since" not in told


def test_rules_of_a_campaign_take_the_place_of_ours(page: str) -> None:
    assert "Why they may sleep" in page
    assert "Why they may sleep" not in profile_html(portrait(), **LONDON, causes=False).decode()


def test_nobody_has_a_page() -> None:
    nobody = evolve(portrait(), customers=0, never_ordered=0, reach=(), tags=(), fields=())
    assert b"0 customers" in profile_html(nobody, **LONDON)


def test_json_has_money_in_major_units() -> None:
    tree = json.loads(profile_json(portrait(), currency="GBP", minor_digits=2))
    assert (tree["customers"], tree["never_ordered"], tree["as_of"]) == (6, 1, "2011-05-31T23:00:00+00:00")
    assert tree["value"]["bands"][1] == {"low": 200.0, "high": 500.0, "customers": 3}
    assert tree["value"]["quantiles"]["0.5"] == 300.0
    assert sum(each["customers"] for each in tree["rfm"]) == 5
    assert {(each["recency"], each["frequency"]) for each in tree["rfm"]} == {
        (r, f) for r in range(1, 6) for f in range(1, 6)
    }
    assert sum(each["customers"] for each in tree["causes"]) == 2
    assert tree["channels"] == [{"channel": "sms", "yes": 3, "no": 1, "blank": 2}]
    assert tree["reachable"] == 3
    assert json.loads(profile_json(portrait(), currency="GBP", minor_digits=2, causes=False))["causes"] == []


@pytest.mark.parametrize("digits", [0, 3])
def test_other_currencies_have_other_digits(digits: int) -> None:
    tree = json.loads(profile_json(portrait(), currency="JPY", minor_digits=digits))
    assert tree["value"]["quantiles"]["0.5"] == 30_000 / 10**digits
