import re
from html import unescape

import pytest
from attrs import evolve
from tests.report import made
from tests.report.test_markup import Reader, read

from wakeup.diagnostics import WakeupError
from wakeup.figures.result import Figure
from wakeup.report import charts, html

PLAN_TEXT = "campaign beauty_autumn\n  send nudge <b>to</b> 高价值客户"
VOID = {"meta", "br"}


@pytest.fixture(scope="module")
def page() -> str:
    return html(made.result(), made.plan(), PLAN_TEXT).decode()


@pytest.fixture(scope="module")
def reader(page: str) -> Reader:
    return read(page)


@pytest.fixture(scope="module")
def prose(page: str) -> str:
    """The page as a person reads it: no tags, no line of a chart."""
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))).replace("\xa0", " ")


def test_the_page_asks_for_nothing_and_runs_nothing(page: str, reader: Reader) -> None:
    asking = {"script", "link", "iframe", "img", "image", "object", "embed", "base", "form"}
    assert asking.isdisjoint(tag for tag, _ in reader.tags)
    for tag, attributes in reader.tags:
        assert {"src", "srcset", "style", "action", "poster", "data", "ping"}.isdisjoint(attributes), tag
        assert not any(name.startswith("on") for name in attributes), tag
        assert all((value or "").startswith("#") for name, value in attributes.items() if name.endswith("href")), tag
    assert not re.search(r"https?:|//[a-z]|@import|url\(", page)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert policy in [attributes.get("content") for tag, attributes in reader.tags if tag == "meta"]


def test_names_cannot_break_the_page(page: str, prose: str) -> None:
    assert "<script" not in page.lower()
    assert prose.count(made.EVIL) >= 5, "shown as text: title, arm, goal, source"
    assert "send nudge <b>to</b> 高价值客户" in prose


def test_every_element_is_closed(page: str) -> None:
    open_tags: list[str] = []
    for end, tag, alone in re.findall(r"<(/?)([a-zA-Z][\w-]*)[^>]*?(/?)>", page):
        if end:
            assert open_tags.pop() == tag
        elif not alone and tag not in VOID:
            open_tags.append(tag)
    assert open_tags == []


def test_the_first_screen_says_it_in_sentences(prose: str) -> None:
    opening = prose.split("From targeted to converted")[0]
    for said in (
        "runs from 1 September 2026 to 30 November 2026 (Asia/Shanghai)",
        "targets 38,112 of 100,000 customers: last order at least 180 days ago and not tagged employee.",
        "Another 4,230 are left alone",
        "7,012 people wake up (5,960 to 8,064), 18.4 % of those targeted. Without the campaign it would be 2,912.",
        "5,900 orders (5,015 to 6,785); against leaving these people alone that is +2,310 (+1,964 to +2,656).",
        "earns 211,200 CNY against leaving these people alone (+91,200 to +311,200 CNY).",
        "costs 690,704 CNY (587,098 to 794,309 CNY), 57.6 % of the budget of 1,200,000 CNY.",
        "Goal wake_rate >= 12%: reached with probability 78 %.",
        "Expectation wake_rate >= 8% sure 90%: met. It holds with probability 97 %; 90 % is asked for.",
        "Expectation incremental_profit >= 0 CNY sure 80%: not met. It holds with probability 41 %; 80 % is asked for.",
        "Expectation woken >= 7_000 sure 50%: undecided",
        "Expectation touches_per_person <= 3 per 30d always: met. It holds with probability 100 %; always",
    ):
        assert said in opening


def test_a_loss_is_called_a_loss_and_doubt_is_said() -> None:
    figures = {**made.figures(), "incremental_profit": Figure(-5_000.0, -9_000.0, 2_000.0, "CNY", {})}
    said = html(evolve(made.result(), figures=figures), made.plan()).decode().replace("\xa0", " ")
    assert "loses <strong>5,000 CNY</strong>" in said
    assert "the interval holds zero" in said


@pytest.mark.parametrize(
    "said",
    [
        "Delivered58,00049,300 to 66,700",
        "2026-09-013,000 (2,400 to 3,600)120 (60 to 192)60",
        "promotion180,00035,0005,000200,00090.0 %",
        "(no line)4,204",
        "value: 普通会员+10.7 points+9.10 to +12.3 points",
        "kit_or_coupon: kit+10.7 points",
        "no consentThe person has not agreed to this channel12,300",
        "quietQuiet hours8,000",
        "Guard complaints cn.smsacts5 %",
        "promotes kit70 %",
        "rival_sale4,9084,130+1,617+105,600 CNY",
        "cn.sms24,49223,200",
        "cn.sms640,0001,8201,700",
        "cn.sms+310",
        "base+120,000−41,00022 %22 %",
        "rival_sale+80,000−77,00031 %50 %",
        "Do not launch it as it is: it fails 1 of its 4 expectations.",
        "in one run of ten it loses more than 41,000 CNY; it loses money at all in 22 % of runs",
        "What cannot be undone",
        "organic_level – log-odds of an order within 90 days",
        "sms0.02",
        "−1.21 to −0.73",
        "no source: run a pilot",
        "1 of 3 have no source",
        "seed 7",
        "b3f1b3f1",
        "99aa99aa",
    ],
)
def test_every_part_shows_its_data(prose: str, said: str) -> None:
    assert said.replace("120 60", "12060") in prose


def test_every_chart_stands_beside_a_table(page: str) -> None:
    for pair in page.split('<div class="pair">')[1:]:
        assert pair.index("<svg") < pair.index("<table")
    drawn = "funnel, money, sends, orders, budget, two uplifts, refused, held, scenarios, effects"
    assert page.count("<svg") == 11, drawn


def test_weak_assumptions_are_marked(page: str) -> None:
    assert '<span class="weak">no source: run a pilot</span>' in page
    assert page.count('class="weak"') == 1


def test_drawings_share_no_names(page: str) -> None:
    named = re.findall(r'\bid="([^"]+)"', page)
    assert len(named) == len(set(named))


def test_equal_results_give_equal_bytes_and_a_page_is_small(page: str) -> None:
    assert html(made.result(), made.plan(), PLAN_TEXT).decode() == page
    assert len(page.encode()) < 1_500_000


def test_the_page_names_no_path_and_no_time(prose: str) -> None:
    timed = made.result().timed(population_s=1.5, simulate_s=2.5, wall_s=4.0)
    assert html(timed, made.plan(), PLAN_TEXT) == html(made.result(), made.plan(), PLAN_TEXT)
    assert not re.search(r"(?<![\w/])/(?:home|tmp|root|work|Users)/", prose)


def test_nothing_is_shown_as_nothing_and_says_why() -> None:
    said = html(made.bare_result(), made.plan()).decode()
    assert "Nobody is targeted" in said
    assert "A single replication has no intervals" in said
    assert "– no interval from a single replication; a ratio: nothing to divide by." in said
    assert "None" not in said
    assert "nan" not in re.sub(r"<[^>]+>", " ", said).lower().split()
    for absent in ("Goals and expectations", "Day by day", "Cost against budget", "Uplift", "What was not sent"):
        assert f"<h2>{absent}" not in said


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> object:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(charts, "import_module", absent)
    with pytest.raises(WakeupError) as caught:
        html(made.result(), made.plan())
    (told,) = caught.value.diagnostics
    assert (told.code, told.help) == ("WK6009", "run: pip install 'wakeup[report]'")
    assert "altair" in told.message


@pytest.fixture(scope="module")
def labels(page: str) -> list[str]:
    """Every text drawn in a chart."""
    drawings = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    return [unescape(text) for drawing in drawings for text in re.findall(r">([^<>]+)</text>", drawing)]


def test_charts_have_words_and_numbers(labels: list[str]) -> None:
    for drawn in (
        "Targeted",
        "38,112",
        "3,000",
        "−50,000",
        "value: 普通会员",
        "no consent",
        "percentage points",
        "CNY",
        "100%",
        "Oct 01",
    ):
        assert drawn in labels


def test_no_label_of_an_axis_is_broken(labels: list[str]) -> None:
    assert {"NaN", "undefined", "null", "Infinity"}.isdisjoint(labels)


def test_a_ratio_of_the_woken_is_not_called_the_work_of_the_campaign(prose: str) -> None:
    assert "46.0" not in prose
